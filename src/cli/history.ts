/** What `log` asks of the bus, and what it says where its limit cut. */
import type {Bus} from '../bus/bus.js'
import type {LogOptions} from '../bus/log.js'
import type {Output} from './output/output.js'

const DEFAULT_LIMIT = 50

export interface HistoryFlags {
  limit?: number
  all?: boolean
  reverse?: boolean
  from?: string
  after?: string
  since?: number
  until?: number
  type?: string[]
  sender?: string[]
  to?: string
  conversation?: string
  'correlation-id'?: string
  thread?: string
  grep?: string
}

export function historyOptions(flags: HistoryFlags, signal: AbortSignal): LogOptions {
  const {from, after, thread, reverse} = flags
  return {
    limit: flags.all ? undefined : (flags.limit ?? DEFAULT_LIMIT),
    from,
    after,
    thread,
    reverse,
    signal,
    filter: {
      types: flags.type,
      senders: flags.sender,
      recipient: flags.to,
      conversation: flags.conversation,
      correlationId: flags['correlation-id'],
      text: flags.grep,
      since: flags.since,
      until: flags.until,
    },
  }
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
