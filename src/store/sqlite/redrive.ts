import {checkAccepts} from '../../model/channel.js'
import type {Body} from '../../model/content.js'
import type {Redriven} from '../../model/dead-letter.js'
import type {Seq} from '../../model/message.js'
import type {Value} from './connection.js'
import {rowOf} from './dead-letters.js'
import {putDelivery} from './deliveries.js'
import {AGAIN} from './delivery-list.js'
import {type Entry, store} from './entry.js'
import {frontierOf, putFrontier} from './groups.js'
import {type Log, logById} from './log.js'
import {OpenLogs} from './open-logs.js'
import {pushCursor} from './pushes.js'
import {storeDue} from './scheduled.js'
import type {Session} from './session.js'

type Letter = Record<string, Value>

/**
 * Gives dead letters to their groups and subscribers again, all or none; those that are gone, whose message has expired,
 * or whose subscriber is pushed nothing any more, are passed over. @throws CHANNEL_CLOSED
 */
export function redrive(session: Session, ids: readonly string[]): Redriven[] {
  const {connection, clock} = session
  return connection.write(() => {
    const now = clock()
    storeDue(session, now)
    const logs = new OpenLogs(session, now)
    const redriven = ids.flatMap((id) => {
      const row = rowOf(session, id)
      const letter = row === undefined ? undefined : connection.get(LETTER, [row])
      if (!letter || isExpired(letter, now) || isDelayed(session, letter) || isUnwanted(session, letter)) return []
      const log = logs.get(letter['channel_id'] as number, () => logById(session, letter['channel_id'] as number))
      checkAccepts(log, true)
      const seq = giveAgain(session, log, letter, now)
      connection.run('DELETE FROM dead_letters WHERE row = ?', [row!])
      const nameId = letter['name_id'] as number | null
      const subscriberId = letter['subscriber_id'] as number | null
      const {names} = session
      return [
        {
          id,
          channel: log.name,
          ...(nameId !== null && {group: names.nameOf(nameId)}),
          ...(subscriberId !== null && {subscriber: names.nameOf(subscriberId)}),
          seq,
        },
      ]
    })
    logs.save()
    return redriven
  })
}
const LETTER = 'SELECT * FROM dead_letters WHERE row = ?'

const isExpired = ({expires_at: expiresAt}: Letter, now: number): boolean =>
  expiresAt !== null && (expiresAt as number) <= now

/** Whether the same message was sent again meanwhile and has no place yet: nothing can be given. */
const isDelayed = ({connection}: Session, {message_id: id, channel_id: channel}: Letter): boolean =>
  connection.row('SELECT 1 FROM scheduled WHERE id = ? AND channel_id = ?', [id!, channel!]) !== undefined

/** Whether it is of a delivery, and nothing is pushed to the subscriber any more. */
const isUnwanted = (session: Session, {subscriber_id: subscriber, channel_id: channel}: Letter): boolean =>
  subscriber !== null && pushCursor(session, channel as number, subscriber as number) === undefined

/** Returns the seq at which the message is given. */
function giveAgain(session: Session, log: Log, letter: Letter, now: number): Seq {
  const nameId = letter['name_id'] as number | null
  const placed = placeOf(session, log, letter)
  const subscriberId = letter['subscriber_id'] as number | null
  if (subscriberId !== null) {
    if (placed === undefined) return storeAnew(session, log, letter, subscriberId, now)
    deliverAgain(session, log.id, subscriberId, placed)
    return placed
  }
  if (nameId === null) return placed ?? storeAnew(session, log, letter, null, letter['time'] as number)
  // A group that was forgotten is made again, but not to do everything again.
  const known = frontierOf(session, log.id, nameId)
  const frontier = known ?? log.lastSeq
  if (known === undefined) putFrontier(session, log.id, nameId, frontier, now)
  if (placed === undefined) return storeAnew(session, log, letter, nameId, now)
  session.connection.run(READY, {channel: log.id, seq: placed, name: nameId, frontier})
  return placed
}
/** What the group will be given anyway, and what is in the hands of a worker already, is left to that. */
const READY = `
  INSERT INTO in_flight (channel_id, seq, name_id, attempt, until)
  SELECT channel_id, seq, :name, 0, 0 FROM messages
   WHERE channel_id = :channel AND seq = :seq
     AND (seq <= :frontier OR (recipient_id IS NOT NULL AND recipient_id <> :name))
      ON CONFLICT DO NOTHING`

/** What the subscription hasn't been given yet, or is on its way already, is left to that. */
function deliverAgain(session: Session, channelId: number, subscriberId: number, seq: Seq): void {
  session.connection.run(AGAIN, {channel: channelId, subscriber: subscriberId, seq})
  if (seq <= pushCursor(session, channelId, subscriberId)!) putDelivery(session, channelId, subscriberId, seq)
}

/** Where the message is stored: its own place, or if it was pruned and sent again, another. */
function placeOf({connection}: Session, log: Log, letter: Letter): Seq | undefined {
  return connection.row(PLACE, {channel: log.id, id: letter['message_id']!})?.[0] as Seq | undefined
}
const PLACE = `
  SELECT seq FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id AND channel_id = :channel`

/** @param recipientId the group or the subscriber that it is for; null: whom it was for */
function storeAnew(session: Session, log: Log, letter: Letter, recipientId: number | null, time: number): Seq {
  const {connection} = session
  const entry = toEntry(letter)
  // The key may have been used again since.
  if (connection.row(HAS_KEY, {channel: log.id, key: entry.key})) entry.key = null
  entry.recipientId = recipientId ?? entry.recipientId
  return store(session, log, entry, time, letter['sent_at'] as number | null)
}
const HAS_KEY = `
  SELECT 1 FROM messages WHERE channel_id = :channel AND key = :key
   UNION ALL
  SELECT 1 FROM scheduled WHERE channel_id = :channel AND key = :key LIMIT 1`

function toEntry(letter: Letter): Entry {
  const refs = letter['refs'] as Buffer | null
  const redactedAt = letter['redacted_at'] as number | null
  return {
    id: letter['message_id'] as Buffer,
    senderId: letter['sender_id'] as number,
    type: letter['type'] as string,
    contentType: letter['content_type'] as string | null,
    checksum: letter['checksum'] as number,
    recipientId: letter['recipient_id'] as number | null,
    replyTo: letter['reply_to'] as Buffer | null,
    thread: letter['thread'] as Buffer | null,
    references: refs === null ? [] : splitIds(refs),
    conversationId: letter['conversation_id'] as number | null,
    correlationId: letter['correlation_id'] as string | null,
    key: letter['key'] as string | null,
    replyChannel: letter['reply_channel'] as string | null,
    headers: letter['headers'] as string | null,
    expiresAt: letter['expires_at'] as number | null,
    content: letter['content'] as Body,
    ...(redactedAt !== null && {redacted: {at: redactedAt, by: letter['redacted_by'] as string}}),
  }
}

const splitIds = (refs: Buffer): Buffer[] =>
  Array.from({length: refs.length / 16}, (_, index) => refs.subarray(index * 16, index * 16 + 16))
