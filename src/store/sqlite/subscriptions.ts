import type {Seq} from '../../model/message.js'
import type {SubscriberKind, Subscription, SubscriptionSettings} from '../../model/subscription.js'
import {isoTime} from '../../model/time.js'
import type {Value} from './connection.js'
import {checkPlace, forget, putCursor} from './consumers.js'
import {closeIfDrained} from './draining.js'
import {toBytes, toId} from './ids.js'
import {findLog, logOf} from './log.js'
import {placePush, removePush} from './pushes.js'
import type {Session} from './session.js'

/** Subscribes, or changes what is there; a subscriber without a cursor gets one. @throws NOT_FOUND, INVALID */
export function putSubscription(
  session: Session,
  channel: string,
  subscriber: string,
  settings: SubscriptionSettings,
  by: string,
  cursor?: Seq,
): {subscription: Subscription; created: boolean} {
  const {connection, names, clock} = session
  return connection.write(() => {
    const log = logOf(session, channel)
    if (cursor !== undefined) checkPlace(channel, cursor, log.lastSeq)
    const now = clock()
    const nameId = names.intern(subscriber)
    const before = connection.get(ONE, [log.id, nameId])
    const {kind, transport, endpoint, allowPrivate, types, paused} = settings
    connection.run(PUT, {
      id: before?.['id'] ?? toBytes(session.ids()),
      allowPrivate: allowPrivate === undefined ? (before?.['allow_private'] ?? 0) : Number(allowPrivate),
      secrets: before?.['secrets'] ?? null,
      channel: log.id,
      subscriber: nameId,
      kind: kind ?? before?.['kind'] ?? 'user',
      transport: chosen(transport, before?.['transport']),
      endpoint: chosen(endpoint, before?.['endpoint']),
      types: chosen(types && JSON.stringify(types), before?.['types']),
      paused: paused === undefined ? (before?.['paused'] ?? 0) : Number(paused),
      createdAt: before?.['created_at'] ?? now,
      createdBy: before?.['created_by'] ?? by,
    })
    if (cursor !== undefined || connection.row(HAS_CURSOR, [log.id, nameId]) === undefined)
      putCursor(session, log.id, subscriber, cursor ?? log.lastSeq, now)
    placePush(session, log.id, nameId, {lastSeq: log.lastSeq, cursor})
    // What nobody waits for any more doesn't keep a draining channel open.
    closeIfDrained(session, log.id)
    return {subscription: toSubscription(connection.get(ONE, [log.id, nameId])!), created: before === undefined}
  })
}
const SELECT = `
  SELECT channels.name AS channel, names.name AS subscriber, subscriptions.id, kind, transport, endpoint, allow_private, types,
         paused, secrets, subscriptions.created_at, subscriptions.created_by`
const ONE = `
  ${SELECT} FROM subscriptions JOIN channels ON channels.id = channel_id JOIN names ON names.id = subscriber_id
   WHERE channel_id = ? AND subscriber_id = ?`
const PUT = `
  INSERT OR REPLACE INTO subscriptions (
    channel_id, subscriber_id, id, kind, transport, endpoint, allow_private, secrets, types, paused, created_at, created_by)
  VALUES (:channel, :subscriber, :id, :kind, :transport, :endpoint, :allowPrivate, :secrets, :types, :paused, :createdAt, :createdBy)`
const HAS_CURSOR = `SELECT 1 FROM consumers WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`

/** `null` takes a setting away, undefined leaves it. */
const chosen = (change: string | null | undefined, before: Value | undefined): Value =>
  change === undefined ? (before ?? null) : change

export function listSubscriptions(
  session: Session,
  {channel, subscriber}: {channel?: string; subscriber?: string},
): Subscription[] {
  const {connection, names} = session
  if (subscriber !== undefined) {
    const parameters = {subscriber: names.idOf(subscriber), channel: channel ?? null}
    return connection.all(OF_SUBSCRIBER, parameters).map(toSubscription)
  }
  if (channel === undefined) return connection.all(ALL).map(toSubscription)
  const log = findLog(session, channel)
  return log ? connection.all(OF_CHANNEL, [log.id]).map(toSubscription) : []
}
const ORDER = 'ORDER BY channels.name COLLATE BINARY, names.name'
const OF_SUBSCRIBER = `
  ${SELECT} FROM subscriptions JOIN channels ON channels.id = channel_id JOIN names ON names.id = subscriber_id
   WHERE subscriber_id = :subscriber AND (:channel IS NULL OR channels.name = :channel COLLATE BINARY) ${ORDER}`
const OF_CHANNEL = `
  ${SELECT} FROM subscriptions JOIN channels ON channels.id = channel_id JOIN names ON names.id = subscriber_id
   WHERE channel_id = ? ${ORDER}`
const ALL = `
  ${SELECT} FROM subscriptions JOIN channels ON channels.id = channel_id JOIN names ON names.id = subscriber_id ${ORDER}`

function toSubscription(row: Record<string, Value>): Subscription {
  const {transport, endpoint, types} = row
  return {
    channel: row['channel'] as string,
    subscriber: row['subscriber'] as string,
    id: toId(row['id'] as Buffer),
    kind: row['kind'] as SubscriberKind,
    ...(typeof transport === 'string' && {transport}),
    ...(typeof endpoint === 'string' && {endpoint}),
    ...(row['allow_private'] === 1 && {allowPrivate: true}),
    ...(typeof types === 'string' && {types: JSON.parse(types) as string[]}),
    paused: row['paused'] === 1,
    createdAt: isoTime(row['created_at'] as number),
    createdBy: row['created_by'] as string,
  }
}

/** Ends a subscription with its deliveries, and with `forget` the subscriber's cursor. Returns whether there was one. */
export function removeSubscription(
  session: Session,
  channel: string,
  subscriber: string,
  options: {forget?: boolean} = {},
): boolean {
  const {connection, names} = session
  return connection.write(() => {
    const log = findLog(session, channel)
    if (!log) return false
    if (options.forget) forget(session, {channel, kind: 'reader', name: subscriber})
    const nameId = names.idOf(subscriber)
    removePush(session, log.id, nameId)
    const removed = connection.run(REMOVE, [log.id, nameId]) > 0
    closeIfDrained(session, log.id)
    return removed
  })
}
const REMOVE = 'DELETE FROM subscriptions WHERE channel_id = ? AND subscriber_id = ?'
