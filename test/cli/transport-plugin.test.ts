/** The example of a plug-in, installed from its folder, delivers: by `deliver`, and inside `serve`. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {background} from './background.js'
import {world} from './leat.js'

const EXAMPLE = fileURLToPath(new URL('../../examples/transport-file', import.meta.url))

test('a transport of a plug-in delivers by deliver, and inside serve', async () => {
  const {leat, env, dir} = world()
  await leat`transport add ${EXAMPLE} -q`
  await leat`channel create ops`
  const file = join(dir, 'ops.jsonl')
  const subscribed = await leat`subscribe ops --transport file --endpoint ${`file:${file}`} --allow-private`
  expect([subscribed.code, subscribed.stderr]).toEqual([0, ''])
  await leat`send ops -J -m ${'{"n":12345678901234567890}'}`
  const delivered = await leat`deliver --once`
  expect([delivered.code, delivered.stderr]).toEqual([0, 'ops/1 to alice: delivered by file\n'])
  expect(readFileSync(file, 'utf8')).toBe((await leat`log ops --json`).stdout)

  const server = background(env)`serve --port 0`
  await server.says(/ready http/)
  expect((await leat`send ops two --wait-delivery 20s`).stderr).toBe('ops: 1 delivered, 0 failed, 0 pending\n')
  expect(readFileSync(file, 'utf8')).toBe((await leat`log ops --json`).stdout)
  server.kill('SIGTERM')
  expect((await server.ended).code).toBe(0)
})
