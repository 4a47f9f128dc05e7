/** How roles are printed. */

import type {RoleDetails} from '../../../bus/roles.js'
import {counted} from '../../../model/counted.js'
import type {Role} from '../../../model/role.js'
import {ago} from '../age.js'
import type {Column} from '../column.js'
import type {Output, View} from '../output.js'
import {grantsByChannel} from './grant.js'

const NAME: Column<Role> = {head: 'NAME', plain: ({name}) => name, paint: (text, paint) => paint.strong(text)}
const DESCRIPTION: Column<Role> = {head: 'DESCRIPTION', plain: ({description = ''}) => description, cut: true, spare: 1}
const MEMBERS: Column<Role> = {
  head: 'MEMBERS',
  plain: ({members}) => members.join(', '),
  paint: (text, paint) => paint.name(text),
  cut: true,
}
const CREATED: readonly Column<Role>[] = [
  {head: 'CREATED', plain: ({createdAt}) => createdAt, shown: ({createdAt}, now) => ago(createdAt, now)},
  {head: 'CREATED BY', plain: ({createdBy}) => createdBy},
]

/** `role list`. */
export const ROLE: View<Role> = {columns: [NAME, MEMBERS, DESCRIPTION]}

/** `role show`. */
export const ROLE_DETAILS: View<RoleDetails> = {
  columns: [NAME, DESCRIPTION, MEMBERS, {head: 'GRANTS', plain: ({grants}) => grantsByChannel(grants)}, ...CREATED],
}

const MADE: View<Role> = {columns: [NAME, DESCRIPTION, MEMBERS, ...CREATED]}

/** `role crew: bob, zoe`. */
export const roleSentence = ({name, members}: Role): string =>
  `role ${name}: ${members.length === 0 ? 'nobody' : members.join(', ')}`

/** `role crew (1 member, 2 grants)`. */
export const roleWithCounts = ({name, members, grants}: RoleDetails): string =>
  `role ${name} (${counted(members.length, 'member')}, ${counted(grants.length, 'grant')})`

/** A role that was made: in a pipe its name alone. */
export async function printRole(out: Output, role: Role): Promise<void> {
  if (out.json || (out.terminal && !out.quiet)) return out.record(role, MADE)
  if (!out.quiet) out.write(`${role.name}\n`)
  out.flush()
}
