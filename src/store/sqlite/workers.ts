import type {GroupKey} from '../../model/claim.js'
import type {Worker} from '../../model/consumer.js'
import {isoTime} from '../../model/time.js'
import {frontierOf, putFrontier} from './groups.js'
import {type Holder, isGone} from './holder.js'
import {logOf} from './log.js'
import {processId} from './processes.js'
import type {Session} from './session.js'

/** A worker says that it is there, making the group if it is new. @throws NOT_FOUND */
export function join(session: Session, {channel, group}: GroupKey, actor: string): {worker: string; created: boolean} {
  const {connection, names, clock, ids} = session
  const joined = connection.write(() => {
    const log = logOf(session, channel)
    const nameId = names.intern(group)
    const now = clock()
    const created = frontierOf(session, log.id, nameId) === undefined
    if (created) putFrontier(session, log.id, nameId, 0, now)
    const worker = ids()
    connection.run(JOIN, [worker, log.id, nameId, names.intern(actor), processId(session), now])
    return {worker, created}
  })
  session.workers.add(joined.worker)
  return joined
}
const JOIN = 'INSERT INTO workers (id, channel_id, name_id, actor_id, process_id, since) VALUES (?, ?, ?, ?, ?, ?)'

/** A worker goes. Again is no error. */
export function leave({connection, workers}: Session, worker: string): void {
  connection.write(() => connection.run('DELETE FROM workers WHERE id = ?', [worker]))
  connection.whenKept(() => workers.delete(worker))
}

/** All that joined through this handle go. */
export function leaveAll(session: Session): void {
  if (session.workers.size === 0) return
  session.connection.write(() => {
    for (const worker of [...session.workers]) leave(session, worker)
  })
}

/** The workers of a group that are there now. */
export function workersOf(session: Session, channelId: number, nameId: number): Worker[] {
  const {connection, names} = session
  return connection.rows(OF_GROUP, [channelId, nameId]).flatMap(([actorId, holderJson, since]) => {
    const holder = JSON.parse(holderJson as string) as Holder
    if (isGone(holder, session.self().machine)) return []
    return [{actor: names.nameOf(actorId as number), holder: holderName(holder), since: isoTime(since as number)}]
  })
}
const OF_GROUP = `
  SELECT actor_id, holder, since FROM workers JOIN processes ON processes.id = process_id
   WHERE channel_id = ? AND name_id = ? ORDER BY since, workers.id`

/** How a holder is shown. */
export const holderName = ({pid}: Holder): string => `process ${pid}`
