import type {Grant, Grantee, HeldGrant, Permission} from '../../model/permission.js'
import type {Raw, Value} from './connection.js'
import {findLog, logOf} from './log.js'
import {requireRole, roleId} from './roles.js'
import type {Session} from './session.js'

/** The channel id of what is granted on all channels. */
export const ALL_CHANNELS = 0
/** In place of an actor or a role. */
const NOBODY = 0
/** What no row has. */
const UNKNOWN = -1

/** Grants as they were given. Each question has a statement of its own: all grants are read only where all are asked for. */
export function listGrants(
  session: Session,
  {channel, actor, role}: {channel?: string | null; actor?: string; role?: string},
): Grant[] {
  const {connection, names} = session
  if (actor !== undefined && role !== undefined) return []
  return connection.read(() => {
    const actorId = actor === undefined ? NOBODY : names.idOf(actor) || UNKNOWN
    const ofRole = role === undefined ? NOBODY : (roleId(session, role) ?? UNKNOWN)
    const isOfAll = actor === undefined && role === undefined
    if (channel === undefined) {
      if (isOfAll) return connection.all(LIST_ALL).map(toGrant)
      return connection.all(actor === undefined ? LIST_OF_ROLE : LIST_OF_ACTOR, [actorId || ofRole]).map(toGrant)
    }
    const on = channel === null ? ALL_CHANNELS : (findLog(session, channel)?.id ?? UNKNOWN)
    const rows = isOfAll ? connection.all(LIST_ON, [on]) : connection.all(LIST_ON_OF, [on, actorId, ofRole])
    return rows.map(toGrant)
  })
}
const NAMED_GRANTS = `
  SELECT channels.name AS channel, names.name AS actor, roles.name AS role, permission
    FROM grants LEFT JOIN channels ON channels.id = channel_id LEFT JOIN names ON names.id = actor_id
    LEFT JOIN roles ON roles.id = role_id`
const BY_NAME = 'ORDER BY channels.name COLLATE BINARY, names.name, roles.name, permission'
const LIST_ON = `${NAMED_GRANTS} WHERE channel_id = ? ${BY_NAME}`
const LIST_ON_OF = `${NAMED_GRANTS} WHERE channel_id = ? AND actor_id = ? AND role_id = ? ${BY_NAME}`
const LIST_OF_ACTOR = `${NAMED_GRANTS} WHERE actor_id = ? AND actor_id <> 0 ${BY_NAME}`
const LIST_OF_ROLE = `${NAMED_GRANTS} WHERE role_id = ? AND role_id <> 0 ${BY_NAME}`
const LIST_ALL = `${NAMED_GRANTS} ${BY_NAME}`

const toGrant = ({channel, actor, role, permission}: Record<string, Value>): Grant => ({
  ...(channel !== null && {channel: channel as string}),
  ...(actor !== null && {actor: actor as string}),
  ...(role !== null && {role: role as string}),
  permission: permission as Permission,
})

/** What an actor holds, itself or through roles. */
export function heldGrants(session: Session, actor: string, channel?: string): HeldGrant[] {
  const {connection, names} = session
  return connection.read(() => {
    const actorId = names.idOf(actor)
    if (actorId === NOBODY) return []
    if (channel !== undefined) return heldOn(session, actorId, findLog(session, channel)?.id ?? ALL_CHANNELS)
    return connection.rows(HELD, {actor: actorId}).map(toHeld)
  })
}

/** What an actor holds on a channel. */
export const heldOn = ({connection}: Session, actorId: number, channelId: number): HeldGrant[] =>
  connection.rows(HELD_ON, [channelId, actorId, channelId, actorId]).map(toHeld)

const toHeld = ([channel, role, permission]: Raw): HeldGrant => ({
  permission: permission as Permission,
  ...(channel !== null && {channel: channel as string}),
  ...(role !== null && {role: role as string}),
})
const HELD = `
  SELECT channels.name, NULL AS role, permission
    FROM grants LEFT JOIN channels ON channels.id = channel_id
   WHERE actor_id = :actor AND actor_id <> 0
   UNION ALL
  SELECT channels.name, roles.name, permission
    FROM role_members CROSS JOIN grants ON grants.role_id = role_members.role_id AND grants.role_id <> 0
    JOIN roles ON roles.id = role_members.role_id LEFT JOIN channels ON channels.id = channel_id
   WHERE role_members.actor_id = :actor`
// By primary key, role by role: an actor may hold grants on thousands of channels, and this is asked for every message.
const HELD_ON = `
  SELECT channels.name, NULL AS role, permission
    FROM grants LEFT JOIN channels ON channels.id = channel_id
   WHERE channel_id IN (0, ?) AND actor_id = ?
   UNION ALL
  SELECT channels.name, roles.name, permission
    FROM role_members CROSS JOIN grants ON channel_id IN (0, ?) AND grants.actor_id = 0
     AND grants.role_id = role_members.role_id
    JOIN roles ON roles.id = role_members.role_id LEFT JOIN channels ON channels.id = channel_id
   WHERE role_members.actor_id = ?`

/** Adds and takes away permissions, on a channel or on all. Returns what is there then. @throws NOT_FOUND */
export function changeGrants(
  session: Session,
  channel: string | null,
  to: Grantee,
  {add = [], remove = []}: {add?: readonly Permission[]; remove?: readonly Permission[]},
): Permission[] {
  return session.connection.write(() => {
    const channelId = channel === null ? ALL_CHANNELS : logOf(session, channel).id
    const holder = holderOf(session, to)
    for (const permission of add) session.connection.run(ADD, [channelId, ...holder, permission])
    for (const permission of remove) session.connection.run(REMOVE, [channelId, ...holder, permission])
    return session.connection.rows(THERE, [channelId, ...holder]).map(([permission]) => permission as Permission)
  })
}
const ADD = 'INSERT INTO grants (channel_id, actor_id, role_id, permission) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
const REMOVE = 'DELETE FROM grants WHERE channel_id = ? AND actor_id = ? AND role_id = ? AND permission = ?'
const THERE = `
  SELECT permission FROM grants WHERE channel_id = ? AND actor_id = ? AND role_id = ? ORDER BY permission`

/** Adds a permission, inside a transaction. Returns whether it wasn't there. @throws NOT_FOUND no such role */
export const addGrant = (session: Session, channelId: number, to: Grantee, permission: Permission): boolean =>
  session.connection.run(ADD, [channelId, ...holderOf(session, to), permission]) > 0

/** actor_id and role_id of a grantee. @throws NOT_FOUND no such role */
const holderOf = (session: Session, to: Grantee): [number, number] =>
  'actor' in to ? [session.names.intern(to.actor), NOBODY] : [NOBODY, requireRole(session, to.role)]

/** Whether anybody manages all channels. */
export const isAdministered = ({connection}: Session): boolean => connection.row(ADMINISTERED)?.[0] === 1
const ADMINISTERED = `
  SELECT EXISTS (
    SELECT 1 FROM grants WHERE channel_id = 0 AND permission = 'manage'
       AND (actor_id <> 0 OR EXISTS (SELECT 1 FROM role_members WHERE role_members.role_id = grants.role_id)))`
