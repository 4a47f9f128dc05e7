import {LeatError} from '../../model/errors.js'
import type {Role} from '../../model/role.js'
import {isoTime} from '../../model/time.js'
import type {Raw} from './connection.js'
import type {Session} from './session.js'

/** @throws EXISTS */
export function createRole(session: Session, name: string, {description}: {description?: string}, by: string): Role {
  const {connection, clock, label} = session
  return connection.write(() => {
    if (roleId(session, name) !== undefined)
      throw new LeatError('EXISTS', `there is a role "${name}" in ${label} already`, {hint: `leat role show ${name}`})
    connection.run(INSERT, [name, description ?? null, clock(), by])
    return readRole(session, name)
  })
}
const INSERT = 'INSERT INTO roles (name, description, created_at, created_by) VALUES (?, ?, ?, ?)'

/** Roles by name; with `actor` only those that it is in. */
export function listRoles(session: Session, {name, actor}: {name?: string; actor?: string}): Role[] {
  const {connection} = session
  return connection.read(() =>
    (name === undefined ? connection.rows(ALL) : connection.rows(ONE, [name]))
      .map((row) => toRole(session, row))
      .filter(({members}) => actor === undefined || members.includes(actor)),
  )
}
const COLUMNS = 'id, name, description, created_at, created_by'
const ALL = `SELECT ${COLUMNS} FROM roles ORDER BY name`
const ONE = `SELECT ${COLUMNS} FROM roles WHERE name = ?`

/** Adds and takes away members. @throws NOT_FOUND */
export function changeRole(
  session: Session,
  name: string,
  {add = [], remove = []}: {add?: readonly string[]; remove?: readonly string[]},
): Role {
  const {connection, names} = session
  return connection.write(() => {
    const id = requireRole(session, name)
    for (const actor of add) connection.run(ADD, [id, names.intern(actor)])
    for (const actor of remove) connection.run(REMOVE, [id, names.idOf(actor)])
    return readRole(session, name)
  })
}
const ADD = 'INSERT INTO role_members (role_id, actor_id) VALUES (?, ?) ON CONFLICT DO NOTHING'
const REMOVE = 'DELETE FROM role_members WHERE role_id = ? AND actor_id = ?'

/** Deletes a role with its members and grants. Returns whether there was one. */
export function deleteRole(session: Session, name: string): boolean {
  const {connection} = session
  return connection.write(() => {
    const id = roleId(session, name)
    if (id === undefined) return false
    connection.run('DELETE FROM role_members WHERE role_id = ?', [id])
    connection.run('DELETE FROM grants WHERE role_id = ? AND role_id <> 0', [id])
    connection.run('DELETE FROM roles WHERE id = ?', [id])
    return true
  })
}

/** The row id of a role. */
export const roleId = ({connection}: Session, name: string): number | undefined =>
  connection.row('SELECT id FROM roles WHERE name = ?', [name])?.[0] as number | undefined

/** The row id of a role. @throws NOT_FOUND */
export function requireRole(session: Session, name: string): number {
  const id = roleId(session, name)
  if (id !== undefined) return id
  throw new LeatError('NOT_FOUND', `no role "${name}" in ${session.label}`, {hint: `leat role create ${name}`})
}

const readRole = (session: Session, name: string): Role => toRole(session, session.connection.row(ONE, [name])!)

function toRole({connection}: Session, [id, name, description, createdAt, createdBy]: Raw): Role {
  return {
    name: name as string,
    ...(description !== null && {description: description as string}),
    members: connection.rows(MEMBERS, [id as number]).map(([actor]) => actor as string),
    createdAt: isoTime(createdAt as number),
    createdBy: createdBy as string,
  }
}
const MEMBERS = `
  SELECT names.name FROM role_members JOIN names ON names.id = actor_id WHERE role_id = ? ORDER BY names.name`
