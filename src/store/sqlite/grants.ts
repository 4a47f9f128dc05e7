import {LeatError} from '../../model/errors.js'
import type {Grant, Grantee, HeldGrant, Permission} from '../../model/permission.js'
import type {Value} from './connection.js'
import {findLog, logOf} from './log.js'
import type {Session} from './session.js'

/** The channel id of what is granted on all channels. */
const ALL_CHANNELS = 0
/** In place of an actor or a role. */
const NOBODY = 0

export function listGrants(
  session: Session,
  {channel, actor, role}: {channel?: string | null; actor?: string; role?: string},
): Grant[] {
  const {connection, names} = session
  const channelId = typeof channel === 'string' ? findLog(session, channel)?.id : channel === null ? ALL_CHANNELS : null
  if (channelId === undefined) return []
  const parameters = {
    channel: channelId,
    actor: actor === undefined ? null : names.idOf(actor),
    role: role === undefined ? null : (roleId(session, role) ?? -1),
  }
  return connection.all(LIST, parameters).map(toGrant)
}
const LIST = `
  SELECT channels.name AS channel, names.name AS actor, roles.name AS role, permission
    FROM grants LEFT JOIN channels ON channels.id = channel_id LEFT JOIN names ON names.id = actor_id
    LEFT JOIN roles ON roles.id = role_id
   WHERE (:channel IS NULL OR channel_id = :channel) AND (:actor IS NULL OR actor_id = :actor)
     AND (:role IS NULL OR role_id = :role)
   ORDER BY channels.name COLLATE BINARY, names.name, roles.name, permission`

const toGrant = ({channel, actor, role, permission}: Record<string, Value>): Grant => ({
  ...(channel !== null && {channel: channel as string}),
  ...(actor !== null && {actor: actor as string}),
  ...(role !== null && {role: role as string}),
  permission: permission as Permission,
})

/** What an actor holds, itself or through roles. */
export function heldGrants(session: Session, actor: string, channel?: string): HeldGrant[] {
  const {connection, names} = session
  const log = channel === undefined ? undefined : findLog(session, channel)
  const parameters = {actor: names.idOf(actor), channel: channel === undefined ? null : (log?.id ?? ALL_CHANNELS)}
  return connection.rows(HELD, parameters).map(([channelName, role, permission]) => ({
    permission: permission as Permission,
    ...(channelName !== null && {channel: channelName as string}),
    ...(role !== null && {role: role as string}),
  }))
}
const HELD = `
  SELECT channels.name, NULL AS role, permission
    FROM grants LEFT JOIN channels ON channels.id = channel_id
   WHERE actor_id = :actor AND actor_id <> 0 AND (:channel IS NULL OR channel_id IN (0, :channel))
   UNION ALL
  SELECT channels.name, roles.name, permission
    FROM role_members JOIN grants ON grants.role_id = role_members.role_id AND grants.role_id <> 0
    JOIN roles ON roles.id = role_members.role_id LEFT JOIN channels ON channels.id = channel_id
   WHERE role_members.actor_id = :actor AND (:channel IS NULL OR channel_id IN (0, :channel))`

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

/** Adds a permission on a new channel, inside its transaction. @throws NOT_FOUND no such role */
export function addGrant(session: Session, channelId: number, to: Grantee, permission: Permission): void {
  session.connection.run(ADD, [channelId, ...holderOf(session, to), permission])
}

/** actor_id and role_id of a grantee. @throws NOT_FOUND no such role */
function holderOf(session: Session, to: Grantee): [number, number] {
  if ('actor' in to) return [session.names.intern(to.actor), NOBODY]
  const id = roleId(session, to.role)
  if (id !== undefined) return [NOBODY, id]
  throw new LeatError('NOT_FOUND', `no role "${to.role}" in ${session.label}`, {hint: `leat role create ${to.role}`})
}

const roleId = ({connection}: Session, name: string): number | undefined =>
  connection.row('SELECT id FROM roles WHERE name = ?', [name])?.[0] as number | undefined

/** Whether anybody manages all channels. */
export const isAdministered = ({connection}: Session): boolean => connection.row(ADMINISTERED)?.[0] === 1
const ADMINISTERED = `
  SELECT EXISTS (
    SELECT 1 FROM grants WHERE channel_id = 0 AND permission = 'manage'
       AND (actor_id <> 0 OR EXISTS (SELECT 1 FROM role_members WHERE role_members.role_id = grants.role_id)))`
