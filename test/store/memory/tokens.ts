import {LeatError} from '../../../src/model/errors.js'
import {isClaimed} from './groups.js'
import type {Group, Room, State, Task} from './state.js'

/** A token says which store it is of. */
export const newToken = ({epoch}: State, ids: () => string): string => `${epoch}.${ids()}`

/** @throws NOT_FOUND a token of another store; CONFLICT of a time before the store was restored */
export function checkEpoch({epoch, formerEpochs, label}: State, token: string): void {
  if (formerEpochs.some((former) => token.startsWith(`${former}.`)))
    throw new LeatError('CONFLICT', `"${token}" was claimed before ${label} was restored`, {hint: 'claim again'})
  if (!token.startsWith(`${epoch}.`))
    throw new LeatError('NOT_FOUND', `no claim "${token}" in ${label}`, {hint: 'it is of another store'})
}

export interface Owned {
  found: Room
  name: string
  group: Group
  task: Task
}

/** The claim that a token names, if it lasts. @throws NOT_FOUND a token of another store */
export function claimOf(state: State, token: string, now: number): Owned | undefined {
  checkEpoch(state, token)
  for (const found of state.rooms.values())
    for (const [name, group] of found.groups)
      for (const task of group.inFlight.values())
        if (task.claim?.token === token && isClaimed(state, task, now)) return {found, name, group, task}
  return undefined
}

/** @throws STALE_CLAIM the claim was lost; NOT_FOUND a token of another store */
export function ownClaim(state: State, token: string, now: number): Owned {
  const owned = claimOf(state, token, now)
  if (owned) return owned
  throw new LeatError('STALE_CLAIM', `the claim "${token}" was lost`, {hint: 'claim again'})
}
