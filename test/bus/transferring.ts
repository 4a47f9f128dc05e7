/** Exports and imports between buses, and a store that has something of everything. */
import type {Bus} from '../../src/bus/bus.js'
import type {ExportOptions} from '../../src/bus/transfer/export.js'
import type {ImportOptions, ImportResult} from '../../src/bus/transfer/import-options.js'
import {exactJson, recordJson} from '../../src/model/transfer.js'
import {all, take, type World} from './world.js'

/** The lines of an export. */
export async function exported(
  bus: Bus,
  channels: readonly string[] = [],
  options: ExportOptions = {},
): Promise<string[]> {
  const parts = await all(bus.export(channels, options))
  return parts.flatMap((part) => ('record' in part ? [recordJson(part.record)] : part.messages.map(exactJson)))
}

/** Imports lines: texts or bytes. */
export async function imported(
  bus: Bus,
  lines: Iterable<string | Buffer>,
  options?: ImportOptions,
): Promise<ImportResult> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (const line of lines) yield Buffer.from(line)
  }
  return bus.import(pieces(), options)
}

/** Messages as they stand, and records by their fields, in whatever order; without what tells two exports of the same apart. */
export const substance = (lines: readonly string[]): unknown[] =>
  lines
    .filter((line) => !line.startsWith('{"record":"export"'))
    .map((line) => (line.startsWith('{"record"') ? JSON.parse(line) : line))

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Fills a store with something of everything that an export has. Nothing is in anybody's hands at the end. */
export async function fillRichly({as, store, clock}: World): Promise<void> {
  const [alice, bob] = [as('alice'), as('bob')]
  await alice.createRole('crew', {description: 'who works'})
  await alice.changeRole('crew', {add: ['rob', 'ann']})
  await alice.createChannel('ops', {
    title: 'Ops ü',
    description: 'two\nlines',
    retention: {maxAge: 900 * DAY, maxMessages: 1000},
    metadata: {team: 'a'},
    members: ['bob'],
  })
  await alice.createChannel('hr', {restricted: true, contentType: 'application/json', members: ['bob']})
  await alice.grant({channel: 'hr', permissions: ['submit'], to: [{role: 'crew'}]})
  await alice.grant({permissions: ['subscribe'], to: [{actor: 'ann'}]})
  await alice.createChannel('done')
  await alice.createChannel('later')
  await alice.createConversation('release', {title: 'Release', description: 'd', metadata: {v: '1'}})
  const root = await alice.send(['ops', 'done'], {
    body: 'to two',
    key: 'k-1',
    conversation: 'release',
    headers: {host: 'x', 'x-y': 'ü'},
    replyChannel: 'ops',
    correlationId: 'c-1',
  })
  clock.now += 5
  const answer = await bob.reply('ops/1', {body: 'an answer', conversation: 'by.send'})
  clock.now -= 2 * HOUR // the clock is set back
  await alice.send('ops', {
    body: '{ "n" : 12345678901234567890, "n":1.0,\n "deep": [[{}]] }\n',
    contentType: 'application/json',
  })
  await alice.send('ops', {body: ' [1 , 2]\n', contentType: 'application/ld+json', type: 'log.entry'})
  await alice.send('ops', {body: new Uint8Array([0, 255, 10, 13]), contentType: 'image/png'})
  await alice.send('ops', {body: '', references: [root.id, answer.id]})
  await alice.send('hr', {body: 'null', recipient: 'bob'})
  await alice.send('ops', {body: 'expires', expiresAt: clock.now + 1000})
  await alice.send('ops', {body: 'secret words', headers: {a: 'b'}})
  await alice.redact('ops/8')
  await alice.send('later', {body: 'not yet', deliverAt: clock.now + DAY, key: 'k-2', replyTo: root.id})
  await alice.send('done', {body: 'tomorrow', deliverAt: clock.now + DAY})
  clock.now += 3 * HOUR
  await alice.send('ops', {body: 'newest'})
  await take(bob.read('ops', {limit: 3}))
  await as('eve').setCursor('ops', 'start')
  await work(alice)
  await pushing(alice, store)
  await alice.setChannelState('done', 'closed')
  await alice.setChannelState('later', 'draining')
  await alice.send('ops', {body: 'has expired', expiresAt: clock.now + 1000})
  clock.now += 2000
  await alice.createToken({actor: 'rob'})
}

/** A group with one done, one dead, one that waits for its next attempt, and the rest to come. */
async function work(bus: Bus): Promise<void> {
  const claims = await bus.claim('ops', {group: 'crew', limit: 3})
  const [first, second, third] = claims.map(({token}) => ({claim: token}))
  await bus.ack(first!)
  await bus.nack(second!, {dead: true, reason: 'no use'})
  await bus.nack(third!, {delay: DAY, reason: 'later'})
}

/** A subscription with one delivered, one given up, one that waits; and others. */
async function pushing(bus: Bus, store: World['store']): Promise<void> {
  await bus.subscribe('ops', {
    subscriber: 'bob',
    kind: 'bot',
    transport: 'http',
    endpoint: 'https://hook.example.org',
    from: 'start',
  })
  await bus.subscribe('ops', {types: ['log.entry']})
  await bus.subscribe('done', {paused: true})
  const key = {channel: 'ops', subscriber: 'bob'}
  const tried = {transport: 'http', ms: 12, status: 500}
  const next = async (): Promise<string> => (await store.deliveries.take(key, {lease: 1000})).claim!.token
  await store.deliveries.settle(await next(), {as: 'delivered', transport: 'http', ms: 3, status: 200})
  await store.deliveries.settle(await next(), {as: 'failed', error: 'gone', ...tried})
  await store.deliveries.settle(await next(), {as: 'retry', error: 'down', delay: DAY, ...tried})
}
