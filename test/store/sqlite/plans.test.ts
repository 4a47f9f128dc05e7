import {randomUUID} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {DeliveryOutcome} from '../../../src/model/delivery.js'
import {sqliteStore} from '../../../src/store/sqlite/engine.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import type {Session} from '../../../src/store/sqlite/session.js'
import type {DeliveryQuery, Store} from '../../../src/store/store.js'
import {options, outgoing} from './files.js'

/** Calls every method of the port on something that is there, so that every statement is prepared. */
async function callEverything(store: Store, clock: {now: number}): Promise<void> {
  const {channels, messages, consumers, subscriptions, conversations} = store
  const submit = [{actor: 'bob', permission: 'submit'}] as const
  for (const name of ['ops', 'dev']) await channels.create(name, {retention: {maxMessages: 50}}, 'alice', submit)
  const fields = {recipient: 'bob', conversation: 'c', correlationId: 'x', key: 'k', references: [randomUUID()]}
  const root = outgoing('ops')
  const reply = outgoing('ops', {...fields, replyTo: root.id, thread: root.id, expiresAt: clock.now + 500_000})
  await messages.append([root, reply, reply, outgoing('ops', {deliverAt: clock.now + 1000, key: 'later'})])
  await messages.append([outgoing('ops', {key: 'later', deliverAt: clock.now + 1000})])
  clock.now += 5000
  await channels.get('ops')
  await channels.all()
  const both = [{name: 'ops', all: true}, {name: 'dev'}]
  await channels.summaries({channels: both, actor: 'bob'})
  await channels.update('ops', {retention: {maxAge: 100_000, maxMessages: 2}})
  await messages.append(Array.from({length: 5}, () => outgoing('ops', {references: [root.id]})))
  for (const order of ['forward', 'backward'] as const) {
    const filters = [
      {},
      {types: ['a'], senders: ['alice'], notSender: 'bob', text: 'x', since: 5, until: clock.now},
      {conversation: 'c'},
      {correlationId: 'x'},
      {recipient: 'bob'},
      {thread: root.id},
      {replyTo: root.id},
    ]
    for (const filter of filters) {
      await messages.scan({channels: both, actor: 'bob', order, limit: 1, filter})
      await messages.scan({
        channels: both.map((one) => ({...one, after: 1, before: 99})),
        actor: 'bob',
        order,
        limit: 1,
        filter,
      })
    }
    await messages.scan({channels: [{name: 'dev'}], actor: 'zoe', order, limit: 1})
  }
  for (const channels of [[{name: 'ops', after: 0}], both.map(({name}) => ({name, after: 1}))])
    await messages.arrivals({channels, actor: 'bob', limit: 10})
  await messages.find({by: 'id', id: root.id})
  await messages.find({by: 'end', end: root.id.slice(-8)})
  await messages.find({by: 'place', channel: 'ops', seq: 1})
  await messages.firstSince('ops', clock.now)
  await messages.thread(root.id)
  await messages.ancestors(reply.id)
  await messages.links(root.id)
  const bob = {channel: 'ops', reader: 'bob'}
  const taken = await consumers.take(bob, {actor: 'bob', limit: 1, wait: 0})
  await consumers.extend(bob, taken.hold)
  await consumers.commit(bob, taken.hold, taken.upTo)
  await consumers.release(bob, taken.hold)
  await consumers.get({channel: 'ops', kind: 'reader', name: 'bob'})
  for (const query of [{}, {channel: 'ops'}, {name: 'bob'}]) await consumers.list(query)
  await consumers.seek(bob, 1, {actor: 'bob'})
  for (const filter of [{}, {types: ['a']}]) await consumers.unread(bob, {actor: 'bob', filter})
  await subscriptions.put('ops', 'bob', {}, 'bob')
  for (const query of [{}, {channel: 'ops'}, {subscriber: 'bob'}]) await subscriptions.list(query)
  await conversations.create({name: 'c', metadata: {}}, 'bob')
  for (const name of [undefined, 'c']) await conversations.list({actor: 'bob', readable: both, ...(name && {name})})
  await callGrants(store)
  await callClaims(store, clock)
  await callDeliveries(store, clock)
  const viewed = {channels: both, actor: 'bob'}
  await store.statistics.traffic({...viewed, points: [0, clock.now, clock.now + 1]})
  await store.statistics.makeup({...viewed, since: 0, until: clock.now + 1, limit: 10, threads: 5})
  await store.statistics.backlog(viewed)
  for (const names of [['ops'], ['ops', 'dev']])
    await store.changed(Object.fromEntries(names.map((name) => [name, 0])), AbortSignal.timeout(1))
  await channels.prune('ops', {keep: 1, before: clock.now, keepUnread: true, dryRun: true})
  await channels.prune('ops', {keep: 1})
  await messages.redact((await messages.find({by: 'place', channel: 'ops', seq: 8}))[0]?.id ?? '', 'bob')
  await store.info()
  await channels.setState('ops', 'draining')
  await subscriptions.remove('ops', 'bob', {forget: true})
  await channels.rename('ops', 'old')
  await channels.delete('dev')
  await channels.rename('old', 'dev')
  await channels.create('ops', {}, 'alice')
}

