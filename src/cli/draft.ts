/** The flags that describe a message, and the draft that they make. */
import {Flags} from '@oclif/core'
import {LeatError} from '../model/errors.js'
import type {Draft} from '../model/message.js'
import {duration, fromNow, list, pairs, parsePairs, timeAhead} from './flags.js'
import type {GivenBody} from './input.js'

export const draftFlags = {
  type: Flags.string({char: 't', description: 'Type (default: message).', helpValue: 'WORD'}),
  to: Flags.string({description: 'Send it to this one recipient only.', helpValue: 'NAME'}),
  ref: list('Refer to this message (repeatable).', {helpValue: 'MESSAGE'}),
  conversation: Flags.string({description: 'Put it in this conversation.', helpValue: 'NAME'}),
  'correlation-id': Flags.string({description: 'Ties a response to its request.', helpValue: 'TEXT'}),
  'reply-channel': Flags.string({description: 'Where an answer is expected.', helpValue: 'CHANNEL'}),
  header: pairs('A header (repeatable).'),
  id: Flags.string({
    description: 'The id, a UUID; sent again with the same content it is stored once.',
    helpValue: 'UUID',
  }),
  key: Flags.string({
    description: 'Idempotency key: sent again with the same content it is stored once.',
    helpValue: 'TEXT',
  }),
}

const expires = timeAhead({description: 'Not delivered any more from then on, or after so long; then deleted.'})

export const expiryFlags = {expires}

/** When a message is delivered. */
export const deliveryFlags = {
  at: timeAhead({description: 'Deliver it then.', exclusive: ['in']}),
  in: fromNow({description: 'Deliver it after so long.'}),
  expires,
}

/** How long its deliveries are waited for. */
export const waitDelivery = duration({
  description: 'Wait so long for those it is pushed to; exit 7 if a delivery failed, 4 if one is still pending.',
  exclusive: ['lines', 'jsonl'],
})

export interface DraftFlags {
  type?: string
  to?: string
  ref?: string[]
  'reply-to'?: string
  conversation?: string
  'correlation-id'?: string
  'reply-channel'?: string
  header?: string[]
  id?: string
  key?: string
  /** Milliseconds since 1970, as the next two. */
  at?: number
  in?: number
  expires?: number
}

/** What flags say about a message, without its body. Fields that are not given are left out. */
export function draftOf(flags: DraftFlags): Omit<Draft, 'body'> {
  const draft: Omit<Draft, 'body'> = {
    type: flags.type,
    recipient: flags.to,
    replyTo: flags['reply-to'],
    references: flags.ref,
    conversation: flags.conversation,
    correlationId: flags['correlation-id'],
    replyChannel: flags['reply-channel'],
    headers: parsePairs('header', flags.header),
    id: flags.id,
    key: flags.key,
    deliverAt: flags.at ?? flags.in,
    expiresAt: flags.expires,
  }
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
}

/** A body with what flags say; a file's headers stand behind those that were given. */
export function withBody(draft: Omit<Draft, 'body'>, given: GivenBody): Draft {
  const headers = draft.headers || given.headers ? {...given.headers, ...draft.headers} : undefined
  return {
    ...draft,
    body: given.body,
    ...(given.contentType && {contentType: given.contentType}),
    ...(headers && {headers}),
  }
}

/** Flags of one message make no sense for many. @throws USAGE */
export function refuseForMany(flags: DraftFlags): void {
  for (const name of ['id', 'key'] as const)
    if (flags[name] !== undefined)
      throw new LeatError('USAGE', `--${name} is for one message`, {hint: `put "${name}" into each object of --jsonl`})
}
