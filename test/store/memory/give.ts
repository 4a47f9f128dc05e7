import {type Claim, type ClaimBatch, type GroupKey, LONGEST_LEASE} from '../../../src/model/claim.js'
import {isForGroup, isLive} from '../../../src/model/filter.js'
import type {Message} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import type {ClaimOptions} from '../../../src/store/store.js'
import {bury, toDeadLetter} from './bury.js'
import {closeIfDrained} from './delayed.js'
import {groupIn, isClaimed} from './groups.js'
import {type Access, type Dead, type Group, type Room, room, type Stored, type Task, toMessage, view} from './state.js'
import {newToken} from './tokens.js'
import {wake} from './waking.js'

/** Milliseconds between looks whether a process that has claimed something is gone: nobody tells. */
const DEATH_WATCH = 100

/** Gives a group's next messages: first what is ready again, by seq, then what is new and wanted. */
export function give(
  access: Access,
  key: GroupKey,
  options: ClaimOptions,
  wants: (message: Message) => boolean,
): ClaimBatch {
  const {state, clock} = access
  const now = clock()
  const found = room(state, key.channel)
  const {group, created} = groupIn(found, key.group, now)
  const dropped = dropExpired(access, group)
  const buried = buryExhausted(access, found, key.group, group, options.maxAttempts)
  const again = readyTasks(access, group).slice(0, options.limit)
  const fresh = newFor(found, key.group, group, wants, now)
  const given = fresh.slice(0, options.limit - again.length)
  const end = given.length === fresh.length
  const tasks = [...again, ...given.map((stored) => begin(group, stored))]
  const claims = tasks.map((task) => claimOne(access, found, key, task, options))
  const last = given.at(-1)
  if (last) Object.assign(group, {cursor: last.fields.seq, movedAt: now})
  closeIfDrained(state, found, now)
  if (claims.length > 0 || buried.length > 0 || created || dropped) wake(state)
  return {
    claims,
    buried: buried.map(toDeadLetter),
    inFlight: group.inFlight.size - claims.length,
    end,
    seen: end ? Math.max(group.cursor, found.channel.lastSeq) : group.cursor,
    ...readyIn(access, group),
    created,
  }
}

/** What expired while it waited isn't given again. */
function dropExpired({state, clock}: Access, {inFlight}: Group): boolean {
  const now = clock()
  const expired = [...inFlight].filter(([, task]) => !isLive(task.stored.fields, now) && !isClaimed(state, task, now))
  for (const [seq] of expired) inFlight.delete(seq)
  return expired.length > 0
}

/** What its workers have tried so often without ever coming back becomes a dead letter. */
function buryExhausted({state, ids, clock}: Access, found: Room, name: string, group: Group, most: number): Dead[] {
  const now = clock()
  const exhausted = [...group.inFlight].filter(
    ([, task]) => task.claim !== undefined && !isClaimed(state, task, now) && task.attempt >= most,
  )
  return exhausted.map(([seq, {stored, attempt}]) => {
    group.inFlight.delete(seq)
    const reason = `no worker came back from ${attempt} ${attempt === 1 ? 'attempt' : 'attempts'}`
    return bury(state, {id: ids(), room: found, group: name, message: stored, attempts: attempt, reason, diedAt: now})
  })
}

function readyTasks({state, clock}: Access, {inFlight}: Group): Task[] {
  const now = clock()
  return [...inFlight.values()]
    .filter((task) => (task.claim === undefined ? isReady(task, now) : !isClaimed(state, task, now)))
    .sort((a, b) => a.stored.fields.seq - b.stored.fields.seq)
}

const isReady = ({until}: Task, now: number): boolean => until <= now || until > now + LONGEST_LEASE

const newFor = (found: Room, name: string, group: Group, wants: (message: Message) => boolean, now: number): Stored[] =>
  found.messages
    .filter(({fields}) => fields.seq > group.cursor)
    .filter(({fields}) => isLive(fields, now) && isForGroup(fields, name))
    .filter((stored) => wants(view(found, stored)))

function begin({inFlight}: Group, stored: Stored): Task {
  const task: Task = {stored, attempt: 0, until: 0}
  inFlight.set(stored.fields.seq, task)
  return task
}

function claimOne(
  {state, ids, clock, holder}: Access,
  found: Room,
  {group}: GroupKey,
  task: Task,
  {actor, lease, bound}: ClaimOptions,
): Claim {
  const token = newToken(state, ids)
  task.attempt++
  task.until = clock() + lease
  task.claim = {token, by: actor, holder, bound}
  return toClaim(found, group, task, token)
}

export const toClaim = (found: Room, group: string, {stored, attempt, until}: Task, token: string): Claim => ({
  channel: found.channel.name,
  group,
  token,
  message: toMessage(found, stored),
  attempt,
  until: isoTime(until),
})

/** When the next of what is in flight is ready, as far as that can be known. */
function readyIn({state, clock, holder}: Access, {inFlight}: Group): {readyIn?: number} {
  if (inFlight.size === 0) return {}
  const now = clock()
  const waits = [...inFlight.values()].map((task) => {
    const wait = task.claim && !isClaimed(state, task, now) ? 0 : Math.max(0, task.until - now)
    const mayDie = task.claim?.bound === true && task.claim.holder !== holder && state.tellsDeath
    return mayDie ? Math.min(wait, DEATH_WATCH) : wait
  })
  return {readyIn: Math.min(...waits)}
}
