import {LeatError} from '../../../src/model/errors.js'
import type {Role} from '../../../src/model/role.js'
import {isoTime} from '../../../src/model/time.js'
import type {Roles} from '../../../src/store/store.js'
import type {Access, State} from './state.js'

export const roles = ({state, clock, read, write}: Access): Roles => ({
  create: (name, {description}, by) =>
    write(() => {
      if (state.roles.has(name)) throw new LeatError('EXISTS', `there is a role "${name}" in ${state.label} already`)
      const about = description === undefined ? {} : {description}
      const role: Role = {name, ...about, members: [], createdAt: isoTime(clock()), createdBy: by}
      state.roles.set(name, role)
      return structuredClone(role)
    }),

  list: ({name, actor}) =>
    read(() =>
      [...state.roles.values()]
        .filter((role) => name === undefined || role.name === name)
        .filter(({members}) => actor === undefined || members.includes(actor))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((role) => structuredClone(role)),
    ),

  change: (name, {add = [], remove = []}) =>
    write(() => {
      const role = roleNamed(state, name)
      role.members = [...new Set([...role.members, ...add])].filter((actor) => !remove.includes(actor)).sort()
      return structuredClone(role)
    }),

  delete: (name) =>
    write(() => {
      state.grants = state.grants.filter(({role}) => role !== name)
      return state.roles.delete(name)
    }),
})

/** @throws NOT_FOUND */
export function roleNamed(state: State, name: string): Role {
  const role = state.roles.get(name)
  if (role) return role
  throw new LeatError('NOT_FOUND', `no role "${name}" in ${state.label}`, {hint: `leat role create ${name}`})
}
