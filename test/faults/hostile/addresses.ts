/** Hostile text in what a client says beside its messages: paths, queries, headers, verbs. */
import assert from 'node:assert/strict'
import {each} from '../program.js'
import {Asker, sayTo} from '../text/clients.js'
import type {Server} from '../text/room.js'
import {expectHarmless} from './commands.js'

/** Addresses, Q where the text stands. */
const PATHS: readonly string[] = [
  ...[
    '/v1/Q',
    '/v1/channels/Q',
    '/v1/channels/Q/messages',
    '/v1/messages/Q',
    '/v1/messages/Q/thread',
    '/v1/search?q=Q',
    '/v1/channels?pattern=Q',
  ],
  ...[
    '/v1/channels/shown/messages?after=Q',
    '/v1/channels/shown/messages?where=Q',
    '/v1/channels/shown/messages?type=Q&limit=1',
    '/v1/channels/shown/messages?Q=1',
  ],
  ...[
    '/v1/channels/shown/messages?limit=Q',
    '/v1/stream?channels=Q',
    '/v1/channels/shown/consumers/reader/Q',
    '/v1/channels/shown/consumers/Q/x',
  ],
]

const HEADERS: readonly string[] = [
  'last-event-id',
  'authorization',
  'x-forwarded-for',
  'idempotency-key',
  'accept',
  'traceparent',
]

const REQUESTS = (text: string): object[] => [
  {v: text},
  {v: 'w', c: text},
  {v: 'l', c: 'shown', r: text},
  {v: 'd', c: 'shown', r: text, t: text, p: text},
  {v: 'whoami', as: text},
  {v: 'channel.show', channel: text},
  {v: 'message.search', q: text},
  {v: 'message.show', message: text},
  {v: 'message.list', channel: 'shown', after: text, limit: 1},
  {v: 'reader.take', channel: text, reader: text},
  {[text]: text},
]

export interface AddressFigures {
  places: number
  tried: number
}

/** Texts that are tried at once. */
const AT_ONCE = 12

/** @throws AssertionError a bug, or an answer or a line of the log that a terminal would obey */
export async function inAddresses(server: Server, texts: readonly string[]): Promise<AddressFigures> {
  await each(texts, AT_ONCE, (text) => atAddresses(server, text))
  expectHarmless(server.stderr, 'the log of the server')
  const places = PATHS.length + HEADERS.length + REQUESTS('').length * 2
  return {places, tried: places * texts.length}
}

async function atAddresses({http, socket}: Server, text: string): Promise<void> {
  for (const path of PATHS) {
    const address = path.replace('Q', () => encodeURIComponent(text.toWellFormed()))
    await expectRefusal(await fetch(http + address, {signal: AbortSignal.timeout(60_000)}), `GET ${address}`)
  }
  const value = text.replaceAll(/[^\x20-\x7e]/g, '').trim()
  for (const name of HEADERS)
    await expectRefusal(await fetch(`${http}/v1/channels/shown`, {headers: {[name]: value}}), `${name}: ${value}`)
  const asker = new Asker(http)
  for (const request of REQUESTS(text)) {
    const {v, ...input} = request as {v?: string}
    const answers = [
      await sayTo(socket, JSON.stringify(request)),
      await asker.ask(JSON.stringify({id: text, do: v, input})),
    ]
    for (const answer of answers) expectClean(answer, JSON.stringify(request))
  }
  asker.close()
}

/** An answer of leat: what is found, or why not, and never a failure. */
async function expectRefusal(answer: Response, what: string): Promise<void> {
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  if (isStream) return void (await answer.body?.cancel())
  assert.ok(answer.status < 500, `${what}: ${answer.status}`)
  expectClean(await answer.text(), what)
}

function expectClean(answer: string, what: string): void {
  assert.doesNotMatch(answer, /INTERNAL|\n {4}at /, what)
  assert.doesNotMatch(answer.trimEnd(), /[\u0000-\u0009\u000b-\u001f]/, what)
}
