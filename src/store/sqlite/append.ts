import {checkAccepts} from '../../model/channel.js'
import type {Receipt, Sent} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {Outgoing} from '../store.js'
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
    const receipts = messages.map((message) => appendOne(session, logs, message, now))
    logs.save()
    return receipts
  })
}

function appendOne(session: Session, logs: OpenLogs, message: Outgoing, now: number): Receipt {
  const targets = message.channels.map((name) => logs.get(name, () => logOf(session, name)))
  const entry = toEntry(session, message, now)
  const mayWait = hasScheduled(session)
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
  const id = toId(entry.id)
  return {
    id,
    thread: first?.thread ?? message.thread ?? id,
    time: isoTime(first?.time ?? now),
    sent,
    ...(stored === 0 && {duplicate: true}),
  }
}

function place(session: Session, log: Log, entry: Entry, {deliverAt}: Outgoing, now: number): Sent {
  if (deliverAt === undefined || deliverAt <= now) return {channel: log.name, seq: store(session, log, entry, now)}
  schedule(session, log, entry, deliverAt, now)
  return {channel: log.name, deliverAt: isoTime(deliverAt)}
}
