import {v5} from 'uuid'
import type {DeliveryBatch} from '../../model/delivery.js'
import {LeatError} from '../../model/errors.js'
import type {Seq} from '../../model/message.js'
import type {SubscriptionKey} from '../../model/subscription.js'
import {Course, type Found} from './course.js'
import {DELIVERY_COLUMNS, isHeld, toDelivery, WITH_MESSAGE} from './delivery-rows.js'
import {closeIfDrained} from './draining.js'
import type {Holder} from './holder.js'
import {toBytes, toId} from './ids.js'
import {isOver} from './leases.js'
import {type Log, logOf} from './log.js'
import {forgetProcess, processId} from './processes.js'
import {messagesOf} from './rows.js'
import type {Session} from './session.js'
import {newNonce, tokenOf} from './tokens.js'
import {viewOf} from './view.js'

/** Milliseconds between two looks at whether another process that has the message in hand is still there. */
const WATCH = 500
/** Windows of new messages that one transaction looks at, at most. */
const WINDOWS = 10

/** What a look brought, and whether it is news for who waits for the store. */
interface Taken {
  batch: DeliveryBatch
  news: boolean
}

/** A push subscription as a consumer. */
interface Push extends SubscriptionKey {
  log: Log
  subscriberId: number
  subscriptionId: string
  cursor: Seq
  paused: boolean
  types: string[] | undefined
}

/**
 * Law 7: hands the next message of a push subscription to this process. Much may have to be passed over: that goes piece
 * by piece, and others can write in between.
 * @param attempt runs one piece as a step of the store (what fell due stored, errors mapped, a busy store waited for)
 * @throws NOT_FOUND
 */
export async function takeDelivery(
  session: Session,
  attempt: <T>(work: () => T) => Promise<T>,
  key: SubscriptionKey,
  {lease}: {lease: number},
): Promise<Taken> {
  let news = false
  for (;;) {
    const piece = await attempt(() => takeSome(session, key, lease))
    news ||= piece.news
    if (piece.batch) return {batch: piece.batch, news}
  }
}

type Piece = Partial<Pick<Taken, 'batch'>> & Pick<Taken, 'news'>

function takeSome(session: Session, key: SubscriptionKey, lease: number): Piece {
  // Looking costs no write lock: deliverers may do it as often as they like.
  const {connection} = session
  const nothing = connection.read(() => nothingToGive(session, pushOf(session, key)))
  if (nothing) return {batch: nothing, news: false}
  // A power cut ends the process, and with it the claim: undone, the message is given again as it would be anyway.
  return connection.writeUnsynced(() => give(session, pushOf(session, key), lease))
}

/** @throws NOT_FOUND */
function pushOf(session: Session, key: SubscriptionKey): Push {
  const log = logOf(session, key.channel)
  const subscriberId = session.names.idOf(key.subscriber)
  const row = session.connection.row(PUSH, [log.id, subscriberId])
  if (!row)
    throw new LeatError('NOT_FOUND', `nothing is pushed to "${key.subscriber}" from ${key.channel}`, {
      hint: `leat subscribe ${key.channel} --subscriber ${key.subscriber} --transport NAME --endpoint WHERE`,
    })
  const [cursor, id, paused, types] = row
  return {
    ...key,
    log,
    subscriberId,
    subscriptionId: toId(id as Buffer),
    cursor: cursor as Seq,
    paused: paused === 1,
    types: types === null ? undefined : (JSON.parse(types as string) as string[]),
  }
}
const PUSH = `
  SELECT cursor, subscriptions.id, paused, types
    FROM consumers JOIN subscriptions ON subscriptions.channel_id = consumers.channel_id AND subscriber_id = name_id
   WHERE consumers.channel_id = ? AND consumers.kind = 'push' AND name_id = ?`

