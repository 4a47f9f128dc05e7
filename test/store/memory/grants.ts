import type {Grant, Grantee, HeldGrant, Permission} from '../../../src/model/permission.js'
import type {Grants} from '../../../src/store/store.js'
import {roleNamed} from './roles.js'
import {type Access, type Room, room, type State, type StoredGrant} from './state.js'

export const grants = ({state, read, write}: Access): Grants => ({
  list: ({channel, actor, role}) =>
    read(() =>
      state.grants
        .filter((grant) => channel === undefined || (grant.room?.channel.name ?? null) === channel)
        .filter((grant) => actor === undefined || grant.actor === actor)
        .filter((grant) => role === undefined || grant.role === role)
        .map(toGrant)
        .sort(byName),
    ),

  held: (actor, channel) => read(() => heldBy(state, actor, channel)),

  change: (channel, to, {add = [], remove = []}) =>
    write(() => {
      const on = channel === null ? undefined : room(state, channel)
      if ('role' in to) roleNamed(state, to.role)
      for (const permission of add) addGrant(state, on, to, permission)
      state.grants = state.grants.filter((grant) => !(isOf(grant, on, to) && remove.includes(grant.permission)))
      return state.grants
        .filter((grant) => isOf(grant, on, to))
        .map(({permission}) => permission)
        .sort()
    }),

  administered: () =>
    read(() =>
      state.grants.some(
        ({room: on, role, permission}) =>
          on === undefined &&
          permission === 'manage' &&
          (role === undefined || (state.roles.get(role)?.members.length ?? 0) > 0),
      ),
    ),
})

export const heldBy = (state: State, actor: string, channel?: string): HeldGrant[] =>
  state.grants
    .filter((grant) => grant.actor === actor || isMember(state, grant, actor))
    .filter(({room: on}) => channel === undefined || on === undefined || on.channel.name === channel)
    .map((grant): HeldGrant => {
      const {actor: _, ...held} = toGrant(grant)
      return held
    })

/** Gives a permission that isn't there yet. @throws NOT_FOUND no such role */
export function addGrant(state: State, on: Room | undefined, to: Grantee, permission: Permission): void {
  if ('role' in to) roleNamed(state, to.role)
  if (!state.grants.some((grant) => isOf(grant, on, to) && grant.permission === permission))
    state.grants.push({...(on && {room: on}), ...to, permission})
}

const isOf = (grant: StoredGrant, on: Room | undefined, to: Grantee): boolean =>
  grant.room === on && ('actor' in to ? grant.actor === to.actor : grant.role === to.role)

const isMember = (state: State, {role}: StoredGrant, actor: string): boolean =>
  role !== undefined && (state.roles.get(role)?.members.includes(actor) ?? false)

const toGrant = ({room: on, actor, role, permission}: StoredGrant): Grant => ({
  ...(on && {channel: on.channel.name}),
  ...(actor !== undefined && {actor}),
  ...(role !== undefined && {role}),
  permission,
})

/** Those on all channels first, and on each those of roles. */
function byName(a: Grant, b: Grant): number {
  for (const field of ['channel', 'actor', 'role', 'permission'] as const) {
    const [one, other] = [a[field] ?? '', b[field] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}
