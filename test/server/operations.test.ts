/** The operations over HTTP: each subject once through, on a real store and a real port. */
import {expect, test} from 'vitest'
import {type Call, house} from './house.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
type Any = any

/** Calls that must succeed; their JSON. */
const succeeding =
  (call: Call) =>
  async (method: string, path: string, json?: unknown, as?: string): Promise<Any> => {
    const answer = await call(method, path, {json, as})
    expect([method, path, answer.status, answer.text]).toEqual([
      method,
      path,
      expect.toSatisfy((status: number) => status < 300),
      answer.text,
    ])
    return answer.json
  }

test('a channel through its life', async () => {
  const {call} = await house()
  const ok = succeeding(call)
  const made = await call('POST', '/v1/channels', {
    json: {channel: 'ops', title: 'Operations', retention: {maxMessages: 9}},
  })
  expect(made.status).toBe(201)
  expect(made.json).toMatchObject({name: 'ops', title: 'Operations', state: 'open', createdBy: 'alice'})
  expect(await ok('PATCH', '/v1/channels/ops', {title: null, members: {add: ['bob']}})).not.toHaveProperty('title')
  expect(await ok('GET', '/v1/channels/ops')).toMatchObject({members: ['bob'], retention: {maxMessages: 9}})
  expect(await ok('PUT', '/v1/channels/ops/state', {state: 'closed', notifyEnd: true})).toMatchObject({state: 'closed'})
  expect((await call('POST', '/v1/channels/ops/messages', {json: {content: 'x'}})).status).toBe(409)
  await ok('PUT', '/v1/channels/ops/state', {state: 'open'})
  for (const content of ['a', 'b', 'c']) await ok('POST', '/v1/channels/ops/messages', {content})
  expect(await ok('POST', '/v1/channels/ops/prune', {keep: 2})).toMatchObject({channel: 'ops', deleted: 2, kept: 2})
  expect(await ok('POST', '/v1/channels/ops/rename', {to: 'dev'})).toMatchObject({name: 'dev'})
  const {channels} = await ok('GET', '/v1/channels?pattern=d*')
  expect(channels).toMatchObject([{name: 'dev', messages: 2, last: {content: 'c'}}])
  expect(await ok('DELETE', '/v1/channels/dev')).toEqual({channel: 'dev', deleted: 2})
  expect((await call('GET', '/v1/channels/dev')).status).toBe(404)
})

test('a page goes on where the one before ended, in both directions', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('ops')
  for (let n = 1; n <= 5; n++) await as('alice').send('ops', {body: `m${n}`, type: n % 2 ? 'odd' : 'even'})
  const contents = (page: Any) => page.messages.map(({content}: {content: string}) => content)
  const first = await ok('GET', '/v1/channels/ops/messages?limit=2')
  expect([contents(first), first.next, first.end]).toEqual([['m1', 'm2'], 2, false])
  const second = await ok('GET', '/v1/channels/ops/messages?limit=3&after=2')
  expect([contents(second), second.next, second.end]).toEqual([['m3', 'm4', 'm5'], 5, true])
  expect(await ok('GET', '/v1/channels/ops/messages?after=5')).toEqual({messages: [], next: 5, end: true})
  const newest = await ok('GET', '/v1/channels/ops/messages?order=desc&limit=2')
  expect([contents(newest), newest.next, newest.end]).toEqual([['m5', 'm4'], 4, false])
  const older = await ok('GET', '/v1/channels/ops/messages?order=desc&before=4')
  expect(older).toMatchObject({end: true})
  expect(contents(older)).toEqual(['m3', 'm2', 'm1'])
  expect(older).not.toHaveProperty('next')
  expect(contents(await ok('GET', '/v1/channels/ops/messages?type=odd&type=other'))).toEqual(['m1', 'm3', 'm5'])
  expect(contents(await ok('GET', '/v1/channels/ops/messages?type=odd&limit=1&after=ops/1'))).toEqual(['m3'])
  expect((await call('GET', '/v1/channels/ops/messages?limit=1001')).status).toBe(400)
  expect((await call('GET', '/v1/channels/ops/messages?limit=ten')).status).toBe(400)
})

