import type {InFlight, Settled, Settlement} from '../../../src/model/claim.js'
import {isoTime} from '../../../src/model/time.js'
import {matcherOf} from '../../../src/model/where.js'
import type {Claims} from '../../../src/store/store.js'
import {append} from './append.js'
import {bury} from './bury.js'
import {closeIfDrained} from './delayed.js'
import {give, toClaim} from './give.js'
import {giveBack, isClaimed, presence} from './groups.js'
import {type Access, room, type State, type Task} from './state.js'
import {checkEpoch, claimOf, type Owned, ownClaim} from './tokens.js'

export const claims = (access: Access): Claims => {
  const {state, clock, read, write} = access
  return {
    ...presence(access),

    claim: async (key, options) => {
      const wants = await matcherOf(options.filter ?? {})
      return read(() => give(access, key, options, wants))
    },

    settle: (settlements, results = []) =>
      write(() => {
        for (const {token} of settlements) checkEpoch(state, token)
        append(state, results, clock())
        return settlements.map((settlement) => settleOne(access, settlement))
      }),

    extend: (token, lease) =>
      write(() => {
        const {task} = ownClaim(state, token, clock())
        task.until = clock() + lease
        return isoTime(task.until)
      }),

    get: (token) =>
      read(() => {
        const {found, name, task} = ownClaim(state, token, clock())
        return toClaim(found, name, task, token)
      }),

    inFlight: ({channel, group, seq}) =>
      read(() =>
        inFlight(state, clock())
          .filter((one) => channel === undefined || one.channel === channel)
          .filter((one) => group === undefined || one.group === group)
          .filter((one) => seq === undefined || one.seq === seq),
      ),
  }
}

function settleOne(access: Access, settlement: Settlement): Settled {
  const {state, clock} = access
  const owned = claimOf(state, settlement.token, clock())
  if (!owned) return 'stale'
  const {found, group, task} = owned
  const done = settlement.as === 'done' || (settlement.as === 'failed' && settlement.dead === true)
  if (settlement.as === 'failed') fail(access, owned, settlement)
  else if (settlement.as === 'released') giveBack(task, clock())
  if (done) group.inFlight.delete(task.stored.fields.seq)
  closeIfDrained(state, found, clock())
  return 'settled'
}

type Failure = Extract<Settlement, {as: 'failed'}>

function fail({state, clock, ids}: Access, {found, name, task}: Owned, {reason, detail, delay, dead}: Failure): void {
  const now = clock()
  if (!dead) Object.assign(task, {claim: undefined, until: now + delay, reason})
  else {
    const about = {reason, ...(detail !== undefined && {detail}), diedAt: now}
    bury(state, {id: ids(), room: found, group: name, message: task.stored, attempts: task.attempt, ...about})
  }
}

function inFlight(state: State, now: number): InFlight[] {
  const names = [...state.rooms.keys()].sort()
  return names.flatMap((channel) =>
    [...room(state, channel).groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([group, {inFlight: tasks}]) =>
        [...tasks.values()]
          .sort((a, b) => a.stored.fields.seq - b.stored.fields.seq)
          .map((task) => ({channel, group, ...standing(state, task, now)})),
      ),
  )
}

/** A lost claim waits for its next attempt: it is ready since its end. */
function standing(state: State, task: Task, now: number): Omit<InFlight, 'channel' | 'group'> {
  const {stored, attempt, until, claim, reason} = task
  const claimed = claim !== undefined && isClaimed(state, task, now)
  return {
    seq: stored.fields.seq,
    id: stored.fields.id,
    state: claimed ? 'claimed' : 'waiting',
    attempt,
    until: isoTime(claim && !claimed ? Math.min(until, now) : until),
    ...(claimed && {by: claim.by, token: claim.token, ...(claim.bound && {holder: claim.holder.name})}),
    ...(reason !== undefined && {reason}),
  }
}