async function callGrants({grants, roles, tokens}: Store) {
  await roles.create('crew', {}, 'alice')
  await roles.change('crew', {add: ['bob', 'zoe'], remove: ['zoe']})
  for (const query of [{}, {name: 'crew'}, {actor: 'bob'}]) await roles.list(query)
  for (const to of [{actor: 'bob'}, {role: 'crew'}])
    for (const channel of ['ops', null]) {
      await grants.change(channel, to, {add: ['submit', 'manage'], remove: ['manage']})
      await grants.list({channel, ...to})
    }
  for (const query of [{}, {channel: 'ops'}, {actor: 'bob'}, {role: 'crew'}]) await grants.list(query)
  for (const channel of [undefined, 'ops']) await grants.held('bob', channel)
  await grants.administered()
  await roles.delete('crew')
  const hash = Buffer.alloc(32)
  const {id} = await tokens.create({hash, actor: 'bob'}, 'alice')
  await tokens.find(hash)
  await tokens.list({})
  await tokens.revoke(id)
}

async function callClaims({channels, messages, consumers, claims, deadLetters}: Store, clock: {now: number}) {
  await channels.create('jobs', {}, 'alice')
  const [first] = await messages.append(Array.from({length: 9}, () => outgoing('jobs')))
  const key = {channel: 'jobs', group: 'workers'}
  const {worker} = await claims.join(key, 'bob')
  const options = {actor: 'bob', limit: 3, lease: 1000, maxAttempts: 1, bound: true}
  const batch = await claims.claim(key, {...options, filter: {requestsOr: ['message']}})
  const [one, two, three] = batch.claims.map(({token}) => token)
  await claims.get(one!)
  await claims.extend(one!, 1000)
  for (const query of [{}, {channel: 'jobs'}, {...key, seq: 1}, {group: 'workers'}]) await claims.inFlight(query)
  await claims.settle([
    {token: one!, as: 'failed', reason: 'no', delay: 0, dead: true},
    {token: two!, as: 'released'},
    {token: three!, as: 'done'},
  ])
  await claims.claim(key, options)
  clock.now += 5000
  await claims.claim(key, {...options, limit: 9, bound: false})
  await claims.claim(key, options)
  const later = outgoing('jobs', {deliverAt: clock.now + 1000})
  await messages.append([later])
  for (const query of [
    {},
    {channel: 'jobs'},
    {message: {by: 'id', id: later.id}},
    {message: {by: 'end', end: later.id.slice(-8)}},
  ] as const)
    await messages.scheduled(query)
  await messages.redact(later.id, 'bob')
  await messages.cancel(later.id, ['jobs'])
  await messages.append([later])
  await channels.setState('jobs', 'closed', outgoing('jobs', {type: 'leat.end'}))
  clock.now += 5000
  const id = first?.id ?? ''
  const refs = [
    {by: 'id', id},
    {by: 'end', end: id.slice(-8)},
    {by: 'place', channel: 'jobs', seq: 1},
  ] as const
  for (const query of [{}, key, {group: 'workers'}, ...refs.map((message) => ({message}))])
    await deadLetters.list({...query, limit: 1})
  const dead = await deadLetters.list({after: (await deadLetters.list({limit: 1}))[0]?.id ?? '', limit: 9})
  await channels.setState('jobs', 'open')
  await deadLetters.redrive(dead.map((letter) => letter.id))
  await deadLetters.purge((await deadLetters.list({limit: 1})).map((letter) => letter.id))
  await consumers.get({channel: 'jobs', kind: 'workers', name: 'workers'})
  await claims.leave(worker)
  await messages.redact(id, 'bob')
  await consumers.forget({channel: 'jobs', kind: 'workers', name: 'workers'})
}

