/** What a command is about where it is kept message by message: dead letters, deliveries. */
import {LeatError} from '../model/errors.js'
import {isName} from '../model/names.js'
import {parseMessageRef} from '../model/reference.js'

/** What is looked for. */
export interface Kept<Whose> {
  /** `deliveries`. */
  what: string
  /** The command that shows them. */
  list: string
  find(filter: Whose & {message: string}): AsyncIterable<unknown>
}

/**
 * What words and `--all` name, all of it looked up before the first is touched: a typo in the last one must not leave
 * the others changed.
 * @param whose narrows it further
 * @throws USAGE nothing is named, or more than one channel; NOT_FOUND, FORBIDDEN, INVALID what is named is not there
 */
export async function namedBy<Whose extends object>(
  {what, list, find}: Kept<Whose>,
  names: readonly string[],
  all: boolean,
  whose: Whose,
): Promise<(Whose & {channel?: string; message?: string})[]> {
  const [channel, another] = names
  if (all && another !== undefined) throw new LeatError('USAGE', `--all is for one channel, not for "${another}" too`)
  if (all) return [{...whose, channel}]
  if (channel === undefined)
    throw new LeatError('USAGE', `which ${what}?`, {hint: `name messages, or --all; ${list} shows them`})
  for (const name of names) checkNamesMessage(name)
  const filters = [...new Set(names)].map((message) => ({...whose, message}))
  for (const filter of filters) for await (const _ of find(filter)) break
  return filters
}

/** A channel alone would be everything in it, which has to be said. @throws INVALID, with what was probably meant */
function checkNamesMessage(text: string): void {
  try {
    parseMessageRef(text)
  } catch (error) {
    if (!(error instanceof LeatError) || !isName(text)) throw error
    throw new LeatError(error.code, error.message, {
      hint: `--all ${text} for all of that channel, else CHANNEL/SEQ or an id`,
    })
  }
}
