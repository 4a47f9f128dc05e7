import type {Consumer, ConsumerKey, ConsumerKind, Move} from '../../model/consumer.js'
import {LeatError} from '../../model/errors.js'
import type {Filter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import {isoTime} from '../../model/time.js'
import type {ReaderKey} from '../store.js'
import type {Value} from './connection.js'
import {closeIfDrained} from './draining.js'
import {forgetGroup} from './groups.js'
import {holderOf} from './holds.js'
import {findLog, logOf} from './log.js'
import type {Session} from './session.js'
import {countBetween, countUnread} from './unread.js'
import {viewOf} from './view.js'
import {workersOf} from './workers.js'

export function getConsumer(session: Session, {channel, kind, name}: ConsumerKey): Consumer | undefined {
  const log = findLog(session, channel)
  const row = log && session.connection.get(ONE, [log.id, kind, session.names.idOf(name)])
  return row && toConsumer(session, row)
}
const SELECT = `
  SELECT channels.name AS channel, kind, names.name AS name, cursor, consumers.created_at, moved_at,
         hold_token, hold_process, hold_until, hold_from, hold_to, consumers.channel_id, name_id`
const ONE = `
  ${SELECT} FROM consumers JOIN channels ON channels.id = channel_id JOIN names ON names.id = name_id
   WHERE channel_id = ? AND kind = ? AND name_id = ?`

export function listConsumers(
  session: Session,
  {channel, kind, name}: {channel?: string; kind?: ConsumerKind; name?: string},
): Consumer[] {
  const {connection, names} = session
  const log = channel === undefined ? undefined : findLog(session, channel)
  if (channel !== undefined && !log) return []
  const parameters = {channel: log?.id ?? null, kind: kind ?? null, name: name === undefined ? null : names.idOf(name)}
  const statement = log ? OF_CHANNEL : name === undefined ? ALL : OF_NAME
  return connection.all(statement, parameters).map((row) => toConsumer(session, row))
}
const WANTED = `(:kind IS NULL OR kind = :kind) AND (:name IS NULL OR name_id = :name) AND (:channel IS NULL OR channel_id = :channel)
   ORDER BY channels.name COLLATE BINARY, kind, names.name`
const OF_CHANNEL = `
  ${SELECT} FROM consumers JOIN channels ON channels.id = channel_id JOIN names ON names.id = name_id
   WHERE channel_id = :channel AND ${WANTED}`
const OF_NAME = `
  ${SELECT} FROM consumers JOIN channels ON channels.id = channel_id JOIN names ON names.id = name_id
   WHERE name_id = :name AND ${WANTED}`
const ALL = `
  ${SELECT} FROM consumers JOIN channels ON channels.id = channel_id JOIN names ON names.id = name_id
   WHERE ${WANTED}`

function toConsumer(session: Session, row: Record<string, Value>): Consumer {
  const holder = holderOf(row, session.clock())
  return {
    channel: row['channel'] as string,
    kind: row['kind'] as ConsumerKind,
    name: row['name'] as string,
    cursor: row['cursor'] as number,
    createdAt: isoTime(row['created_at'] as number),
    movedAt: isoTime(row['moved_at'] as number),
    ...(holder && {
      held: {
        holder: `process ${holder.pid}`,
        until: isoTime(row['hold_until'] as number),
        from: row['hold_from'] as number,
        to: row['hold_to'] as number,
      },
    }),
    ...(row['kind'] === 'workers' && {
      workers: workersOf(session, row['channel_id'] as number, row['name_id'] as number),
    }),
  }
}

/** Law 8: moves a reader's cursor anywhere, or says what that would do. @throws NOT_FOUND, INVALID, BUSY */
export function seek(
  session: Session,
  {channel, reader}: ReaderKey,
  seq: Seq,
  {actor, dryRun = false, forwardOnly = false}: {actor: string; dryRun?: boolean; forwardOnly?: boolean},
): Move {
  const {connection, names, clock} = session
  const work = (): Move => {
    const log = logOf(session, channel)
    checkPlace(channel, seq, log.lastSeq)
    const now = clock()
    const row = connection.get(STANDING, [log.id, names.idOf(reader)])
    const holder = row && holderOf(row, now)
    if (holder)
      throw new LeatError('BUSY', `process ${holder.pid} is reading ${channel} as ${reader}`, {
        hint: 'wait until it is done',
      })
    const from = (row?.['cursor'] as number | undefined) ?? 0
    const to = forwardOnly ? Math.max(from, seq) : seq
    if (!dryRun) putCursor(session, log.id, reader, to, now)
    const view = viewOf(session, actor)
    return {
      channel,
      reader,
      from,
      to,
      again: countBetween(session, log, to, from, view),
      skipped: countBetween(session, log, from, to, view),
    }
  }
  return dryRun ? connection.read(work) : connection.write(work)
}
const STANDING = `
  SELECT cursor, hold_token, hold_process, hold_until FROM consumers
   WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`

/** @throws INVALID a seq that the channel never had */
export function checkPlace(channel: string, seq: Seq, lastSeq: Seq): void {
  if (Number.isSafeInteger(seq) && seq >= 0 && seq <= lastSeq) return
  throw new LeatError('INVALID', `${channel} has no place ${seq}: its last is ${lastSeq}`)
}

/** Puts a reader at a place, making it if it is new; a hold on it is lost. */
export function putCursor(
  {connection, names}: Session,
  channelId: number,
  reader: string,
  cursor: Seq,
  now: number,
): void {
  connection.run(PUT_CURSOR, {channel: channelId, name: names.intern(reader), cursor, now})
}
const PUT_CURSOR = `
  INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at)
  VALUES (:channel, 'reader', :name, :cursor, :now, :now)
      ON CONFLICT DO UPDATE
     SET cursor = :cursor, moved_at = :now,
         hold_token = NULL, hold_process = NULL, hold_until = NULL, hold_from = NULL, hold_to = NULL, hold_up_to = NULL`

/** How many messages `take` would give in all. */
export function unread(
  session: Session,
  {channel, reader}: ReaderKey,
  {actor, filter}: {actor: string; filter?: Filter},
): number {
  const {connection, names} = session
  return connection.read(() => {
    const log = findLog(session, channel)
    if (!log) return 0
    const cursor = connection.row(CURSOR, [log.id, names.idOf(reader)])?.[0] as number | undefined
    return countUnread(session, log, cursor ?? 0, actor, filter)
  })
}
const CURSOR = `SELECT cursor FROM consumers WHERE channel_id = ? AND kind = 'reader' AND name_id = ?`

/** Forgets a consumer, and of a group what it has in flight. A push consumer goes with its subscription alone. Returns whether there was one. */
export function forget(session: Session, {channel, kind, name}: ConsumerKey): boolean {
  const {connection, names} = session
  if (kind === 'push') return false
  return connection.write(() => {
    const log = findLog(session, channel)
    if (!log) return false
    const nameId = names.idOf(name)
    if (kind === 'workers') forgetGroup(session, log.id, nameId)
    closeIfDrained(session, log.id)
    return connection.run(FORGET, [log.id, kind, nameId]) > 0
  })
}
const FORGET = 'DELETE FROM consumers WHERE channel_id = ? AND kind = ? AND name_id = ?'
