/** Which dead letters a command is about. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeadLetterFilter} from '../bus/dead-letters.js'
import {LeatError} from '../model/errors.js'
import {isName} from '../model/names.js'
import {parseMessageRef} from '../model/reference.js'
import {anyWords} from './flags.js'

export const lettersArg = anyWords('The messages (CHANNEL/SEQ, an id or its end); with --all a channel.')

/** Whose dead letters. */
export const ownerFlags = {
  group: Flags.string({description: 'Only of this group.', helpValue: 'NAME'}),
  subscriber: Flags.string({description: 'Only what could not be delivered to this subscriber.', helpValue: 'NAME'}),
}

export const letterFlags = {
  ...ownerFlags,
  all: Flags.boolean({description: 'All of them, or all of a channel.'}),
}

/**
 * What words and `--all` name, all of it looked up before the first is touched: a typo in the last one must not leave
 * the others changed.
 * @throws USAGE nothing is named, or more than one channel; NOT_FOUND, FORBIDDEN, INVALID what is named is not there
 */
export async function namedLetters(
  bus: Bus,
  names: readonly string[] = [],
  {all, group, subscriber}: {all: boolean; group?: string; subscriber?: string},
): Promise<DeadLetterFilter[]> {
  const [channel, another] = names
  if (all && another !== undefined) throw new LeatError('USAGE', `--all is for one channel, not for "${another}" too`)
  if (all) return [{channel, group, subscriber}]
  if (channel === undefined)
    throw new LeatError('USAGE', 'which dead letters?', {hint: 'name messages, or --all; leat dead list shows them'})
  for (const name of names) checkNamesMessage(name)
  const filters = [...new Set(names)].map((message) => ({message, group, subscriber}))
  for (const filter of filters) for await (const _ of bus.deadLetters(filter)) break
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

export const lettersIn = (count: number): string => (count === 1 ? '1 dead letter' : `${count} dead letters`)
