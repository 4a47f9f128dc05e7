import type {Delivery} from '../../model/delivery.js'
import type {Seq} from '../../model/message.js'
import type {DeliveryQuery} from '../store.js'
import {DELIVERY_COLUMNS, isHeld, toDelivery, WITH_MESSAGE} from './delivery-rows.js'
import type {Holder} from './holder.js'
import {idEnd, toBytes} from './ids.js'
import {findLog} from './log.js'
import type {Session} from './session.js'

interface Consumer {
  channelId: number
  channel: string
  subscriberId: number
  subscriber: string
}

/** By channel, subscriber and seq: consumer by consumer, so that a page costs no more than what it has. */
export function listDeliveries(session: Session, query: DeliveryQuery): Delivery[] {
  const {connection, clock} = session
  return connection.read(() => {
    const now = clock()
    const found: Delivery[] = []
    const ofId = query.idEnd === undefined ? undefined : placesOf(session, query.idEnd)
    for (const consumer of consumersOf(session, query)) {
      const {channelId, subscriberId} = consumer
      const places = ofId?.filter((place) => place.channelId === channelId && place.subscriberId === subscriberId)
      if (places?.length === 0) continue
      const rows = connection.rows(query.state === 'pending' ? PENDING : OF_CONSUMER, {
        channel: channelId,
        subscriber: subscriberId,
        seqs: places ? JSON.stringify(places.map(({seq}) => seq)) : null,
        seq: query.seq ?? null,
        after: startOf(query, consumer),
        state: query.state ?? null,
        limit: query.limit - found.length,
      })
      for (const row of rows) found.push(toDelivery(session, consumer, row, now))
      if (found.length >= query.limit) break
    }
    return found
  })
}
const WANTED = `
   deliveries.channel_id = :channel AND subscriber_id = :subscriber AND deliveries.seq > :after
     AND (:seq IS NULL OR deliveries.seq = :seq)
     AND (:seqs IS NULL OR deliveries.seq IN (SELECT value FROM json_each(:seqs)))`
const OF_CONSUMER = `
  SELECT ${DELIVERY_COLUMNS} FROM deliveries ${WITH_MESSAGE}
   WHERE ${WANTED} AND (:state IS NULL OR deliveries.state = :state)
   ORDER BY deliveries.seq LIMIT :limit + 0`
const PENDING = `
  SELECT ${DELIVERY_COLUMNS} FROM deliveries INDEXED BY deliveries_pending ${WITH_MESSAGE}
   WHERE ${WANTED} AND deliveries.state = 'pending'
   ORDER BY deliveries.seq LIMIT :limit + 0`

/** Behind which seq a consumer's deliveries are wanted. */
function startOf({seq, after}: DeliveryQuery, {channel, subscriber}: Consumer): Seq {
  const behind = after && after.channel === channel && after.subscriber === subscriber ? after.seq : 0
  return seq === undefined ? behind : Math.max(behind, seq - 1)
}

/** Whoever messages are pushed to, by channel and subscriber, from where the query goes on. */
function consumersOf(session: Session, {channel, subscriber, after}: DeliveryQuery): Consumer[] {
  const log = channel === undefined ? undefined : findLog(session, channel)
  if (channel !== undefined && !log) return []
  const subscriberId = subscriber === undefined ? null : session.names.idOf(subscriber)
  return session.connection
    .rows(CONSUMERS, {channel: log?.id ?? null, subscriber: subscriberId})
    .map(([channelId, name, id, subscriberName]) => ({
      channelId: channelId as number,
      channel: name as string,
      subscriberId: id as number,
      subscriber: subscriberName as string,
    }))
    .filter(
      (one) =>
        !after || one.channel > after.channel || (one.channel === after.channel && one.subscriber >= after.subscriber),
    )
}
const CONSUMERS = `
  SELECT channel_id, channels.name, name_id, names.name
    FROM consumers JOIN channels ON channels.id = channel_id JOIN names ON names.id = name_id
   WHERE kind = 'push' AND (:channel IS NULL OR channel_id = :channel) AND (:subscriber IS NULL OR name_id = :subscriber)
   ORDER BY channels.name COLLATE BINARY, names.name`

/** Where the deliveries are whose ids have an end. */
function placesOf({connection}: Session, end: string): {channelId: number; subscriberId: number; seq: Seq}[] {
  return connection.rows(PLACES, {...idEnd({by: 'end', end})}).map(([channelId, subscriberId, seq]) => ({
    channelId: channelId as number,
    subscriberId: subscriberId as number,
    seq: seq as Seq,
  }))
}
const PLACES = `
  SELECT channel_id, subscriber_id, seq FROM deliveries
   WHERE substr(id, 14, 3) = :tail AND substr(hex(id), -:length) = :end`

/**
 * Pending ones are tried again now, failed ones again with all their attempts, their dead letters being gone; the rest is
 * passed over. Returns how many there were.
 */
export function retryDeliveries(session: Session, ids: readonly string[]): number {
  return session.connection.write(() => {
    const now = session.clock()
    return [...new Set(ids)].filter((id) => retry(session, toBytes(id), now)).length
  })
}

function retry(session: Session, id: Buffer, now: number): boolean {
  const {connection} = session
  const row = connection.row(ONE, {id})
  if (!row) return false
  const [channel, subscriber, seq, state, until, nonce, holderJson, message, expiresAt] = row
  const place = {channel: channel!, subscriber: subscriber!, seq: seq!}
  if (expiresAt !== null && (expiresAt as number) <= now) return false
  if (state === 'pending') {
    const holder = holderJson === null ? undefined : (JSON.parse(holderJson as string) as Holder)
    if (nonce !== null && isHeld(session, {until: until as number, holder}, now)) return false
    connection.run(NOW, place)
    return true
  }
  if (state !== 'failed') return false
  connection.run(AGAIN, place)
  connection.run(FORGET_LETTERS, {...place, message: message!})
  return true
}
const ONE = `
  SELECT deliveries.channel_id, subscriber_id, deliveries.seq, state, until, nonce, holder, messages.id, expires_at
    FROM deliveries ${WITH_MESSAGE}
   WHERE substr(deliveries.id, 14, 3) = substr(:id, 14, 3) AND deliveries.id = :id`
const NOW = `
  UPDATE deliveries SET until = 0, nonce = NULL, process_id = NULL
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq`
export const AGAIN = `
  UPDATE deliveries SET state = 'pending', attempts = 0, until = 0, nonce = NULL, process_id = NULL
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq AND state = 'failed'`
const FORGET_LETTERS = `
  DELETE FROM dead_letters
   WHERE substr(message_id, 14, 3) = substr(:message, 14, 3) AND message_id = :message
     AND channel_id = :channel AND subscriber_id = :subscriber`
