import {expect, test} from 'vitest'
import {background} from './background.js'
import {filled} from './filled.js'
import {hasTerminal, terminal} from './terminal.js'

test('send --in, --at and --expires; scheduled list and cancel', async () => {
  const {leat, bus} = await filled(0)
  const alice = await bus()
  const before = Date.now()
  const [tea, certs, bulk, soon] = await Promise.all([
    leat`send ops --in 10m -m tea --json`,
    leat`send ops --at ${'2037-12-01 08:30'} -m certificates --type todo`,
    leat({
      stdin: '{"content":"a"}\n{"content":"b","deliverAt":"2038-01-01T00:00:00Z"}\n',
    })`send ops --jsonl --at 2037-12-02`,
    leat`send ops --expires 1h -m demo --json`,
  ])
  const {id, sent} = tea.json()
  expect(sent).toEqual([{channel: 'ops', deliverAt: expect.any(String)}])
  expect(Date.parse(sent[0].deliverAt)).toBeGreaterThanOrEqual(before + 600_000)
  expect(certs.stdout).toMatch(/^[0-9a-f-]{36}\n$/)
  expect(bulk).toMatchObject({code: 0, stdout: '2\n'})
  expect(soon.json().sent).toEqual([{channel: 'ops', seq: 1}])
  const stored = (await alice.show('ops/1')).message
  expect(stored.content).toBe('demo')
  expect(Date.parse(stored.expiresAt ?? '')).toBeGreaterThanOrEqual(before + 3_600_000)

  const [list, json] = await Promise.all([leat`scheduled list`, leat`scheduled list ops --json`])
  expect(list.lines().map((line) => line.split('\t').slice(1))).toEqual([
    ['ops', sent[0].deliverAt, 'alice', 'message', 'tea'],
    ['ops', '2037-12-01T08:30:00.000Z', 'alice', 'todo', 'certificates'],
    ['ops', '2037-12-02T00:00:00.000Z', 'alice', 'message', 'a'],
    ['ops', '2038-01-01T00:00:00.000Z', 'alice', 'message', 'b'],
  ])
  expect(json.jsonLines()[0]).toEqual({
    ...{id, channel: 'ops', sender: 'alice', type: 'message', content: 'tea', contentType: 'text/plain', thread: id},
    ...{sentAt: expect.any(String), deliverAt: sent[0].deliverAt},
  })
  const cancelled = await leat`scheduled cancel ${id} ${certs.stdout.trim().slice(-8)} --json`
  expect(cancelled.jsonLines().map(({content}) => content)).toEqual(['tea', 'certificates'])
  const [gone, stays] = await Promise.all([leat`scheduled cancel ${id}`, leat`scheduled cancel ops/1`])
  expect([gone.code, stays.code]).toEqual([3, 6])
  expect((await alice.scheduled()).length).toBe(2)
})

test('a time that is over, or two times, are refused', async () => {
  const {leat, bus} = await filled(1)
  const refused = await Promise.all([
    leat`send ops x --at 2020-01-01`,
    leat`send ops x --expires yesterday`,
    leat`send ops x --in 10`,
    leat`send ops x --in 1m --at 2037-12-01`,
    leat`send ops x --in 2h --expires 1h`,
    leat`reply ops/1 x --expires 2020-01-01`,
  ])
  expect(refused.map(({code, stdout}) => [code, stdout])).toEqual(refused.map(() => [2, '']))
  expect(refused[0]?.stderr).toMatch(/"2020-01-01" is over/)
  expect((await (await bus()).channel('ops')).lastSeq).toBe(1)
})

test('who waits is woken by what falls due, with nobody touching the store', async () => {
  const {env, bus} = await filled(0)
  const [alice, bob] = [await bus(), await bus('bob')]
  await bob.subscribe('ops')
  const waiting = [
    background(env, {as: 'carol'})`read ops --wait 60s --raw`,
    background(env, {as: 'bob'})`inbox --wait 60s --raw`,
    background(env, {as: 'dave'})`follow ops --count 1 --from start --raw`,
  ]
  await waiting[2]?.says(/following/)
  await alice.send('ops', {body: 'due', deliverAt: Date.now() + 1500})
  for (const {ended} of waiting) expect(await ended).toMatchObject({code: 0, stdout: expect.stringContaining('due')})
})

test.skipIf(!hasTerminal)('at a terminal', async () => {
  const {env} = await filled(0)
  const at = terminal(env)
  expect((await at`send ops -m tea --in 1h`).text).toMatch(/^to be delivered: ops in (59m|1h) {2}[0-9a-f-]{36}\n$/)
  expect((await at`scheduled list`).text).toMatch(
    /^ID +CHANNEL +DUE +SENDER +CONTENT\n[0-9a-f]{8} +ops +in (?:1h|59m) +alice +tea\n$/,
  )
  expect((await at`channel drain ops`).text).toBe('ops is draining until what is left is done: 1 delayed\n')
  const {text} = await at`scheduled list --json`
  expect((await at`scheduled cancel ${JSON.parse(text).id}`).text).toMatch(/^cancelled: ops {2}[0-9a-f-]{36}\n$/)
  expect((await at`scheduled list`).text).toBe('nothing is scheduled\n')
})