/** What there is to say when nothing can be given now; undefined when there may be something. */
function nothingToGive(session: Session, push: Push): DeliveryBatch | undefined {
  const {log, paused, cursor} = push
  const seen = log.lastSeq
  if (paused) return {seen}
  const now = session.clock()
  const held = heldOf(session, push)
  if (held && isHeld(session, held, now)) {
    const lease = held.until - now
    return {seen, readyIn: held.isOwn ? lease : Math.min(lease, WATCH)}
  }
  const first = session.connection.row(FIRST, placeOf(push))
  if (!first) return cursor >= log.lastSeq ? {seen} : undefined
  const until = first[1] as number
  return !held && !isOver(until, now, false) ? {seen, readyIn: until - now} : undefined
}
const FIRST = `
  SELECT seq, until FROM deliveries INDEXED BY deliveries_pending
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND state = 'pending' ORDER BY seq LIMIT 1`

const placeOf = ({log, subscriberId}: Push) => ({channel: log.id, subscriber: subscriberId})

/** Who has a message of the subscription in hand, or had: there is one at most. */
function heldOf(session: Session, push: Push) {
  const row = session.connection.row(HELD, placeOf(push))
  if (!row) return undefined
  const holder = row[2] === null ? undefined : (JSON.parse(row[2] as string) as Holder)
  const self = session.self()
  const isOwn = holder?.machine === self.machine && holder.pid === self.pid && holder.started === self.started
  return {until: row[0] as number, processId: row[1] as number, holder, isOwn}
}
const HELD = `
  SELECT until, process_id, holder
    FROM deliveries INDEXED BY deliveries_held LEFT JOIN processes ON processes.id = process_id
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND nonce IS NOT NULL`

function give(session: Session, push: Push, lease: number): Piece {
  const {connection, clock} = session
  const now = clock()
  letGo(session, push, now)
  let dropped = false
  for (;;) {
    const nothing = nothingToGive(session, push)
    const next = nothing ? undefined : connection.row(NEXT, placeOf(push))
    if (!next) {
      const piece = nothing ? {batch: nothing, news: false} : giveFresh(session, push, lease, now)
      if (!dropped && piece.batch?.claim) return piece
      return {...piece, news: closeIfDrained(session, push.log.id)}
    }
    const [seq, row, expiresAt] = next as [Seq, number | null, number | null]
    if (row !== null && (expiresAt === null || expiresAt > now)) {
      mark(session, push, {seq, row}, {lease, now})
      return {batch: claimOf(session, push, {seq, row}, now), news: dropped && closeIfDrained(session, push.log.id)}
    }
    connection.run(DROP, {...placeOf(push), seq})
    dropped = true
  }
}
const NEXT = `
  SELECT deliveries.seq, messages.row, expires_at
    FROM deliveries INDEXED BY deliveries_pending
    LEFT JOIN messages ON messages.channel_id = deliveries.channel_id AND messages.seq = deliveries.seq
   WHERE deliveries.channel_id = :channel AND subscriber_id = :subscriber AND state = 'pending'
   ORDER BY deliveries.seq LIMIT 1`
const DROP = 'DELETE FROM deliveries WHERE channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq'

/** Frees what nobody has in hand any more: the lease is over, or the process gone. Its attempt has counted. */
function letGo(session: Session, push: Push, now: number): void {
  const held = heldOf(session, push)
  if (!held || isHeld(session, held, now)) return
  if (held.holder && held.until > now) forgetProcess(session, {id: held.processId, holder: held.holder})
  else session.connection.run(FREE, placeOf(push))
}
const FREE = `
  UPDATE deliveries SET until = 0, nonce = NULL, process_id = NULL
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND nonce IS NOT NULL`

