/** Followers of a store that isn't there, and of one that is replaced under them. */
import {spawn} from 'node:child_process'
import {renameSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {openBus} from '../../src/index.js'
import {BIN, world} from '../cli/leat.js'

test('a follower started before its store is there says so', async () => {
  const {leat, store} = world({defaultStore: false})
  const {code, stdout, stderr} = await leat`follow ops`
  expect(code).toBe(3)
  expect(stdout).toBe('')
  expect(stderr).toContain(`no store at ${store}`)
})

test('a follower whose store is replaced by another file says so and ends', async () => {
  const {dir, env, store} = world({defaultStore: false})
  const make = async (path: string): Promise<void> => {
    const bus = await openBus({store: path, as: 'alice', create: true})
    await bus.createChannel('ops')
    await bus.send('ops', {body: 'the first'})
    await bus.close()
  }
  await make(store)
  const other = join(dir, 'other.db')
  await make(other)
  const child = spawn(process.execPath, [BIN, 'follow', 'ops', '--from', 'start', '--raw'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const code = await new Promise((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      // It follows now: the other file takes the place of its store, as a restore would do it.
      if (output === 'the first\n') renameSync(other, store)
    })
    child.once('close', resolve)
  })
  expect(output).toBe('the first\n')
  expect(errors).toMatch(/^leat: .*replaced/m)
  expect(errors).toContain(store)
  expect(code).toBe(9)
})
