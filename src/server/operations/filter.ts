/** Which messages of a history are wanted. */
import type {Filter} from '../../model/filter.js'
import {parseTime} from '../../model/time.js'
import {text, texts} from './fields.js'

export interface FilterInput {
  type?: string[]
  sender?: string[]
  to?: string
  conversation?: string
  correlationId?: string
  since?: string
  until?: string
  where?: string[]
}

export const filterFields = {
  type: texts('Only these types; repeat it for several.'),
  sender: texts('Only from these senders; repeat it for several.'),
  to: text('Only direct messages to this actor.'),
  conversation: text('Only of this conversation.'),
  correlationId: text('Only with this correlation id.'),
  since: text('Stored at this time or later: ISO 8601, or a time ago like 2h.'),
  until: text('Stored before this time.'),
  where: texts(
    'Only JSON content that fulfils this, like level=error or a JMESPath expression; repeat it for several.',
  ),
} as const

/** @throws INVALID a time that is none */
export function filterOf(input: FilterInput, now: number): Omit<Filter, 'thread' | 'replyTo'> {
  const {type, sender, to, conversation, correlationId, since, until, where} = input
  return {
    types: type,
    senders: sender,
    recipient: to,
    conversation,
    correlationId,
    since: since === undefined ? undefined : parseTime(since, now),
    until: until === undefined ? undefined : parseTime(until, now),
    where,
  }
}
