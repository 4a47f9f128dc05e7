/** leat serve --socket, as a process. */
import {existsSync, lstatSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {say} from '../server/unix.js'
import {background} from './background.js'
import {world} from './leat.js'

test('it says where it listens, is for its owner alone, and leaves nothing behind', async () => {
  const {leat, env, dir} = world()
  await leat`channel create ops`
  const path = join(dir, 'leat.sock')
  const server = background(env)`serve --port 0 --socket ${path} --json`
  await server.says(/"ready":true/)
  expect(JSON.parse(server.stdout)).toEqual({ready: true, http: expect.stringMatching(/^http:/), socket: path})
  expect(lstatSync(path).mode & 0o777).toBe(0o600)
  expect(await say(path, {v: 'b', c: 'ops', t: 'note', p: 'hi'})).toBe('ack')
  expect((await leat`log ops --json`).json()).toMatchObject({sender: 'alice', type: 'note', content: 'hi'})
  // Somebody listens there: the second one opens no door at all.
  const second = await leat`serve --port 0 --socket ${path} --json`
  expect(second.code).toBe(6)
  expect(second.stdout).toBe('')
  expect(second.error()).toMatchObject({code: 'CONFLICT', message: `another program listens at "${path}"`})
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({code: 0})
  expect(existsSync(path)).toBe(false)
})

test('what a killed server left is cleared away; a path that is too long is wrong usage', async () => {
  const {leat, env, dir} = world()
  await leat`channel create ops`
  const path = join(dir, 'leat.sock')
  const killed = background(env)`serve --port 0 --socket ${path}`
  await killed.says(/ready http\S+ \S+\n/)
  killed.kill('SIGKILL')
  await killed.ended
  expect(lstatSync(path).isSocket()).toBe(true)
  const next = background(env)`serve --port 0 --socket ${path}`
  await next.says(/ready/)
  expect(await say(path, {v: 'whoami'})).toContain('"actor":"alice"')
  const long = await leat`serve --port 0 --socket ${join(dir, 'x'.repeat(120))}`
  expect(long.code).toBe(2)
  expect(long.stderr).toMatch(/107 bytes/)
})
