/**
 * On to another channel, of this store or another one (the queue transport): at least once, and stored once, because the
 * message keeps its id.
 */
import {isAbsolute} from 'node:path'
import {type ErrorCode, LeatError} from '../model/errors.js'
import type {Draft, Message, Receipt} from '../model/message.js'
import {isName} from '../model/names.js'
import {placeName} from '../model/reference.js'
import type {Subscription} from '../model/subscription.js'
import {toEach} from './each.js'
import {oneLine, shownEndpoint} from './shown.js'
import {unlessStopped} from './stopping.js'
import {delivered, type Failure, notDelivered, type Transport, type TransportResult} from './transport.js'

/** Where messages go on to. */
export interface ForwardTarget {
  channel: string
  /** Path or URL; absent: the store that they come from. */
  store?: string
}

/**
 * Sends on behalf of an actor. What the draft answers or refers to, and isn't there for the actor, is left out.
 * @throws what `send` throws, NOT_FOUND and STORAGE too where there is no such store
 */
export type Forward = (target: ForwardTarget, draft: Draft, actor: string) => Promise<Receipt>

export class ChannelTransport implements Transport {
  readonly name = 'channel'
  readonly #forward: Forward

  constructor(forward: Forward) {
    this.#forward = forward
  }

  isAvailable(): boolean {
    return true
  }

  refuses({transport, endpoint}: Subscription): string | undefined {
    if (endpoint === undefined) return 'channel needs an endpoint: NAME, or STORE#NAME'
    const target = targetOf(endpoint)
    if (!target) return `channel delivers to NAME, or to /PATH/OF/STORE#NAME, not to ${shownEndpoint(endpoint)}`
    // No other store is opened because an endpoint looks like one.
    return target.store === undefined || transport === this.name
      ? undefined
      : 'channel opens other stores only for subscriptions that name it: --transport channel'
  }

  readonly send: Transport['send'] = (message, _channel, recipients, {signal}) =>
    toEach(recipients, ({subscription}) => unlessStopped(signal, () => this.#deliver(message, subscription)))

  async #deliver(message: Message, subscription: Subscription): Promise<TransportResult> {
    const refusal = this.refuses(subscription)
    const target = targetOf(subscription.endpoint ?? '')
    if (refusal !== undefined || !target) return notDelivered(refusal ?? '', {failure: 'final'})
    try {
      await this.#forward(target, draftOf(message), subscription.subscriber)
      return delivered()
    } catch (error) {
      if (!(error instanceof LeatError)) throw error
      return outcomeOf(error, target)
    }
  }
}

/** `NAME`, or `STORE#NAME` with a URL or an absolute path: a relative one would be another place for each deliverer. */
function targetOf(endpoint: string): ForwardTarget | undefined {
  const at = endpoint.lastIndexOf('#')
  const channel = endpoint.slice(at + 1)
  if (!isName(channel)) return undefined
  if (at < 0) return {channel}
  const store = endpoint.slice(0, at)
  return isAbsolute(store) || /^[a-z][a-z\d+.-]+:/i.test(store) ? {channel, store} : undefined
}

/** The same message, and where it comes from. Its reply channel and its idempotency key mean something there alone. */
function draftOf(message: Message): Draft {
  const {id, type, body, contentType, recipient, replyTo, references, correlationId, expiresAt} = message
  return {
    id,
    type,
    body,
    contentType,
    recipient,
    replyTo,
    references,
    correlationId,
    headers: {...message.headers, 'leat-from': placeName(message), 'leat-sender': message.sender},
    ...(expiresAt !== undefined && {expiresAt: Date.parse(expiresAt)}),
  }
}

/** What somebody may still put right: a channel is made or opened again, a store comes back. */
const PASSING: readonly ErrorCode[] = ['NOT_FOUND', 'CHANNEL_CLOSED', 'BUSY', 'STORAGE', 'CORRUPT', 'SCHEMA_NEWER']

function outcomeOf({code, message}: LeatError, {channel}: ForwardTarget): TransportResult {
  // It is there under its id: forwarded by another subscription, or come round in a circle, which ends here.
  if (code === 'CONFLICT') return delivered()
  const failure: Failure = PASSING.includes(code) ? 'retry' : 'final'
  return notDelivered(oneLine(`${channel}: ${message}`), {failure})
}