/** The next message that the subscription wasn't given; no batch when more has to be looked at than one piece may. */
function giveFresh(session: Session, push: Push, lease: number, now: number): Piece {
  const {log, cursor, subscriber, types} = push
  const course = new Course(session, log, viewOf(session, subscriber, {types}), true, {after: cursor})
  for (let windows = 0; !course.finished && course.found.length === 0 && windows < WINDOWS; windows++) course.advance(1)
  const found = course.found[0]
  const reached = found ? found.seq : course.finished ? course.end : course.reached
  if (reached > cursor) session.connection.run(MOVE, {...placeOf(push), cursor: reached, now})
  if (found) {
    mark(session, push, found, {lease, now})
    return {batch: claimOf(session, push, found, now), news: false}
  }
  return course.finished ? {batch: {seen: log.lastSeq}, news: false} : {news: false}
}
const MOVE = `
  UPDATE consumers SET cursor = :cursor, moved_at = :now
   WHERE channel_id = :channel AND kind = 'push' AND name_id = :subscriber`

/** The id of a delivery: the same in every process, and after a power cut that undid the first attempt. */
const idOf = (subscriptionId: string, seq: Seq, messageId: string): Buffer =>
  toBytes(v5(`${seq}/${messageId}`, subscriptionId))

/** Puts a message on its way to a subscriber that was given it before, where no delivery of it is left; inside a transaction. */
export function putDelivery(session: Session, channelId: number, subscriberId: number, seq: Seq): void {
  const {connection, clock} = session
  const place = {channel: channelId, subscriber: subscriberId, seq}
  const [subscription, message] = connection.row(IDS, place) as Buffer[]
  connection.run(PUT, {...place, id: idOf(toId(subscription!), seq, toId(message!)), now: clock()})
}
const IDS = `
  SELECT subscriptions.id, messages.id FROM subscriptions JOIN messages USING (channel_id)
   WHERE channel_id = :channel AND subscriber_id = :subscriber AND seq = :seq`
const PUT = `
  INSERT INTO deliveries (channel_id, subscriber_id, seq, id, state, attempts, until, created_at)
  VALUES (:channel, :subscriber, :seq, :id, 'pending', 0, 0, :now) ON CONFLICT DO NOTHING`

/** Writes down that a message is in the hands of this process. */
function mark(session: Session, push: Push, {seq, row}: Found, {lease, now}: {lease: number; now: number}): void {
  const messageId = toId(session.connection.row('SELECT id FROM messages WHERE row = ?', [row])![0] as Buffer)
  session.connection.run(MARK, {
    ...placeOf(push),
    seq,
    id: idOf(push.subscriptionId, seq, messageId),
    until: now + lease,
    nonce: newNonce(session),
    process: processId(session),
    now,
  })
}
// One that was delivered is given again when the subscription was set back.
const MARK = `
  INSERT INTO deliveries (channel_id, subscriber_id, seq, id, state, attempts, until, nonce, process_id, created_at)
  VALUES (:channel, :subscriber, :seq, :id, 'pending', 1, :until, :nonce, :process, :now)
      ON CONFLICT DO UPDATE
     SET attempts = CASE WHEN state = 'pending' THEN attempts + 1 ELSE 1 END,
         state = 'pending', until = :until, nonce = :nonce, process_id = :process`

function claimOf(session: Session, push: Push, {seq, row}: Found, now: number): DeliveryBatch {
  const {connection, deliveries} = session
  const [nonce, ...columns] = connection.row(ONE, {...placeOf(push), seq})!
  const token = tokenOf(session, {
    channelId: push.log.id,
    nameId: push.subscriberId,
    seq,
    nonce: nonce as string,
  })
  deliveries.add(token)
  const delivery = toDelivery(session, push, columns, now)
  return {claim: {token, delivery, message: messagesOf(session, [row])[0]!}, seen: Math.max(push.cursor, seq)}
}
const ONE = `
  SELECT nonce, ${DELIVERY_COLUMNS} FROM deliveries ${WITH_MESSAGE}
   WHERE deliveries.channel_id = :channel AND subscriber_id = :subscriber AND deliveries.seq = :seq`
