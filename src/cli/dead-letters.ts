/** Which dead letters a command is about. */

import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {DeadLetterFilter} from '../bus/dead-letters.js'
import {counted} from '../model/counted.js'
import {anyWords} from './flags.js'
import {namedBy} from './named-messages.js'

export const lettersArg = anyWords('The messages (CHANNEL/SEQ, an id or its end); with --all a channel.', {
  asks: 'dead letter',
  unless: ['all'],
})

/** Whose dead letters. */
export const ownerFlags = {
  group: Flags.string({description: 'Only of this group.', helpValue: 'NAME'}),
  subscriber: Flags.string({description: 'Only what could not be delivered to this subscriber.', helpValue: 'NAME'}),
}

export const letterFlags = {
  ...ownerFlags,
  all: Flags.boolean({description: 'All of them, or all of a channel.'}),
}

/** What words and `--all` name. @throws as `namedBy` */
export const namedLetters = (
  bus: Bus,
  names: readonly string[] = [],
  {all, group, subscriber}: {all: boolean; group?: string; subscriber?: string},
): Promise<DeadLetterFilter[]> => {
  const kept = {what: 'dead letters', list: 'leat dead list', find: bus.deadLetters}
  return namedBy(kept, names, all, {group, subscriber})
}

export const lettersIn = (count: number): string => counted(count, 'dead letter')
