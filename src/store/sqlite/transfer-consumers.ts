import type {SentDelivery, TransferConsumer, Unfinished} from '../../model/transfer.js'
import {toBytes} from './ids.js'
import {logOf} from './log.js'
import type {Session} from './session.js'

/** Makes a consumer with what it isn't done with, if there is none; inside a transaction. @throws NOT_FOUND */
export function restoreConsumer(session: Session, consumer: TransferConsumer): boolean {
  const {channel, kind, name, cursor, createdAt, movedAt, inFlight = [], pending = []} = consumer
  const {connection, names} = session
  const place = {channel: logOf(session, channel).id, name: names.intern(name)}
  const made = connection.run(PUT, {
    ...place,
    kind,
    cursor,
    createdAt: Date.parse(createdAt),
    movedAt: Date.parse(movedAt),
  })
  if (made === 0) return false
  for (const unfinished of inFlight) putUnfinished(session, place, unfinished)
  for (const delivery of pending) restoreDelivery(session, delivery)
  return true
}
const PUT = `
  INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at)
  VALUES (:channel, :kind, :name, :cursor, :createdAt, :movedAt) ON CONFLICT DO NOTHING`

/** What was claimed is ready again, as if its worker were gone. */
function putUnfinished(
  {connection}: Session,
  place: {channel: number; name: number},
  {seq, state, attempt, until, reason}: Unfinished,
): void {
  connection.run(PUT_UNFINISHED, {
    ...place,
    seq,
    attempt,
    until: state === 'claimed' ? 0 : Date.parse(until),
    lost: Number(state === 'claimed'),
    reason: reason ?? null,
  })
}
const PUT_UNFINISHED = `
  INSERT INTO in_flight (channel_id, seq, name_id, attempt, until, lost, reason)
  SELECT :channel, seq, :name, :attempt, :until, :lost, :reason FROM messages WHERE channel_id = :channel AND seq = :seq
      ON CONFLICT DO NOTHING`

/** Makes a delivery of a message that is stored, if it isn't there; inside a transaction. @throws NOT_FOUND */
export function restoreDelivery(session: Session, delivery: SentDelivery): boolean {
  const {channel, subscriber, seq, id, state, attempts, nextAt, createdAt, history} = delivery
  return (
    session.connection.run(PUT_DELIVERY, {
      channel: logOf(session, channel).id,
      subscriber: session.names.intern(subscriber),
      seq,
      id: toBytes(id),
      state,
      attempts,
      until: nextAt === undefined ? 0 : Date.parse(nextAt),
      createdAt: Date.parse(createdAt),
      history: JSON.stringify(history),
    }) > 0
  )
}
const PUT_DELIVERY = `
  INSERT INTO deliveries (channel_id, subscriber_id, seq, id, state, attempts, until, created_at, history)
  SELECT :channel, :subscriber, seq, :id, :state, :attempts, :until, :createdAt, :history
    FROM messages WHERE channel_id = :channel AND seq = :seq
      ON CONFLICT DO NOTHING`
