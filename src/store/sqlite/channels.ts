import {
  type Channel,
  type ChannelSettings,
  type ChannelState,
  changeSettings,
  type SettingsChange,
} from '../../model/channel.js'
import {LeatError} from '../../model/errors.js'
import {isoTime} from '../../model/time.js'
import type {NewGrant, Outgoing} from '../store.js'
import type {Raw} from './connection.js'
import {closeIfDrained} from './draining.js'
import {findEarlier} from './duplicates.js'
import {store, toEntry} from './entry.js'
import {addGrant} from './grants.js'
import {logOf} from './log.js'
import {OpenLogs} from './open-logs.js'
import {placeAllPushes} from './pushes.js'
import {storeDue} from './scheduled.js'
import type {Session} from './session.js'

/** Makes a channel; a name that was used before goes on behind its last seq. @throws EXISTS */
export function createChannel(
  session: Session,
  name: string,
  settings: ChannelSettings,
  by: string,
  grants: readonly NewGrant[] = [],
): Channel {
  const {connection, clock} = session
  return connection.write(() => {
    const before = connection.get(ROW_BY_NAME, [name])
    if (before && before['deleted_at'] === null) throw exists(session, before['name'] as string)
    const now = clock()
    const id = before ? (before['id'] as number) : connection.insert(INSERT, [name, now, by])
    if (before) connection.run(REVIVE, [name, now, by, id])
    else connection.run('INSERT INTO counters (channel_id) VALUES (?)', [id])
    saveSettings(session, id, settings)
    for (const grant of grants) addGrant(session, id, grant, grant.permission)
    return toChannel(connection.row(CHANNEL_BY_ID, [id])!)
  })
}
const ROW_BY_NAME = 'SELECT id, name, deleted_at FROM channels WHERE name = ?'
const INSERT = 'INSERT INTO channels (name, created_at, created_by) VALUES (?, ?, ?)'
const REVIVE = `UPDATE channels SET name = ?, state = 'open', created_at = ?, created_by = ?, deleted_at = NULL WHERE id = ?`

function exists({label}: Session, name: string): LeatError {
  return new LeatError('EXISTS', `there is a channel "${name}" in ${label} already`, {
    hint: `leat channel show ${name}`,
  })
}

function saveSettings({connection}: Session, id: number, settings: ChannelSettings): void {
  const {retention, metadata} = settings
  connection.run(SAVE_SETTINGS, {
    id,
    title: settings.title ?? null,
    description: settings.description ?? null,
    restricted: Number(settings.restricted ?? false),
    hidden: Number(settings.hidden ?? false),
    contentType: settings.contentType ?? null,
    schema: settings.schema ?? null,
    maxAge: retention?.maxAge ?? null,
    maxMessages: retention?.maxMessages ?? null,
    ingress: settings.ingress ?? null,
    egress: settings.egress ?? null,
    metadata: JSON.stringify(metadata ?? {}),
  })
}
const SAVE_SETTINGS = `
  UPDATE channels
     SET title = :title, description = :description, restricted = :restricted, hidden = :hidden,
         content_type = :contentType, schema = :schema, max_age = :maxAge, max_messages = :maxMessages,
         ingress = :ingress, egress = :egress, metadata = :metadata
   WHERE id = :id`

/** The columns of a channel, in the order that `toChannel` knows. */
export const CHANNEL_COLUMNS = `
  channels.id, channels.name, state, title, description, restricted, hidden, content_type, schema, max_age, max_messages,
  ingress, egress, metadata, channels.created_at, channels.created_by, last_seq`
const CHANNEL_BY_ID = `SELECT ${CHANNEL_COLUMNS} FROM channels JOIN counters ON channel_id = channels.id WHERE channels.id = ?`
const CHANNEL_BY_NAME = `
  SELECT ${CHANNEL_COLUMNS} FROM channels JOIN counters ON channel_id = channels.id
   WHERE channels.name = ? AND deleted_at IS NULL`