/** Each way that a delivery can go. */
async function callDeliveries(store: Store, clock: {now: number}) {
  const {channels, messages, subscriptions, consumers, deliveries, deadLetters} = store
  await channels.create('hooks', {}, 'alice')
  const key = {channel: 'hooks', subscriber: 'pager'}
  await subscriptions.put('hooks', 'pager', {transport: 'http', types: ['message']}, 'alice')
  const expiresAt = clock.now + 5000
  await messages.append(Array.from({length: 6}, (_, at) => outgoing('hooks', at === 0 ? {expiresAt} : {})))
  const tried = {transport: 'http', ms: 1}
  const take = async () => (await deliveries.take(key, {lease: 1000})).claim?.token ?? ''
  const [first, second, third] = [{as: 'retry', delay: 0}, {as: 'delivered'}, {as: 'failed'}] as const
  for (const outcome of [first, second, third]) {
    const token = await take()
    await deliveries.extend(token, 1000)
    await deliveries.settle(token, {...outcome, ...tried, error: 'no'} as DeliveryOutcome)
  }
  await deliveries.settle(await take(), {as: 'released', delay: 9})
  await take()
  clock.now += 9
  await take()
  clock.now += 1000
  await take()
  const [one] = await deliveries.list({limit: 1})
  const queries: Partial<DeliveryQuery>[] = [
    {},
    key,
    {channel: 'hooks', seq: 2},
    {idEnd: one?.id ?? ''},
    {state: 'pending'},
    {state: 'failed', after: {...key, seq: 1}},
  ]
  for (const query of queries) await deliveries.list({...query, limit: 3})
  clock.now += 5000
  await take()
  await deliveries.retry((await deliveries.list({limit: 9})).map(({id}) => id))
  clock.now += 1000
  await deliveries.settle(await take(), {as: 'failed', error: 'no', ...tried})
  await subscriptions.remove('hooks', 'pager')
  await subscriptions.put('hooks', 'pager', {transport: 'http'}, 'alice', 6)
  await deadLetters.redrive((await deadLetters.list({subscriber: 'pager', limit: 9})).map(({id}) => id))
  await subscriptions.put('hooks', 'pager', {}, 'alice', 2)
  await subscriptions.addSecret('hooks', 'pager', 'x', {keep: 2})
  await subscriptions.secrets('hooks', 'pager')
  await channels.prune('hooks', {keep: 1})
  await channels.setState('hooks', 'draining')
  await channels.update('hooks', {egress: 'sse'})
  await consumers.forget({channel: 'hooks', kind: 'push', name: 'pager'})
}

/** Tables that grow with what is sent, or with what is to be done: none of them may be read whole. */
const GROWING = new Set([
  'messages',
  'names',
  'scheduled',
  'message_references',
  'in_flight',
  'dead_letters',
  'deliveries',
  'grants',
  'role_members',
])

/** Statements that only ask whether there is any row at all, or that list everything. */
const ANY =
  /SELECT 1 FROM (scheduled LIMIT 1|message_references\))|^SELECT \* FROM scheduled ORDER BY|role_id\s+ORDER BY channels.name/

describe('query plans', () => {
  let session: Session
  let statements: string[]
  const plan = (sql: string): string[] => {
    const parameters = [...new Set(sql.match(/:[a-zA-Z]+/g))].map((name) => [name.slice(1), null] as const)
    const marks = sql.match(/\?/g) ?? []
    const values = parameters.length > 0 ? Object.fromEntries(parameters) : marks.map(() => null)
    return session.connection.all(`EXPLAIN QUERY PLAN ${sql}`, values).map(({detail}) => String(detail))
  }

  beforeAll(async () => {
    const clock = {now: Date.UTC(2026, 0, 5)}
    session = openFile(
      join(mkdtempSync(join(tmpdir(), 'leat-plans-')), 'store.db'),
      options({create: true, clock: () => clock.now}),
    )
    await callEverything(sqliteStore(session, 1000), clock)
    statements = session.connection.prepared.filter((sql) => !/^\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA)/.test(sql))
  })

  afterAll(() => {
    session.connection.close()
    rmSync(join(session.path, '..'), {recursive: true})
  })

  test('every statement was met', () => expect(statements.length).toBeGreaterThan(80))

  test('no statement reads all messages, delayed ones or names', () => {
    const scans = statements.flatMap((sql) =>
      plan(sql)
        .filter((step) => /^SCAN /.test(step))
        .map((step) => step.replace(/^SCAN (\S+).*/, '$1'))
        .filter((table) => !plan(sql).some((step) => step === `CO-ROUTINE ${table}`))
        .filter((table) => GROWING.has(table) && !(ANY.test(sql) && table !== 'messages'))
        .map((table) => `${table}: ${sql.trim().replace(/\s+/g, ' ')}`),
    )
    expect(scans).toEqual([])
  })

  test('nothing that takes a page sorts what it would cut', () => {
    const sorted = statements.filter(
      (sql) => /\bLIMIT \S+( \+ 0)?$/.test(sql) && plan(sql).some((step) => /TEMP B-TREE FOR ORDER BY/.test(step)),
    )
    expect(sorted).toEqual([])
  })
})