test('a message: sent to several channels, shown, answered, threaded, explained, redacted', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  for (const name of ['ops', 'audit']) await as('alice').createChannel(name)
  const {id, sent} = await ok('POST', '/v1/channels/ops/messages', {
    content: 'hi',
    channels: ['audit'],
    headers: {a: 'b'},
  })
  expect(sent).toEqual([
    {channel: 'ops', seq: 1},
    {channel: 'audit', seq: 1},
  ])
  expect((await call('POST', `/v1/messages/${id}/reply`, {json: {content: 'x'}})).json.error.code).toBe('USAGE')
  const reply = await ok('POST', '/v1/messages/ops%2F1/reply', {content: 'ho'}, 'bob')
  expect(reply).toMatchObject({thread: id, sent: [{channel: 'ops', seq: 2}]})
  const shown = await ok('GET', `/v1/messages/${id.slice(-8)}`)
  expect(shown).toMatchObject({id, content: 'hi', places: sent, replies: [{id: reply.id, sender: 'bob'}]})
  const {messages} = await ok('GET', '/v1/messages/ops%2F2/thread')
  expect(messages).toMatchObject([
    {id, depth: 0},
    {id: reply.id, depth: 1, asked: true},
  ])
  expect((await ok('GET', '/v1/messages/ops%2F2/thread?ancestors=true')).messages).toHaveLength(2)
  expect(await ok('GET', '/v1/messages/ops%2F1/why?who=bob')).toMatchObject({who: 'bob', state: 'unsubscribed'})
  expect(await ok('POST', `/v1/messages/${id}/redact`)).toMatchObject({id, places: sent, redactedBy: 'alice'})
  expect(await ok('GET', `/v1/messages/${id}`)).not.toHaveProperty('content')
})

test('a body of another kind is the content, byte for byte, its fields behind the ?', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('ops')
  const post = (query: string, body: string | Uint8Array, type?: string) =>
    call('POST', `/v1/channels/ops/messages${query}`, {body, headers: type === undefined ? {} : {'content-type': type}})
  expect((await post('?type=alert&key=k1&recipient=bob', '  {"a": 1}\r\n', 'text/plain; charset=utf-8')).status).toBe(
    201,
  )
  const bytes = Uint8Array.from({length: 256}, (_, byte) => byte)
  expect((await post('', bytes, 'image/png')).status).toBe(201)
  expect((await post('', '{"a": 1.0}', 'application/vnd.x+json')).status).toBe(201)
  const {messages} = (await call('GET', '/v1/channels/ops/messages')).json
  expect(messages).toMatchObject([
    {content: '  {"a": 1}\r\n', contentType: 'text/plain; charset=utf-8', type: 'alert', key: 'k1', recipient: 'bob'},
    {contentBase64: Buffer.from(bytes).toString('base64'), contentType: 'image/png'},
    {content: {a: 1}, contentType: 'application/vnd.x+json'},
  ])
  expect((await post('?colour=red', 'x', 'text/plain')).json.error.message).toContain('"colour"')
  expect((await post('?expiresAt=soon', 'x', 'text/plain')).json.error.code).toBe('INVALID')
  const form = await post('', '{"content":"hi"}', 'application/x-www-form-urlencoded')
  expect([form.status, form.json.error.hint]).toEqual([400, expect.stringContaining('application/json')])
  const other = await call('POST', '/v1/channels', {body: 'x', headers: {'content-type': 'text/plain'}})
  expect([other.status, other.json.error.code]).toEqual([415, 'INVALID'])
})

