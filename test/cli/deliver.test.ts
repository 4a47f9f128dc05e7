import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {background, until} from './background.js'
import {world} from './leat.js'
import {receiver} from './receiver.js'

const subscribed = async (endpoint: string) => {
  const made = world()
  await made.leat`channel create ops`
  await made.leat`subscribe ops --subscriber pager --transport http --endpoint ${endpoint} --allow-private`
  return made
}

test('deliver --once pushes what is there, in order, and ends', async () => {
  const {url, received} = await receiver()
  const {leat} = await subscribed(url)
  for (const body of ['one', 'two']) await leat`send ops ${body}`
  const {code, stdout, stderr} = await leat`deliver --once`
  expect([code, stdout]).toEqual([0, ''])
  expect(stderr.split('\n').slice(0, 2)).toEqual([
    'ops/1 to pager: delivered by http',
    'ops/2 to pager: delivered by http',
  ])
  expect(received.map(({body}) => JSON.parse(body).content ?? JSON.parse(body).data?.content)).toHaveLength(2)
  expect((await leat`deliver --once --json`).stdout).toBe('')
  expect((await leat({as: 'pager'})`delivery list ops`).lines().map((line) => line.split('\t').slice(1, 5))).toEqual([
    ['ops/1', 'pager', 'delivered', '1'],
    ['ops/2', 'pager', 'delivered', '1'],
  ])
})

test('an attempt that failed is told, in JSON an object each, and exits 7', async () => {
  const {url} = await receiver(() => [503, {'retry-after': '3600'}])
  const {leat} = await subscribed(url)
  const {id} = (await leat`send ops x --json`).json()
  const {code, jsonLines, error} = await leat`deliver --once --json`
  expect(code).toBe(7)
  expect(jsonLines()).toEqual([
    {
      channel: 'ops',
      seq: 1,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      messageId: id,
      subscriber: 'pager',
      attempt: 1,
      outcome: 'retry',
      transport: 'http',
      status: 503,
      error: expect.stringMatching(/503/),
      nextAt: expect.any(String),
    },
  ])
  expect(error()).toMatchObject({code: 'PARTIAL', message: '1 attempt failed'})
  const wait = Date.parse(jsonLines()[0].nextAt) - Date.now()
  expect(wait).toBeGreaterThan(3_500_000)
})

test('deliver goes on until SIGTERM, and delivers what comes', async () => {
  const {url, received} = await receiver()
  const {leat, env} = await subscribed(url)
  const deliverer = background(env)`deliver --json`
  await leat`send ops one`
  await until(() => expect(received).toHaveLength(1))
  await leat`send ops two`
  await until(() => expect(received).toHaveLength(2))
  await until(() => expect(deliverer.stdout.split('\n')).toHaveLength(3))
  deliverer.kill('SIGTERM')
  expect(await deliverer.ended).toMatchObject({code: 0, signal: null})
  expect(
    deliverer.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).outcome),
  ).toEqual(['delivered', 'delivered'])
})

test('by a command, which gets the message and runs as the subscriber', async () => {
  const {leat, dir} = world()
  await leat`channel create ops`
  const command = 'cat >> out.txt; echo " $LEAT_MSG_REF $LEAT_AS" >> out.txt'
  await leat`subscribe ops --subscriber pager --transport exec --endpoint ${command}`
  await leat`send ops hello`
  expect((await leat`deliver --once`).code).toBe(0)
  expect(readFileSync(join(dir, 'out.txt'), 'utf8')).toBe('hello ops/1 pager\n')
})

test('what no transport can deliver here waits, and that is told', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat`subscribe ops --subscriber page --transport websocket`
  await leat`send ops x`
  const {code, stderr} = await leat`deliver --once`
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^ops to page: messages wait: websocket is not available/)])
  const pending = await leat`send ops y --wait-delivery 0s --json`
  expect([pending.code, pending.json().deliveries]).toEqual([
    4,
    [{channel: 'ops', delivered: 0, failed: 0, pending: 1, errors: []}],
  ])
})

test('only of one channel, which has to be there', async () => {
  const {url, received} = await receiver()
  const {leat} = await subscribed(url)
  await leat`channel create dev`
  await leat`send ops x`
  expect((await leat`deliver --once --channel dev`).code).toBe(0)
  expect(received).toEqual([])
  const none = await leat`deliver --once --channel none`
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('no channel "none"')])
})

test('who answers 410 is paused, and resumed it is delivered to again', async () => {
  const {url, received} = await receiver((_, count) => (count === 1 ? 410 : 204))
  const {leat} = await subscribed(url)
  await leat`send ops x`
  expect((await leat`deliver --once`).code).toBe(7)
  expect((await leat`subscription list --json`).json()).toMatchObject({subscriber: 'pager', paused: true})
  expect((await leat`why ops/1 pager`).stdout).toMatch(/paused .*leat subscription resume ops --subscriber pager/)
  await leat`subscription resume ops --subscriber pager`
  expect((await leat`deliver --once`).code).toBe(0)
  const ids = received.map(({headers}) => headers['webhook-id'])
  expect([ids.length, new Set(ids).size]).toEqual([2, 1])
})

test('send --wait-delivery says how it got on', async () => {
  const {url} = await receiver(({path}) => (path === '/bad' ? 404 : 204))
  const {leat, env} = await subscribed(url)
  const deliverer = background(env)`deliver`
  const good = await leat`send ops one --wait-delivery 20s`
  expect([good.code, good.lines().length, good.stderr]).toEqual([0, 1, 'ops: 1 delivered, 0 failed, 0 pending\n'])
  await leat`subscribe ops --subscriber mail --transport http --endpoint ${`${url}/bad`} --allow-private`
  const bad = await leat`send ops two --wait-delivery 20s --json`
  expect(bad.code).toBe(7)
  expect(bad.json()).toMatchObject({
    sent: [{channel: 'ops', seq: 2}],
    deliveries: [
      {channel: 'ops', delivered: 1, failed: 1, pending: 0, errors: [expect.stringMatching(/^mail: .*404/)]},
    ],
  })
  expect(bad.error()).toMatchObject({code: 'PARTIAL', hint: 'leat delivery list --state failed'})
  deliverer.kill('SIGTERM')
  await deliverer.ended
  const pending = await leat`send ops three --wait-delivery 0s`
  expect([pending.code, pending.stderr]).toEqual([4, expect.stringContaining('ops: 0 delivered, 0 failed, 2 pending')])
  const many = await leat({stdin: 'a\n'})`send ops --lines --wait-delivery 1s`
  expect(many.code).toBe(2)
  const nobody = (await leat`channel create dev`) && (await leat`send dev x --wait-delivery 20s`)
  expect([nobody.code, nobody.stderr]).toEqual([0, 'dev: there is nobody to push it to\n'])
})
