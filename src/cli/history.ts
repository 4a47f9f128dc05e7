/** What `log` and `follow` ask of the bus, and what `log` says where its limit cut. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {FollowOptions} from '../bus/follow.js'
import type {LogOptions} from '../bus/log.js'
import {LeatError} from '../model/errors.js'
import {filterFlags, where} from './flags.js'
import type {Output} from './output/output.js'

const DEFAULT_LIMIT = 50

/** Which messages of channels are wanted. */
export const historyFlags = {
  ...filterFlags,
  to: Flags.string({description: 'Only direct messages to this recipient.', helpValue: 'NAME'}),
  conversation: Flags.string({description: 'Only messages of this conversation.', helpValue: 'NAME'}),
  'correlation-id': Flags.string({description: 'Only messages with this correlation id.', helpValue: 'TEXT'}),
  thread: Flags.string({description: 'Only the thread of this message.', helpValue: 'MESSAGE'}),
  grep: Flags.string({char: 'g', description: 'Only messages with this text in their content.', helpValue: 'TEXT'}),
  where,
}

export interface FilterFlags {
  type?: string[]
  sender?: string[]
  to?: string
  conversation?: string
  'correlation-id'?: string
  grep?: string
  where?: string[]
  /** Milliseconds since 1970. */
  since?: number
  until?: number
}

export interface HistoryFlags extends FilterFlags {
  limit?: number
  all?: boolean
  reverse?: boolean
  from?: string
  after?: string
  thread?: string
}

export const historyFilter = (flags: FilterFlags): NonNullable<LogOptions['filter']> => ({
  types: flags.type,
  senders: flags.sender,
  recipient: flags.to,
  conversation: flags.conversation,
  correlationId: flags['correlation-id'],
  text: flags.grep,
  where: flags.where,
  since: flags.since,
  until: flags.until,
})

export function historyOptions(flags: HistoryFlags, signal: AbortSignal): LogOptions {
  const {from, after, thread, reverse} = flags
  const limit = flags.all ? undefined : (flags.limit ?? DEFAULT_LIMIT)
  return {limit, from, after, thread, reverse, signal, filter: historyFilter(flags)}
}

/** Whether something else than place and time chooses. */
export const isNarrowed = ({filter: {since: _, until: __, ...others} = {}, thread}: LogOptions): boolean =>
  thread !== undefined || Object.values(others).some((value) => value !== undefined)

/** A position and a number say two beginnings, where history goes on without an end. @throws USAGE */
export function checkOnwards({from, after, limit, all}: HistoryFlags): void {
  if ((from ?? after) === undefined || (limit === undefined && !all)) return
  throw new LeatError(
    'USAGE',
    `--follow begins at a position or with ${all ? 'everything' : 'the newest'}, not with both`,
  )
}

/** History that goes on: the newest first, or everything behind a position. */
export function historyOnwards(flags: HistoryFlags): FollowOptions {
  const {from, after, thread, limit = DEFAULT_LIMIT} = flags
  const filter = historyFilter(flags)
  if (flags.all) return {from: 'start', thread, filter}
  return (from ?? after) === undefined ? {last: limit, thread, filter} : {from, after, thread, filter}
}

interface Printed {
  bus: Bus
  out: Output
  channels: readonly string[]
  options: LogOptions
  given: number
}

/** To a person: that there is more than the limit let through, or nothing at all. */
export async function noteIfCut({bus, out, channels, options, given}: Printed): Promise<void> {
  if (!out.terminal || out.json || options.signal?.aborted) return
  if (given === 0) return out.note('no messages')
  if (given !== options.limit) return
  let found = 0
  for await (const _ of bus.log(channels, {...options, limit: given + 1})) found++
  const which = options.from === undefined && options.after === undefined ? 'newest' : 'first'
  if (found > given) out.note(`the ${which} ${given}; leat ${['log', ...channels].join(' ')} --all shows everything`)
}