test('a reader takes, commits a part, gives the rest back, and is moved', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('ops')
  for (let n = 1; n <= 4; n++) await as('alice').send('ops', {body: `m${n}`})
  const at = '/v1/channels/ops/consumers/reader/bob'
  const taken = await ok('POST', `${at}/take`, {limit: 3}, 'bob')
  expect(taken).toMatchObject({messages: [{seq: 1}, {seq: 2}, {seq: 3}], upTo: 3, end: false, created: true, pruned: 0})
  expect((await call('POST', `${at}/take`, {json: {holdWait: 1}, as: 'bob'})).status).toBe(503)
  const {hold} = taken
  await ok('POST', `${at}/commit`, {hold, seq: 2}, 'bob')
  expect(await ok('POST', `${at}/extend`, {hold}, 'bob')).toMatchObject({hold})
  await ok('POST', `${at}/release`, {hold}, 'bob')
  expect(await ok('GET', at, undefined, 'bob')).toMatchObject({kind: 'reader', name: 'bob', cursor: 2, unread: 2})
  const stale = await call('POST', `${at}/commit`, {json: {hold, seq: 3}, as: 'bob'})
  expect([stale.status, stale.json.error.code]).toEqual([409, 'STALE_CLAIM'])
  expect((await ok('POST', `${at}/take`, {}, 'bob')).messages).toMatchObject([{seq: 3}, {seq: 4}])
  const move = await ok('POST', '/v1/channels/ops/consumers/reader/zoe/seek', {position: '3'}, 'zoe')
  expect(move).toMatchObject({reader: 'zoe', to: 3, skipped: 3})
  await ok('POST', '/v1/channels/ops/consumers/reader/zoe/commit', {seq: 4}, 'zoe')
  expect((await ok('POST', '/v1/channels/ops/consumers/reader/zoe/take', {}, 'zoe')).messages).toEqual([])
  expect((await ok('GET', '/v1/cursors?channel=ops')).cursors).toHaveLength(2)
})

test('a take waits for the first message', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('ops')
  const waiting = call('POST', '/v1/channels/ops/consumers/reader/bob/take', {json: {wait: 30_000}, as: 'bob'})
  await as('alice').send('ops', {body: 'at last'})
  expect((await waiting).json.messages).toMatchObject([{content: 'at last'}])
  const late = await call('POST', '/v1/channels/ops/consumers/reader/zoe/take', {json: {wait: 1, limit: 5}, as: 'zoe'})
  expect(late.status).toBe(200)
  await as('alice').createChannel('quiet')
  const nothing = await call('POST', '/v1/channels/quiet/consumers/reader/zoe/take', {json: {wait: 1}, as: 'zoe'})
  expect([nothing.status, nothing.json.error.code]).toEqual([504, 'TIMEOUT'])
})

test('a group claims, extends, gives back and finishes, each claim where it belongs', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('jobs')
  for (const body of ['one', 'two', 'three']) await as('alice').send('jobs', {body})
  const at = '/v1/channels/jobs/consumers/workers/crew'
  const {messages} = await ok('POST', `${at}/take`, {limit: 3, lease: 60_000})
  expect(messages).toMatchObject([{content: 'one', claim: {group: 'crew', attempt: 1}}, {}, {}])
  const [one, two, three] = messages.map(({claim}: {claim: {token: string}}) => claim.token)
  expect(await ok('POST', `${at}/ack`, {claim: one})).toMatchObject({
    channel: 'jobs',
    group: 'crew',
    seq: 1,
    attempt: 1,
  })
  expect(await ok('POST', `${at}/extend`, {claim: two, lease: 90_000})).toMatchObject({until: expect.any(String)})
  expect(await ok('POST', `${at}/nack`, {claim: 'jobs/2', dead: true, reason: 'no disk'})).toMatchObject({
    state: 'dead',
  })
  expect((await ok('GET', at)).inFlight).toMatchObject([{seq: 3, state: 'claimed', by: 'alice'}])
  const elsewhere = await call('POST', '/v1/channels/jobs/consumers/workers/other/ack', {json: {claim: three}})
  expect([elsewhere.status, elsewhere.json.error.code]).toEqual([404, 'NOT_FOUND'])
  await ok('POST', `${at}/ack`, {claim: three})
  expect((await call('POST', `${at}/ack`, {json: {claim: three}})).status).toBe(409)
  const dead = await ok('GET', '/v1/dead?channel=jobs')
  expect(dead).toMatchObject({deadLetters: [{group: 'crew', reason: 'no disk', message: {content: 'two'}}], end: true})
  expect(await ok('GET', '/v1/dead?channel=jobs&subscriber=pager')).toEqual({deadLetters: [], end: true})
  expect((await ok('POST', '/v1/dead/redrive', {channel: 'jobs'})).redriven).toMatchObject([{channel: 'jobs', seq: 2}])
  expect(await ok('DELETE', '/v1/dead?channel=jobs')).toEqual({purged: 0})
  const mistaken = await call('DELETE', '/v1/dead')
  expect([mistaken.status, mistaken.json.error.code]).toEqual([400, 'USAGE'])
  expect(await ok('DELETE', '/v1/dead?all=true')).toEqual({purged: 0})
})

