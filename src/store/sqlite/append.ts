import {checkAccepts} from '../../model/channel.js'
import type {Body} from '../../model/content.js'
import type {Receipt, Sent} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Outgoing} from '../store.js'
import {checksumOf} from './checksum.js'
import {findEarlier} from './duplicates.js'
import {type Entry, store, toEntry} from './entry.js'
import {toId} from './ids.js'
import {type Log, logOf} from './log.js'
import {OpenLogs} from './open-logs.js'
import {hasScheduled, schedule, storeDue} from './scheduled.js'
import type {Session} from './session.js'

/** Laws 2, 4, 5, 6: stores messages in one transaction, behind the delayed ones that fell due. */
export function append(session: Session, messages: readonly Outgoing[]): Receipt[] {
  const {connection, clock} = session
  return connection.write(() => {
    const now = clock()
    storeDue(session, now)
    const logs = new OpenLogs(session, now)
    const around = {
      session,
      logs,
      now,
      time: isoTime(now),
      sum: checksumOf(messages),
      mayWait: hasScheduled(session) || messages.some(({deliverAt}) => deliverAt !== undefined),
    }
    const receipts = messages.map((message) => appendOne(around, message))
    logs.save()
    return receipts
  })
}

/** What is the same for all messages of a transaction. */
interface Around {
  session: Session
  logs: OpenLogs
  /** Milliseconds since 1970, and ISO 8601. */
  now: number
  time: string
  sum: (body: Body) => number
  /** Delayed messages have to be looked at. */
  mayWait: boolean
}

function appendOne({session, logs, now, time, sum, mayWait}: Around, message: Outgoing): Receipt {
  const targets = message.channels.map((name) => logs.get(name, () => logOf(session, name)))
  const entry = toEntry(session, message, now, sum)
  let first: ReturnType<typeof findEarlier>
  let stored = 0
  const sent: Sent[] = []
  // All lookups come first: a key that is known in one channel gives the message its id in the others.
  const known = targets.map((log) => findEarlier(session, log, entry, mayWait))
  for (const earlier of known) first ??= earlier
  if (first) entry.id = first.id
  targets.forEach((log, index) => {
    const earlier = known[index]
    if (!earlier) {
      checkAccepts(log, message.replyTo !== undefined)
      stored++
    }
    sent.push(earlier?.sent ?? place(session, log, entry, message, now))
  })
  const id = first ? toId(entry.id) : message.id
  return {
    id,
    thread: first?.thread ?? message.thread ?? id,
    time: first ? isoTime(first.time) : time,
    sent,
    ...(stored === 0 && {duplicate: true}),
  }
}

function place(session: Session, log: Log, entry: Entry, {deliverAt}: Outgoing, now: number): Sent {
  if (deliverAt === undefined || deliverAt <= now) return {channel: log.name, seq: store(session, log, entry, now)}
  schedule(session, log, entry, deliverAt, now)
  return {channel: log.name, deliverAt: isoTime(deliverAt)}
}
