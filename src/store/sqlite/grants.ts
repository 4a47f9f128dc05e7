import type {Grant, Permission} from '../../model/permission.js'
import {logOf} from './log.js'
import type {Session} from './session.js'

export function listGrants(
  {connection, names}: Session,
  {channel, actor}: {channel?: string; actor?: string},
): Grant[] {
  const rows =
    actor === undefined
      ? connection.all(channel === undefined ? ALL : BY_CHANNEL, channel === undefined ? [] : {channel})
      : connection.all(BY_ACTOR, {actor: names.idOf(actor), channel: channel ?? null})
  return rows.map((row) => ({
    channel: row['channel'] as string,
    actor: row['actor'] as string,
    permission: row['permission'] as Permission,
  }))
}
const SELECT = 'SELECT channels.name AS channel, names.name AS actor, permission'
const ORDER = 'ORDER BY channels.name COLLATE BINARY, names.name, permission'
const ALL = `
  ${SELECT} FROM grants JOIN channels ON channels.id = channel_id JOIN names ON names.id = actor_id ${ORDER}`
const BY_CHANNEL = `
  ${SELECT} FROM channels JOIN grants ON channel_id = channels.id JOIN names ON names.id = actor_id
   WHERE channels.name = :channel AND channels.name = :channel COLLATE BINARY ${ORDER}`
const BY_ACTOR = `
  ${SELECT} FROM grants JOIN channels ON channels.id = channel_id JOIN names ON names.id = actor_id
   WHERE actor_id = :actor AND (:channel IS NULL OR channels.name = :channel COLLATE BINARY) ${ORDER}`

/** Replaces the permissions of one actor. @throws NOT_FOUND */
export function replaceGrants(
  session: Session,
  channel: string,
  actor: string,
  permissions: readonly Permission[],
): void {
  session.connection.write(() => setGrants(session, logOf(session, channel).id, actor, permissions))
}

/** The same inside a transaction. */
export function setGrants(
  {connection, names}: Session,
  channelId: number,
  actor: string,
  permissions: readonly Permission[],
): void {
  const actorId = names.intern(actor)
  connection.run('DELETE FROM grants WHERE channel_id = ? AND actor_id = ?', [channelId, actorId])
  for (const permission of new Set(permissions))
    connection.run('INSERT INTO grants (channel_id, actor_id, permission) VALUES (?, ?, ?)', [
      channelId,
      actorId,
      permission,
    ])
}