test('a request is answered, times out, or fails, each with its status', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('calc')
  const asked = call('POST', '/v1/request/calc', {json: {content: '7 * 6', timeout: 30_000}})
  await expect.poll(async () => (await call('GET', '/v1/channels/calc/messages')).json.messages.length).toBe(1)
  await as('carol').reply('calc/1', {body: '42'})
  expect(await asked).toMatchObject({status: 200, json: {content: '42', sender: 'carol'}})
  const failing = call('POST', '/v1/request/calc', {json: {content: '7 /', timeout: 30_000}})
  await expect.poll(async () => (await call('GET', '/v1/channels/calc/messages')).json.messages.length).toBe(2)
  await as('carol').reply('calc/2', {body: 'division'}, {error: true})
  expect(await failing).toMatchObject({status: 502, json: {error: {code: 'REMOTE'}}})
  const nobody = await call('POST', '/v1/request/calc', {json: {content: '?', timeout: 200}})
  expect([nobody.status, nobody.json.error.code]).toEqual([504, 'TIMEOUT'])
  expect((await call('GET', '/v1/messages/calc%2F1/answer')).json).toMatchObject({content: '42'})
})

test('what is delayed can be seen and taken back', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('ops')
  const deliverAt = '2037-12-01T08:30:00.000Z'
  const {id, sent} = await ok('POST', '/v1/channels/ops/messages', {content: {n: 1}, deliverAt})
  expect(sent).toEqual([{channel: 'ops', deliverAt}])
  const {scheduled} = await ok('GET', '/v1/scheduled')
  expect(scheduled).toMatchObject([{id, content: {n: 1}, deliverAt}])
  expect(scheduled[0]).not.toHaveProperty('seq')
  expect((await ok('DELETE', `/v1/scheduled/${id}`)).cancelled).toMatchObject([{id}])
  expect(await ok('GET', '/v1/scheduled')).toEqual({scheduled: []})
})

test('subscriptions, the inbox and conversations', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('ops')
  const at = '/v1/channels/ops/subscriptions/bob'
  expect(await ok('PUT', at, {types: ['alert'], kind: 'bot'}, 'bob')).toMatchObject({created: true, types: ['alert']})
  expect(await ok('PUT', at, {types: null}, 'bob')).toMatchObject({created: false, kind: 'bot'})
  await ok('POST', '/v1/channels/ops/messages', {content: 'hi', conversation: 'launch'})
  expect(await ok('GET', '/v1/inbox', undefined, 'bob')).toMatchObject({channels: [{channel: 'ops', unread: 1}]})
  expect((await ok('GET', '/v1/channels/ops/subscriptions')).subscriptions).toMatchObject([{subscriber: 'bob'}])
  expect((await ok('GET', '/v1/subscriptions?subscriber=bob')).subscriptions).toHaveLength(1)
  expect(await ok('DELETE', `${at}?forget=true`, undefined, 'bob')).toMatchObject({forgotten: true})
  expect((await call('DELETE', at, {as: 'bob'})).status).toBe(404)
  expect((await call('PUT', at, {json: {}, as: 'zoe'})).status).toBe(403)
  await ok('POST', '/v1/conversations', {conversation: 'launch', title: 'Launch week'})
  expect(await ok('GET', '/v1/conversations/launch')).toMatchObject({title: 'Launch week', messages: 1})
  expect((await ok('GET', '/v1/conversations/launch/messages')).messages).toMatchObject([{content: 'hi'}])
  expect((await ok('GET', '/v1/conversations')).conversations).toHaveLength(1)
})

test('search finds words, the newest first, and only what the actor may read', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('alice').createChannel('ops')
  await as('alice').createChannel('board', {restricted: true})
  for (const body of ['50% of disk', '50 of disk', 'disk is 50% full']) await as('alice').send('ops', {body})
  await as('alice').send('board', {body: 'a secret 50%'})
  const found = async (query: string, who: string) =>
    (await ok('GET', `/v1/search?${query}`, undefined, who)).messages.map(({content}: {content: string}) => content)
  expect(await found('q=50%25', 'bob')).toEqual(['disk is 50% full', '50 of disk', '50% of disk'])
  expect(await found('q=%22of%20disk%22%20-full', 'bob')).toEqual(['50 of disk', '50% of disk'])
  expect(await found('q=50', 'alice')).toEqual(['a secret 50%', 'disk is 50% full', '50 of disk', '50% of disk'])
  const first = await ok('GET', '/v1/search?q=50%25&limit=1')
  expect(first).toMatchObject({end: false, next: 'board/1'})
  const second = await ok('GET', `/v1/search?q=50%25&before=${encodeURIComponent(first.next)}`)
  expect(second.messages).toHaveLength(3)
  expect((await call('GET', '/v1/search?q=50&before=board/1', {as: 'bob'})).status).toBe(400)
  expect((await call('GET', '/v1/search?q=-50')).status).toBe(400)
  expect((await call('GET', '/v1/search?q=50%25&channel=board', {as: 'bob'})).status).toBe(403)
  expect((await call('GET', '/v1/search?q=')).status).toBe(400)
})

