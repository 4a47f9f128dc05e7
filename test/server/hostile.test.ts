/** Text that would be something else: in every field, through every door, it is stored as it is or refused. */
import {expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {jsonText} from '../../src/server/json.js'
import {until} from '../cli/background.js'
import {type House, house} from './house.js'
import {listen, say} from './unix.js'
import {type Client, connectTo} from './websocket-client.js'

const TEXTS: [what: string, text: string][] = [
  ['a command', `$(touch x); \`touch x\`; '; touch x; " && touch x | touch x #`],
  ['another header', 'a\r\nBcc: mallory@example.org\r\n\r\nbody'],
  ['an event', 'x\n\ndata: {"forged":1}\nid: 99\nevent: forged\nretry: 1\n\n'],
  ['an event after a CR', 'x\r\rdata: {"forged":1}\rid: 99\r\r'],
  ['a line of JSON', '"}\n{"event":"x","retry":5,"data":"forged"}\n],"seq":99,"x":{"'],
  ['a NUL', 'a\0b'],
  ['what a terminal obeys', '\x1b[31mred\x1b]0;title\x07\x9b2J'],
  ['what turns text around', '\u202e\u2066\u2028\u2029\ufeff'],
  ['half a character', '\ud83e'],
  ['the prototype', '__proto__'],
  ['a path', '../../etc/passwd'],
]

/** Every field of a message that a sender gives. */
const FIELDS: ((text: string) => Record<string, unknown>)[] = [
  (text) => ({content: text}),
  (text) => ({content: {[text]: text}}),
  (text) => ({content: 'x', type: text}),
  (text) => ({content: 'x', headers: {[text]: 'v'}}),
  (text) => ({content: 'x', headers: {subject: text}}),
  (text) => ({content: 'x', correlationId: text}),
  (text) => ({content: 'x', conversation: text}),
  (text) => ({content: 'x', recipient: text}),
  (text) => ({content: 'x', replyChannel: text}),
  (text) => ({content: 'x', replyTo: text}),
  (text) => ({content: 'x', references: [text]}),
  (text) => ({content: 'x', contentType: text}),
  (text) => ({content: 'x', id: text}),
  (text) => ({content: 'x', key: `${text}`, deliverAt: text}),
]

/** Sends by each door; true where it was stored. What is refused is wrong input. */
const sendersOf = ({call, socket}: House, client: Client) => ({
  http: async (fields: object) => {
    const {status, json} = await call('POST', '/v1/channels/ops/messages', {json: fields})
    return status === 201 || refused(json.error?.code)
  },
  websocket: async (fields: object) => {
    const {result, error} = await client.ask({do: 'message.send', input: {channel: 'ops', ...fields}})
    return result !== undefined || refused(error.code)
  },
  socket: async (fields: object) => {
    const {error} = JSON.parse(await say(socket!, {v: 'message.send', channel: 'ops', ...fields}))
    return error === undefined || refused(error.code)
  },
  eric: async ({content, type = 'note'}: {content?: unknown; type?: unknown}) => {
    const answer = await say(socket!, {v: 'b', c: 'ops', t: type, p: content})
    return answer === 'ack' || refused(/^InvalidMessageFormat\(.(\w+): /.exec(answer)?.[1])
  },
})

function refused(code: string | undefined): false {
  expect(['INVALID', 'NOT_FOUND', 'TOO_LARGE', 'USAGE']).toContain(code)
  return false
}

async function allOf(bus: Bus): Promise<string[]> {
  const messages: string[] = []
  for await (const message of bus.log(['ops'])) messages.push(jsonText(message))
  return messages
}

/** Events as the standard has them: lines end with CRLF, CR or LF. */
const eventsOf = (stream: string): {type: string; data: string; id: string}[] =>
  stream
    .split(/(?:\r\n|\r|\n){2}/)
    .filter((event) => event !== '' && !event.startsWith(':'))
    .map((event) => {
      const lines = event.split(/\r\n|\r|\n/)
      const of = (name: string): string =>
        lines
          .filter((line) => line.startsWith(`${name}: `))
          .map((line) => line.slice(name.length + 2))
          .join('\n')
      return {type: of('event'), data: of('data'), id: of('id')}
    })

test.each(TEXTS)('%s', async (_what, text) => {
  const at = await house({socket: true})
  const {as, http, socket, bugs, call} = at
  const alice = as('alice')
  await alice.createChannel('ops')
  const client = await connectTo(http)
  const watching = listen(socket!, {v: 'w', c: 'ops'})
  // It has begun when what is sent arrives.
  await until(async () => {
    await say(socket!, {v: 'b', c: 'ops', t: 'begin', p: 'begin'})
    expect(watching.lines.length).toBeGreaterThan(0)
  })
  const senders = Object.entries(sendersOf(at, client))
  let [before] = [(await alice.channel('ops')).lastSeq]
  for (const fieldsOf of FIELDS) {
    const fields = fieldsOf(text)
    const isOwn = (name: string): boolean =>
      name !== 'eric' || Object.keys(fields).every((field) => /^(content|type)$/.test(field))
    const stored: boolean[] = []
    for (const [name, send] of senders) if (isOwn(name)) stored.push(await send(fields))
    // One answer at every door.
    expect(new Set(stored).size, JSON.stringify(fields)).toBe(1)
    const {lastSeq} = await alice.channel('ops')
    expect(lastSeq - before).toBe(stored.filter(Boolean).length)
    before = lastSeq
  }
  await alice.setChannelState('ops', 'closed', {notifyEnd: true})
  const all = await allOf(alice)
  const sent = all.filter((one) => JSON.parse(one).type !== 'leat.end')
  expect(sent.length).toBeGreaterThanOrEqual(before - 1)

  const events = eventsOf(await (await fetch(`${http}/v1/channels/ops/stream?from=start`, {headers: BEARER})).text())
  expect(events.map(({type}) => type)).toEqual(['leat.open', ...sent.map((one) => JSON.parse(one).type), 'leat.end'])
  expect(events.slice(1, -1).map(({data}) => data)).toEqual(sent)
  expect((await say(socket!, {v: 'follow', channels: ['ops'], from: 'start'})).split('\n')).toEqual([...sent, ''])
  await client.ask({do: 'follow', channels: ['ops'], from: 'start'})
  await until(() => expect(client.frames.some(({end}) => end === true)).toBe(true))
  expect(client.texts.filter((frame) => frame.startsWith('{"follow":1,"message":'))).toEqual(
    sent.map((one) => `{"follow":1,"message":${one}}`),
  )
  await watching.ended
  const watched = watching.lines.map((line) => JSON.parse(line))
  const last = watched.pop()
  expect(last).toMatchObject({event: '_eric_channel_closed'})
  const seen = sent.slice(-watched.length).map((one) => JSON.parse(one))
  expect(watched.map(({event, data}) => [event, data])).toEqual(seen.map(({type, content}) => [type, content]))
  expect((await call('GET', '/v1/channels/ops/messages?limit=1000')).text).toContain(sent.join(','))
  expect(bugs).toEqual([])
})

const BEARER = {authorization: 'Bearer token-of-alice'}

test.each(TEXTS)('in the place of a name: %s', async (_what, text) => {
  const {as, call, http, socket, bugs} = await house({socket: true})
  await as('alice').createChannel('ops')
  const part = encodeURIComponent(text.toWellFormed())
  const answers = [
    await call('GET', `/v1/channels/${part}`),
    await call('POST', '/v1/channels', {json: {channel: text}}),
    await call('GET', `/v1/messages/${part}`),
    await call('GET', `/v1/channels/ops/messages?after=${part}`),
    await call('GET', `/v1/channels/ops/stream?channels=${part}`),
    await call('GET', `/v1/stream?after=${part}`),
    await call('PUT', `/v1/channels/ops/subscriptions/${part}`, {json: {}}),
    await call('PUT', '/v1/channels/ops/subscriptions/alice', {json: {transport: 'http', endpoint: text}}),
    await call('PUT', '/v1/channels/ops/subscriptions/alice', {json: {transport: 'email', endpoint: text}}),
    await call('PUT', '/v1/channels/ops/subscriptions/alice', {json: {transport: 'channel', endpoint: `x#${text}`}}),
    await call('PUT', '/v1/channels/ops/subscriptions/alice', {json: {transport: text}}),
    await call('GET', '/v1/channels/ops/stream', {headers: {'last-event-id': part}}),
  ]
  for (const {status, json, text: said} of answers) {
    expect([400, 403, 404, 413]).toContain(status)
    expect(json.error.code).toMatch(/^[A-Z_]+$/)
    // One line, whatever it repeats.
    expect(said.trimEnd()).not.toMatch(/[\x00-\x1f]/)
  }
  const client = await connectTo(http)
  for (const frame of [{do: text}, {do: 'channel.show', channel: text}, {do: 'follow', channels: [text]}])
    if (frame.channels === undefined) expect((await client.ask(frame)).error.code).toMatch(/^(INVALID|NOT_FOUND)$/)
  for (const request of [{v: text}, {v: 'w', c: text}, {v: 'l', c: 'ops', r: text}, {v: 'whoami', as: text}])
    expect((await say(socket!, request)).trimEnd()).not.toMatch(/[\x00-\x1f]/)
  expect(bugs).toEqual([])
})
