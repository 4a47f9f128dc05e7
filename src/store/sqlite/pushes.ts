import type {Seq} from '../../model/message.js'
import {isPush} from '../../model/subscription.js'
import type {Session} from './session.js'

/**
 * Makes the push consumer of a subscription, or takes it away with its deliveries, as the subscription and the egress of
 * its channel are now; inside a transaction.
 * @param lastSeq where a new one begins
 * @param cursor  where one begins or goes on, if that was said
 */
export function placePush(
  session: Session,
  channelId: number,
  subscriberId: number,
  {lastSeq, cursor}: {lastSeq: Seq; cursor?: Seq | undefined},
): void {
  const {connection, clock} = session
  const [transport, endpoint, egress] = connection.row(CHOICE, [channelId, subscriberId]) as (string | null)[]
  if (!isPush({transport: transport ?? undefined, endpoint: endpoint ?? undefined}, egress ?? undefined)) {
    removePush(session, channelId, subscriberId)
    return
  }
  const place = {channel: channelId, subscriber: subscriberId, now: clock()}
  connection.run(BEGIN, {...place, cursor: cursor ?? lastSeq})
  if (cursor !== undefined) connection.run(MOVE, {...place, cursor})
}
const CHOICE = `
  SELECT transport, endpoint, egress FROM subscriptions JOIN channels ON channels.id = channel_id
   WHERE channel_id = ? AND subscriber_id = ?`
const BEGIN = `
  INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at)
  VALUES (:channel, 'push', :subscriber, :cursor, :now, :now) ON CONFLICT DO NOTHING`
const MOVE = `
  UPDATE consumers SET cursor = :cursor, moved_at = :now
   WHERE channel_id = :channel AND kind = 'push' AND name_id = :subscriber`

/** As `placePush`, for every subscription of a channel whose egress is another now. */
export function placeAllPushes(session: Session, channelId: number, lastSeq: Seq): void {
  for (const [subscriberId] of session.connection.rows(SUBSCRIBERS, [channelId]))
    placePush(session, channelId, subscriberId as number, {lastSeq})
}
const SUBSCRIBERS = 'SELECT subscriber_id FROM subscriptions WHERE channel_id = ?'

/** Takes the push consumer of a subscription away with its deliveries; inside a transaction. */
export function removePush({connection}: Session, channelId: number, subscriberId: number): void {
  connection.run(`DELETE FROM consumers WHERE channel_id = ? AND kind = 'push' AND name_id = ?`, [
    channelId,
    subscriberId,
  ])
  connection.run('DELETE FROM deliveries WHERE channel_id = ? AND subscriber_id = ?', [channelId, subscriberId])
}

/** Up to where a subscriber was given messages; undefined when nothing is pushed to it. */
export const pushCursor = ({connection}: Session, channelId: number, subscriberId: number): Seq | undefined =>
  connection.row(CURSOR, [channelId, subscriberId])?.[0] as Seq | undefined
const CURSOR = `SELECT cursor FROM consumers WHERE channel_id = ? AND kind = 'push' AND name_id = ?`