const ALL_CHANNELS = `
  SELECT ${CHANNEL_COLUMNS} FROM channels JOIN counters ON channel_id = channels.id
   WHERE deleted_at IS NULL ORDER BY channels.name COLLATE BINARY`

/** A row that begins with `CHANNEL_COLUMNS`, as the model has it. */
export function toChannel(row: Raw): Channel {
  const [
    ,
    name,
    state,
    title,
    description,
    restricted,
    hidden,
    contentType,
    schema,
    maxAge,
    maxMessages,
    ingress,
    egress,
    metadata,
    createdAt,
    createdBy,
    lastSeq,
  ] = row
  // Field by field: a spread for each that may be absent costs more than all the rest, and this runs at every wake.
  const retention: Channel['retention'] = {}
  if (maxAge !== null) retention.maxAge = maxAge as number
  if (maxMessages !== null) retention.maxMessages = maxMessages as number
  const given: Partial<Channel> = {name: name as string, state: state as ChannelState}
  if (title !== null) given.title = title as string
  if (description !== null) given.description = description as string
  if (contentType !== null) given.contentType = contentType as string
  if (schema !== null) given.schema = schema as string
  if (ingress !== null) given.ingress = ingress as string
  if (egress !== null) given.egress = egress as string
  given.restricted = restricted === 1
  given.retention = retention
  given.metadata = metadata === '{}' ? {} : (JSON.parse(metadata as string) as Record<string, string>)
  given.hidden = hidden === 1
  given.createdAt = isoTime(createdAt as number)
  given.createdBy = createdBy as string
  given.lastSeq = lastSeq as number
  return given as Channel
}

export function getChannel(session: Session, name: string): Channel | undefined {
  return findChannel(session, name)?.channel
}

export function allChannels({connection}: Session): Channel[] {
  return connection.rows(ALL_CHANNELS).map(toChannel)
}

/** @throws NOT_FOUND */
export function updateChannel(session: Session, name: string, change: SettingsChange): Channel {
  return session.connection.write(() => {
    const {id, channel} = channelRow(session, name)
    const settings = changeSettings<ChannelSettings>(channel, change)
    saveSettings(session, id, settings)
    if (settings.egress !== channel.egress) {
      placeAllPushes(session, id, channel.lastSeq)
      closeIfDrained(session, id)
    }
    return toChannel(session.connection.row(CHANNEL_BY_ID, [id])!)
  })
}

/** Opens, drains or closes a channel; with `last`, that message of it is stored first. @throws NOT_FOUND */
export function setState(session: Session, name: string, state: ChannelState, last?: Outgoing): Channel {
  const {connection, clock} = session
  return connection.write(() => {
    const {id} = channelRow(session, name)
    storeDue(session, clock())
    if (last) storeLast(session, name, last, clock())
    connection.run('UPDATE channels SET state = ? WHERE id = ?', [state, id])
    closeIfDrained(session, id)
    return toChannel(connection.row(CHANNEL_BY_ID, [id])!)
  })
}

/** Stores a message as `append` does, but whatever the state of its channel. */
function storeLast(session: Session, name: string, message: Outgoing, now: number): void {
  const logs = new OpenLogs(session, now)
  const log = logs.get(name, () => logOf(session, name))
  const entry = toEntry(session, message, now)
  if (!findEarlier(session, log, entry, true)) store(session, log, entry, now)
  logs.save()
}

