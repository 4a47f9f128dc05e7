/** Why a group of workers has or hasn't got a message. */

import type {InFlight} from '../model/claim.js'
import type {Consumer} from '../model/consumer.js'
import {counted} from '../model/counted.js'
import type {DeadLetter} from '../model/dead-letter.js'
import {isForGroup, isLive} from '../model/filter.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import type {Context} from './context.js'

/** One answer, in one line, with the next command to type. */
export interface Answer {
  state: string
  reason: string
  next?: string
}

/** What an answer is made from. */
interface Case {
  ctx: Context
  message: Message
  group: Consumer
  /** `ops/42`. */
  place: string
  standing?: InFlight
  letter?: DeadLetter
}

/** How a message stands with a group of its channel. */
export async function whyGroup(ctx: Context, message: Message, group: Consumer): Promise<Answer> {
  const {channel, seq, id} = message
  const [[standing], letter] = await Promise.all([
    ctx.store.claims.inFlight({channel, group: group.name, seq}),
    letterOf(ctx, {channel, group: group.name, id}),
  ])
  const one: Case = {ctx, message, group, place: placeName(message), standing, letter}
  return inFlight(one) ?? dead(one) ?? addressed(one) ?? past(one) ?? expired(one) ?? queued(one)
}

/** Where groups are in the middle of a message or gave it up: a clause each, none for those that have no trouble. */
export async function groupsInvolved(ctx: Context, {channel, seq, id}: Message): Promise<string[]> {
  const [standing, letters] = await Promise.all([
    ctx.store.claims.inFlight({channel, seq}),
    ctx.store.deadLetters.list({channel, message: {by: 'id', id}, limit: CLAUSES}),
  ])
  const place = placeName({channel, seq})
  return [
    ...standing.map((one) => `in group ${one.group}, ${standingText(place, one)}`),
    ...letters.map((letter) =>
      letter.group === undefined ? '' : `in group ${letter.group}, ${deathText(place, letter)}`,
    ),
  ].filter((clause) => clause !== '')
}

/** Dead letters of one message that are told of: one a group. */
const CLAUSES = 20

async function letterOf(
  ctx: Context,
  {channel, group, id}: {channel: string; group: string; id: string},
): Promise<DeadLetter | undefined> {
  const letters = await ctx.store.deadLetters.list({channel, group, message: {by: 'id', id}, limit: CLAUSES})
  return letters.at(-1)
}

function inFlight({ctx, standing, place, group, message: {channel}}: Case): Answer | undefined {
  if (!standing) return undefined
  const {state, by} = standing
  const reason = standingText(place, standing)
  if (state === 'waiting') return {state, reason, next: `leat claim ${channel} --group ${group.name}`}
  return {state, reason, next: by === ctx.actor ? `leat ack ${place} --group ${group.name}` : `leat show ${place}`}
}

function standingText(place: string, {state, by, until, attempt, reason}: InFlight): string {
  if (state === 'claimed') return `${place} is claimed by ${by} until ${until}, attempt ${attempt}`
  if (attempt === 0) return `${place} was given back and is ready since ${until}`
  const failed =
    reason === undefined
      ? `attempt ${attempt} of ${place} was never ended`
      : `attempt ${attempt} of ${place} failed: ${reason}`
  return `${failed}; it is given again at ${until}`
}

function dead({letter, place, group}: Case): Answer | undefined {
  if (!letter) return undefined
  return {
    state: 'dead',
    reason: deathText(place, letter),
    next: `leat dead redrive ${place} --group ${group.name}`,
  }
}

const deathText = (place: string, {attempts, reason, diedAt}: DeadLetter): string =>
  `${place} is a dead letter since ${diedAt}, after ${counted(attempts, 'attempt')}: ${reason}`

function addressed({message, place, group}: Case): Answer | undefined {
  if (isForGroup(message, group.name)) return undefined
  return {
    state: 'addressed',
    reason: `${place} is a direct message from ${message.sender} to ${message.recipient}, so group ${group.name} doesn't get it`,
    next: `leat show ${place}`,
  }
}

/** What isn't in flight any more. Of what a group doesn't take (requests or not), nothing is kept. */
function past({message: {channel, seq}, group: {name, cursor, movedAt}, place}: Case): Answer | undefined {
  if (cursor < seq) return undefined
  return {
    state: 'done',
    reason: `group ${name} is done with ${place}, or passed it over: it is at ${channel}/${cursor} since ${movedAt}`,
    next: `leat channel show ${channel}`,
  }
}

function expired({ctx, message, place}: Case): Answer | undefined {
  if (isLive(message, ctx.clock())) return undefined
  return {state: 'expired', reason: `${place} expired at ${message.expiresAt}`, next: `leat show ${place}`}
}

function queued({message: {channel}, group: {name, cursor, workers = []}, place}: Case): Answer {
  const there =
    workers.length === 0 ? 'no worker is' : workers.length === 1 ? '1 worker is' : `${workers.length} workers are`
  const at = cursor === 0 ? `the start of ${channel}` : `${channel}/${cursor}`
  return {
    state: 'queued',
    reason: `group ${name} is at ${at}, in front of ${place}, and ${there} there`,
    next: `leat claim ${channel} --group ${name}`,
  }
}
