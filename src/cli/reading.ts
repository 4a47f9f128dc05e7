/** What `read` and `inbox` share: their flags, and what these ask of the bus. */
import {Flags} from '@oclif/core'
import type {CursorMoveOptions} from '../bus/cursors.js'
import {LeatError} from '../model/errors.js'
import type {Filter} from '../model/filter.js'
import {duration, limit, messageOutputFlags} from './flags.js'
import type {MessageOutput} from './output/messages.js'
import type {Output} from './output/output.js'

/** Whose cursor. */
export const reader = Flags.string({
  description: 'Whose cursor (default: the actor).',
  env: 'LEAT_READER',
  helpValue: 'NAME',
})

export const readingFlags = {
  limit: limit('At most so many (default 10).'),
  all: Flags.boolean({description: 'Everything unread, page by page.', exclusive: ['limit']}),
  reader,
  wait: duration({char: 'w', description: 'Wait so long for the first message (exit 4 if none comes).'}),
  'fail-empty': Flags.boolean({description: 'Exit 4 when there is nothing.'}),
  ...messageOutputFlags,
}

export const DEFAULT_LIMIT = 10

/** Flags of `read` that decide which messages are taken, and how. */
export interface ReadFlags extends MessageOutput {
  limit?: number
  all?: boolean
  reader?: string
  wait?: number
  peek?: boolean
  from?: string
  after?: string
  seek?: boolean
  'no-commit'?: boolean
  type?: string[]
  sender?: string[]
  others?: boolean
}

/** The options that reading with and without a hold have in common. */
export function readOptions(flags: ReadFlags, signal: AbortSignal) {
  return {
    reader: flags.reader,
    limit: flags.all ? undefined : (flags.limit ?? (flags.output === undefined ? DEFAULT_LIMIT : 1)),
    all: flags.all,
    wait: flags.wait,
    filter: filterOf(flags),
    others: flags.others,
    signal,
  }
}

function filterOf({type, sender}: ReadFlags): Filter | undefined {
  return type || sender ? {types: type, senders: sender} : undefined
}

/** The cursor stays where it is: whoever names a position looks from there, unless the cursor is to be set to it. */
export const onlyLooks = (flags: ReadFlags): boolean =>
  flags.peek || flags['no-commit'] || (!flags.seek && (flags.from ?? flags.after) !== undefined)

/** Where `--seek` sets the cursor: what stands at `--from` is read too, at `--after` only what is behind it. */
export const seekTarget = ({from, after, reader}: ReadFlags): [position: string, options: CursorMoveOptions] =>
  from === undefined ? [after as string, {reader}] : [from, {reader, included: true}]

const isFiltered = ({type, sender, others}: ReadFlags): boolean => Boolean(type || sender || others)

/** Flags that contradict each other. @throws USAGE */
export function checkReading(flags: ReadFlags, rest: readonly string[] | undefined, actor: string): void {
  if (flags.seek && (flags.from ?? flags.after) === undefined)
    throw new LeatError('USAGE', '--seek needs --from or --after', {hint: 'leat read ops --from start --seek'})
  // The bus says so too, but only when it reads: a cursor would have been set, or be committed by hand, by then.
  if ((flags['no-commit'] || flags.seek) && isFiltered(flags) && (flags.reader ?? actor) === actor)
    throw new LeatError('USAGE', `a filter on ${actor}'s own cursor would skip for ever what it hides`, {
      hint: 'add --peek or --reader NAME',
    })
  if (rest?.length === 0) throw new LeatError('USAGE', 'no command behind --', {hint: 'leat read ops -- ./handle.sh'})
  if (flags.output === undefined) return
  if (rest) throw new LeatError('USAGE', '--output and a command behind -- exclude each other')
  if (flags.all || (flags.limit ?? 1) > 1)
    throw new LeatError('USAGE', '--output is for one message', {hint: 'leave -n and --all out'})
}

/** What is said, or thrown, when there was nothing. @throws EMPTY with `--fail-empty` */
export function nothingCame(out: Output, where: string, given: number, flags: {'fail-empty'?: boolean}): void {
  if (given > 0) return
  if (flags['fail-empty']) throw new LeatError('EMPTY', `nothing new in ${where}`)
  if (out.terminal) out.note(`nothing new in ${where}`)
}
