import {LONGEST_LEASE} from '../../../src/model/claim.js'
import type {Consumer} from '../../../src/model/consumer.js'
import {isoTime} from '../../../src/model/time.js'
import type {Claims} from '../../../src/store/store.js'
import {closeIfDrained} from './delayed.js'
import {type Access, type Group, type Holder, type Room, room, type State, type Task} from './state.js'

/** The group of a channel, made at the start if it is new. */
export function groupIn({groups}: Room, name: string, now: number): {group: Group; created: boolean} {
  const known = groups.get(name)
  if (known) return {group: known, created: false}
  const group: Group = {cursor: 0, createdAt: now, movedAt: now, inFlight: new Map(), workers: new Map()}
  groups.set(name, group)
  return {group, created: true}
}

/** Who is there: `join` and `leave` of the port. */
export const presence = ({state, clock, ids, holder, write}: Access): Pick<Claims, 'join' | 'leave'> => ({
  join: ({channel, group: name}, actor) =>
    write(() => {
      const {group, created} = groupIn(room(state, channel), name, clock())
      const worker = ids()
      group.workers.set(worker, {actor, holder, since: clock()})
      return {worker, created}
    }),

  leave: (worker) =>
    write(() => {
      for (const {groups} of state.rooms.values()) for (const {workers} of groups.values()) workers.delete(worker)
    }),
})

/** Whether what a holder has ends now: it is known to be dead. */
export const isGone = ({tellsDeath}: State, {alive}: Holder): boolean => tellsDeath && !alive

/** Whether a message is in a worker's hands: the lease runs, and the worker isn't known to be gone. */
export const isClaimed = (state: State, {claim, until}: Task, now: number): boolean =>
  claim !== undefined &&
  until > now &&
  !(claim.bound && isGone(state, claim.holder)) &&
  // Of a clock that was years ahead: then only a process that may still run keeps it.
  (claim.bound || until <= now + LONGEST_LEASE)

/** A handle is closed: its workers leave, its claims are given back, uncounted. */
export function releaseClaims(state: State, holder: Holder, now: number): void {
  for (const {groups} of state.rooms.values())
    for (const {workers, inFlight} of groups.values()) {
      for (const [id, worker] of workers) if (worker.holder === holder) workers.delete(id)
      for (const task of inFlight.values())
        if (task.claim?.bound && task.claim.holder === holder && isClaimed(state, task, now)) giveBack(task, now)
    }
}

/** Ready again at once; the attempt doesn't count. */
export function giveBack(task: Task, now: number): void {
  task.attempt--
  task.until = now
  task.claim = undefined
}

export const groupConsumer = (state: State, {channel}: Room, name: string, group: Group): Consumer => ({
  channel: channel.name,
  kind: 'workers',
  name,
  cursor: group.cursor,
  createdAt: isoTime(group.createdAt),
  movedAt: isoTime(group.movedAt),
  workers: [...group.workers.values()]
    .filter(({holder}) => !isGone(state, holder))
    .map(({actor, holder, since}) => ({actor, holder: holder.name, since: isoTime(since)})),
})

export function forgetGroup(state: State, found: Room, name: string, now: number): boolean {
  const known = found.groups.delete(name)
  closeIfDrained(state, found, now)
  return known
}