/** Gives a channel another name; a tombstone keeps the old name's last seq. @throws NOT_FOUND, EXISTS */
export function renameChannel(session: Session, name: string, to: string): Channel {
  const {connection, clock} = session
  return connection.write(() => {
    const {id, channel} = channelRow(session, name)
    const before = connection.get(ROW_BY_NAME, [to])
    if (before && before['id'] !== id) {
      if (before['deleted_at'] === null) throw exists(session, before['name'] as string)
      // The name goes on behind its own last seq; what is stored keeps its seqs, so that leaves a gap.
      connection.run(GO_ON_BEHIND, {id, tombstone: before['id']!})
      connection.run('DELETE FROM counters WHERE channel_id = ?', [before['id']!])
      connection.run('DELETE FROM channels WHERE id = ?', [before['id']!])
    }
    connection.run('UPDATE channels SET name = ? WHERE id = ?', [to, id])
    if (before?.['id'] !== id) leaveTombstone(session, name, channel.createdBy, channel.lastSeq, clock())
    return toChannel(connection.row(CHANNEL_BY_ID, [id])!)
  })
}
const GO_ON_BEHIND = `
  UPDATE counters
     SET last_seq = other.last_seq,
         first_seq = CASE WHEN counters.message_count = 0 THEN other.last_seq + 1 ELSE counters.first_seq END,
         hole_seq = CASE WHEN counters.message_count = 0 THEN counters.hole_seq ELSE other.last_seq END
    FROM (SELECT last_seq FROM counters WHERE channel_id = :tombstone) AS other
   WHERE channel_id = :id AND other.last_seq > counters.last_seq`

function leaveTombstone({connection}: Session, name: string, by: string, lastSeq: number, now: number): void {
  const id = connection.insert('INSERT INTO channels (name, created_at, created_by, deleted_at) VALUES (?, ?, ?, ?)', [
    name,
    now,
    by,
    now,
  ])
  connection.run('INSERT INTO counters (channel_id, last_seq, first_seq) VALUES (?, ?, ?)', [id, lastSeq, lastSeq + 1])
}

/** Deletes a channel with all that belongs to it, but for its name and last seq. @throws NOT_FOUND */
export function deleteChannel(session: Session, name: string): number {
  const {connection, clock} = session
  return connection.write(() => {
    const {id} = channelRow(session, name)
    connection.run(DELETE_REFERENCES, [id])
    const deleted = connection.run('DELETE FROM messages WHERE channel_id = ?', [id])
    connection.run('DELETE FROM scheduled WHERE channel_id = ?', [id])
    connection.run('DELETE FROM consumers WHERE channel_id = ?', [id])
    connection.run('DELETE FROM in_flight WHERE channel_id = ?', [id])
    connection.run('DELETE FROM workers WHERE channel_id = ?', [id])
    connection.run('DELETE FROM deliveries WHERE channel_id = ?', [id])
    connection.run('DELETE FROM dead_letters WHERE channel_id = ?', [id])
    connection.run('DELETE FROM subscriptions WHERE channel_id = ?', [id])
    connection.run('DELETE FROM grants WHERE channel_id = ?', [id])
    connection.run('UPDATE counters SET first_seq = last_seq + 1, message_count = 0 WHERE channel_id = ?', [id])
    connection.run('UPDATE channels SET deleted_at = ? WHERE id = ?', [clock(), id])
    return deleted
  })
}
const DELETE_REFERENCES = `
  DELETE FROM message_references
   WHERE EXISTS (SELECT 1 FROM message_references)
     AND row IN (SELECT row FROM messages WHERE channel_id = ? AND refs IS NOT NULL)`

/** The row id of a channel, and the channel. @throws NOT_FOUND */
export function channelRow(session: Session, name: string): {id: number; channel: Channel} {
  const found = findChannel(session, name)
  if (found) return found
  throw new LeatError('NOT_FOUND', `no channel "${name}" in ${session.label}`, {hint: `leat channel create ${name}`})
}

/** The row id of a channel, and the channel, if it is there. */
function findChannel({connection}: Session, name: string): {id: number; channel: Channel} | undefined {
  const row = connection.row(CHANNEL_BY_NAME, [name])
  // The index takes names that differ in case for the same, the port doesn't.
  return row && row[1] === name ? {id: row[0] as number, channel: toChannel(row)} : undefined
}
