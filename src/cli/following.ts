/** What `follow` and `log --follow` share: how a stream is asked for, told of, and ended when nobody reads it any more. */

import {checkCommand} from '../bus/command/lookup.js'
import type {StreamBegin, StreamOptions} from '../bus/follow.js'
import {LeatError} from '../model/errors.js'
import type {Environment} from './environment.js'
import {type Handing, hintForCursor, type RunningOptions} from './handing.js'
import {type FilterFlags, historyFilter} from './history.js'
import type {MessageOutput} from './output/messages.js'
import type {Output} from './output/output.js'
import {watchReader} from './output/reader-gone.js'

export interface FollowFlags extends FilterFlags, MessageOutput {
  from?: string
  after?: string
  limit?: number
  idle?: number
  every?: number
  thread?: string
  others?: boolean
  reader?: string
  'keep-going'?: boolean
}

export const fromCursor = ({from}: FollowFlags): boolean => from === 'cursor'

export const streamOptions = (flags: FollowFlags): StreamOptions => ({
  filter: historyFilter(flags),
  others: flags.others,
  thread: flags.thread,
  count: flags.limit,
  idle: flags.idle,
  every: flags.every,
})

/** Flags that contradict each other, and a command that can't be run. @throws USAGE */
export function checkFollowing(flags: FollowFlags, rest: readonly string[] | undefined, env: Environment): void {
  if (flags.reader !== undefined && !fromCursor(flags))
    throw new LeatError('USAGE', '--reader says whose cursor, so it needs --from cursor')
  if (flags['keep-going'] && !rest)
    throw new LeatError('USAGE', '--keep-going needs a command behind --', {hint: 'leat follow ops -- ./handle.sh'})
  if (!rest) return
  const printed = (['raw', 'format', 'nul'] as const).find((name) => flags[name] !== undefined)
  if (printed) throw new LeatError('USAGE', `--${printed} and a command behind -- exclude each other`)
  checkCommand(rest, env)
}

/** Failures of a command that is to be kept going: each is told at once, their number in the end. */
export class Failures {
  readonly #flags: FollowFlags
  readonly #out: Output
  #count = 0

  constructor(flags: FollowFlags, out: Output) {
    this.#flags = flags
    this.#out = out
  }

  /** What the command's runner is told. */
  get options(): RunningOptions {
    const hint = fromCursor(this.#flags) ? hintForCursor : hintForPosition
    if (!this.#flags['keep-going']) return {hint}
    const onFailure = ({message}: LeatError): void => {
      this.#count++
      this.#out.note(`leat: ${message}`)
    }
    return {hint, onFailure}
  }

  /** @throws REMOTE there were some */
  check(): void {
    if (this.#count === 0) return
    const times = this.#count === 1 ? 'once' : `${this.#count} times`
    throw new LeatError('REMOTE', `the command failed ${times}`)
  }
}

const hintForPosition = (place: string): string => `--from ${place} begins with it again, --after ${place} behind it`

/** Runs a stream whose beginning is told on stderr; what is printed ends within a second when nobody reads it any more. */
export async function streaming(
  {out, signal, channels, handing}: {out: Output; signal: AbortSignal; channels: readonly string[]; handing: Handing},
  run: (options: Pick<StreamOptions, 'signal' | 'onBegin'>) => Promise<void>,
): Promise<void> {
  const onBegin = (begin: StreamBegin): void => noteBegin(out, channels, begin)
  if (handing.finishesEach) return run({signal, onBegin})
  const reader = watchReader(1)
  try {
    await run({signal: AbortSignal.any([signal, reader.signal]), onBegin})
  } finally {
    reader.stop()
  }
}

/** From then on nothing is missed. */
function noteBegin(out: Output, patterns: readonly string[], {unmatched}: StreamBegin): void {
  const what = patterns.length === 0 ? 'every channel' : patterns.join(', ')
  const end = out.errorTerminal ? '; end with Ctrl-C' : ''
  const none = unmatched.length === 0 ? '' : '; no channel matches yet'
  out.note(`following ${what}${none}${end}`)
}