test('permissions, roles and tokens', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  await as('root').grant({permissions: ['manage'], to: [{actor: 'alice'}]})
  await ok('POST', '/v1/channels', {channel: 'board', restricted: true})
  expect((await call('GET', '/v1/channels/board', {as: 'bob'})).status).toBe(403)
  expect(await ok('GET', '/v1/can?permission=read&channel=board&actor=bob')).toMatchObject({allowed: false})
  await ok('POST', '/v1/roles', {role: 'team'})
  expect(await ok('PATCH', '/v1/roles/team', {add: ['bob']})).toMatchObject({members: ['bob']})
  await ok('POST', '/v1/grants', {permissions: ['read'], channel: 'board', to: [{role: 'team'}]})
  expect((await call('GET', '/v1/channels/board', {as: 'bob'})).status).toBe(200)
  expect(await ok('GET', '/v1/roles/team')).toMatchObject({grants: [{channel: 'board', permission: 'subscribe'}]})
  await ok('POST', '/v1/grants/revoke', {permissions: ['subscribe'], channel: 'board', to: [{role: 'team'}]})
  expect((await call('GET', '/v1/channels/board', {as: 'bob'})).status).toBe(403)
  expect((await ok('GET', '/v1/roles?actor=bob')).roles).toHaveLength(1)
  await ok('DELETE', '/v1/roles/team')
  expect(
    (await call('POST', '/v1/grants', {json: {permissions: ['read'], to: [{actor: 'a', role: 'b'}]}})).status,
  ).toBe(400)
  expect((await call('POST', '/v1/tokens', {json: {actor: 'bob'}, as: 'bob'})).status).toBe(403)
  const token = await ok('POST', '/v1/tokens', {actor: 'bob', expires: '1d'})
  expect(token).toMatchObject({actor: 'bob', secret: expect.stringMatching(/^leat_/), expiresAt: expect.any(String)})
  const {tokens} = await ok('GET', '/v1/tokens')
  expect(tokens).toMatchObject([{id: token.id, actor: 'bob'}])
  expect(JSON.stringify(tokens)).not.toContain(token.secret)
  expect(await ok('DELETE', `/v1/tokens/${token.id}`)).toMatchObject({id: token.id})
})

test('a channel with an ingress takes messages through that door alone', async () => {
  const {call, as} = await house()
  await as('alice').createChannel('feed', {ingress: 'socket'})
  await as('alice').createChannel('web', {ingress: 'http'})
  const refused = await call('POST', '/v1/channels/feed/messages', {json: {content: 'x'}})
  expect([refused.status, refused.json.error.message]).toEqual([403, expect.stringContaining('by socket, not by http')])
  expect((await call('POST', '/v1/channels/web/messages', {json: {content: 'x'}})).status).toBe(201)
  expect((await as('alice').send('feed', {body: 'on this machine'})).sent).toHaveLength(1)
  expect((await call('POST', '/v1/request/feed', {json: {content: 'x'}})).status).toBe(403)
})

test('whoami and the store tell no more than they should', async () => {
  const {call, as} = await house()
  const ok = succeeding(call)
  expect(await ok('GET', '/v1/whoami')).toEqual({actor: 'alice', door: 'http'})
  expect((await call('GET', '/v1/store')).status).toBe(403)
  await as('root').grant({permissions: ['manage'], to: [{actor: 'alice'}]})
  expect(await ok('GET', '/v1/store')).toMatchObject({engine: 'sqlite', channels: 0})
  // Where the store lies is for who is on its machine.
  expect((await call('GET', '/v1/channels/nope')).json.error.message).toBe('no channel "nope" in the store')
})
