import type {Body} from '../../model/content.js'
import type {MessageFields, Seq} from '../../model/message.js'
import {type Positions, seqIn} from '../../model/position.js'
import type {Placed} from '../store.js'
import {checksum, checksumOf} from './checksum.js'
import {isSameContent} from './duplicates.js'
import {type Entry, store, toEntry} from './entry.js'
import {toId} from './ids.js'
import {type Log, logOf, saveLog} from './log.js'
import {hasScheduled, storeDue} from './scheduled.js'
import type {Session} from './session.js'

/** Stores messages as they were in another store, in one transaction. @throws NOT_FOUND */
export function putMessages(
  session: Session,
  messages: readonly MessageFields[],
  tails: Positions,
): {placed: Placed[]; tails: Positions} {
  const {connection, clock} = session
  return connection.write(() => {
    storeDue(session, clock())
    const around = {mayWait: hasScheduled(session), sum: checksumOf(messages)}
    const logs = new Map<string, {log: Log; tail: Seq}>()
    const open = (name: string) => {
      const known = logs.get(name)
      if (known) return known
      const opened = {log: logOf(session, name), tail: seqIn(tails, name) ?? 0}
      logs.set(name, opened)
      return opened
    }
    for (const {channel} of messages) open(channel)
    const placed: Placed[] = []
    for (const message of messages) {
      const opened = open(message.channel)
      const one = putOne(session, opened.log, message, {...around, tail: opened.tail})
      placed.push(one)
      if (one.as === 'conflict') break
      opened.tail = one.seq === message.seq ? tailBehind(opened.tail, one.seq) : MOVED
    }
    for (const {log} of logs.values()) saveLog(session, log)
    const reached = [...logs].map(([name, {tail}]): [string, Seq] => [name, tail])
    return {placed, tails: {...tails, ...Object.fromEntries(reached)}}
  })
}

/** In place of a tail: from then on the channel has something of its own. */
const MOVED = -1

const tailBehind = (tail: Seq, seq: Seq): Seq => (tail === MOVED ? MOVED : seq)

function putOne(
  session: Session,
  log: Log,
  message: MessageFields,
  {tail, mayWait, sum}: {tail: Seq; mayWait: boolean; sum: (body: Body) => number},
): Placed {
  const entry = entryOf(session, message, sum)
  const there = session.connection.get(BY_ID, {id: entry.id, channel: log.id})
  if (there) {
    // What was redacted since stays so.
    if (there['sender_id'] === entry.senderId && (there['redacted_at'] !== null || isSame(there, entry)))
      return {as: 'there', seq: there['seq'] as Seq}
    return {
      as: 'conflict',
      message: `${log.name}/${there['seq']} has the id ${toId(entry.id)} with other content or another sender`,
    }
  }
  if (mayWait && session.connection.row(IS_WAITING, [entry.id, log.id]))
    return {as: 'conflict', message: `a delayed message of ${log.name} has the id ${toId(entry.id)}`}
  const keyed = entry.key === null ? undefined : session.connection.row(BY_KEY, [log.id, entry.key])
  if (keyed)
    return {as: 'conflict', message: `${log.name}/${keyed[0]} has the key ${JSON.stringify(entry.key)} with another id`}
  if (log.lastSeq === tail && message.seq > tail) skipTo(log, message.seq)
  return {as: 'stored', seq: store(session, log, entry, Date.parse(message.time), timeOf(message.sentAt))}
}
const BY_ID = `
  SELECT seq, sender_id, content_type, content, checksum, redacted_at FROM messages
   WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id AND channel_id = :channel`
const BY_KEY = 'SELECT seq FROM messages WHERE channel_id = ? AND key = ?'
const IS_WAITING = 'SELECT 1 FROM scheduled WHERE id = ? AND channel_id = ?'

const isSame = (there: Parameters<typeof isSameContent>[0], entry: Entry): boolean =>
  entry.redacted === undefined && there['content_type'] === entry.contentType && isSameContent(there, entry)

/**
 * A message of another store as its rows have it here; inside a write transaction.
 * @param sum how its content is summed up
 */
export function entryOf(session: Session, message: MessageFields, sum = checksum): Entry {
  const {channel, expiresAt, redactedAt, redactedBy} = message
  const entry = toEntry(
    session,
    {...message, channels: [channel], expiresAt: timeOf(expiresAt) ?? undefined},
    Date.parse(message.time),
    sum,
  )
  return redactedAt === undefined ? entry : {...entry, redacted: {at: Date.parse(redactedAt), by: redactedBy ?? ''}}
}

export const timeOf = (time: string | undefined): number | null => (time === undefined ? null : Date.parse(time))

/** The next message of a channel gets this seq: those in front of it, behind the last, stay missing. */
function skipTo(log: Log, seq: Seq): void {
  if (log.count === 0) log.firstSeq = seq
  else if (seq > log.lastSeq + 1) log.holeSeq = seq - 1
  log.lastSeq = seq - 1
}
