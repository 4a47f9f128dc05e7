import {isForGroup, isVisible, type Viewer} from './filter.js'
import type {Message} from './message.js'

/** A message given up on, kept with the reason, to be redriven or purged. */
export interface DeadLetter {
  /** UUID of the dead letter itself: the same message can die in several groups. */
  id: string
  channel: string
  /** The group that gave up; absent for a delivery, and for a delayed message that its channel no longer took when it fell due. */
  group?: string
  /** The subscriber to whom it could not be delivered. */
  subscriber?: string
  /** A copy, as it was: retention may have deleted the message since. Its seq is 0 if it never got one. */
  message: Message
  /** How often it was tried. */
  attempts: number
  reason: string
  /** More about it: the end of a command's stderr. */
  detail?: string
  /** ISO 8601. */
  diedAt: string
}

/** Where a redriven dead letter went: given to its group again, at its old place or, if that was pruned, at a new one. */
export interface Redriven {
  id: string
  channel: string
  group?: string
  subscriber?: string
  seq: number
}

/**
 * Whether a viewer may see a dead letter of a channel that it may read. What was the group's is everyone's; what was between
 * two stays between them. What a subscriber was to get, and why it didn't, is its own and the managers'.
 */
export const isLetterVisible = (
  {group, subscriber, message}: {group?: string; subscriber?: string; message: Pick<Message, 'sender' | 'recipient'>},
  viewer: Viewer,
): boolean =>
  subscriber !== undefined
    ? viewer.all === true || subscriber === viewer.actor
    : (group !== undefined && isForGroup(message, group)) || isVisible(message, viewer)

/** Bytes of detail that are kept. */
const DETAIL_LIMIT = 16 * 1024

/** The end of a detail, as much as is kept, beginning with a whole character. */
export function endOfDetail(detail: string): string {
  const bytes = new TextEncoder().encode(detail)
  if (bytes.length <= DETAIL_LIMIT) return detail
  let start = bytes.length - DETAIL_LIMIT
  while ((bytes[start]! & 0xc0) === 0x80) start++
  return new TextDecoder().decode(bytes.subarray(start))
}
