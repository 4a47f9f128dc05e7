import {type Holder, isGone} from './holder.js'
import type {Session} from './session.js'

/** The number of this process, new if need be: then those that are gone are forgotten. Only inside a write transaction. */
export function processId(session: Session): number {
  const {connection} = session
  const holder = JSON.stringify(session.self())
  const known = connection.row('SELECT id FROM processes WHERE holder = ?', [holder])?.[0] as number | undefined
  if (known !== undefined) return known
  for (const other of holdersOf(session, ALL))
    if (isGone(other.holder, session.self().machine)) forgetProcess(session, other)
  return connection.insert('INSERT INTO processes (holder) VALUES (?)', [holder])
}
const ALL = 'SELECT id, holder FROM processes'

export interface Process {
  id: number
  holder: Holder
}

/** The other processes that have messages of a group in hand, by whether they are gone. */
export function othersOf(session: Session, channelId: number, nameId: number): {gone: Process[]; alive: Process[]} {
  const {machine, pid, started} = session.self()
  const others = holdersOf(session, WITH_CLAIMS, [channelId, nameId]).filter(
    ({holder}) => holder.machine !== machine || holder.pid !== pid || holder.started !== started,
  )
  const gone = others.filter(({holder}) => isGone(holder, machine))
  return {gone, alive: others.filter((other) => !gone.includes(other))}
}
const WITH_CLAIMS = `
  SELECT id, holder FROM processes
   WHERE EXISTS (SELECT 1 FROM in_flight WHERE process_id = processes.id AND channel_id = ? AND name_id = ?)`

const holdersOf = ({connection}: Session, statement: string, parameters: readonly number[] = []): Process[] =>
  connection
    .rows(statement, parameters)
    .map(([id, holder]) => ({id: id as number, holder: JSON.parse(holder as string) as Holder}))

/** Frees what a process that is gone had in hand, work and deliveries, and forgets its workers. Inside a write transaction. */
export function forgetProcess({connection}: Session, {id, holder}: Process): void {
  connection.run(FREE_ALL, [lostWith(holder), id])
  connection.run(FREE_DELIVERIES, [id])
  connection.run('DELETE FROM workers WHERE process_id = ?', [id])
  connection.run('DELETE FROM processes WHERE id = ?', [id])
}
const FREE_ALL = `
  UPDATE in_flight SET until = 0, nonce = NULL, actor_id = NULL, process_id = NULL, lost = 1, reason = ?
   WHERE process_id = ?`
/** A delivery's attempt has counted since it began. */
const FREE_DELIVERIES = 'UPDATE deliveries SET until = 0, nonce = NULL, process_id = NULL WHERE process_id = ?'

export const lostWith = ({pid}: Holder): string => `process ${pid} ended without settling it`
