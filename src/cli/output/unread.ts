/** Remarks about what a reader had, has and misses. They go to stderr: results are elsewhere. */
import {counted} from '../../model/counted.js'
import type {Place} from '../../model/message.js'
import {placeName} from '../../model/reference.js'
import type {Output} from './output.js'

/** Messages in a sentence: `1 message`, `12 messages`. */
export const messagesIn = (count: number): string => counted(count, 'message')

/** How a command to type goes on, where the reader isn't the actor. */
export const asReader = (reader: string | undefined): string => (reader === undefined ? '' : ` --reader ${reader}`)

/** A reader that wasn't there before begins at the beginning, which may be much. */
export function noteNewReader(out: Output, channel: string, reader: string, unread: number): void {
  out.note(`${reader} is new to ${channel} and starts at the beginning: ${unread} unread`)
}

export function notePruned(out: Output, channel: string, pruned: number): void {
  if (pruned === 0) return
  const [were, them] = pruned === 1 ? ['was', 'it'] : ['were', 'them']
  out.note(`${messagesIn(pruned)} of ${channel} ${were} pruned before you read ${them}`)
}

/** Where a limit cut: how much is left, and the command that reads on. */
export function noteRest(out: Output, given: number, left: number, more: string): void {
  if (left > 0) out.note(`${given} of ${given + left} unread; ${more}`)
}

/** Nothing was committed: how it is done by hand. */
export function noteUncommitted(out: Output, reader: string | undefined, last: Place): void {
  out.note(`nothing is committed; leat cursor commit ${placeName(last)}${asReader(reader)}`)
}
