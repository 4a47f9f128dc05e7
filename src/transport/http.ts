/**
 * Webhooks: a POST to the subscription's endpoint, signed as Standard Webhooks has it
 * (https://www.standardwebhooks.com). The body is the message as JSON.
 */
import type {Dispatcher} from 'undici'
import {messageJson} from '../model/message.js'
import type {Subscription} from '../model/subscription.js'
import type {Clock} from '../model/time.js'
import {checkLiteralHost, PrivateAddressError, publicLookup, type Resolve} from './addresses.js'
import {toEach} from './each.js'
import {answerResult} from './http-answer.js'
import {reasonOf, shownEndpoint} from './shown.js'
import {unlessStopped} from './stopping.js'
import {notDelivered, type Recipient, type Transport, type TransportResult} from './transport.js'

/** Milliseconds for a delivery, from looking up the name to the end of the answer. */
const HTTP_TIMEOUT = 15_000

export interface HttpOptions {
  /** Of leat, for the user agent. */
  version?: string
  clock?: Clock
  /** Looks names up. Default: the system. */
  resolve?: Resolve
  /** Milliseconds for a delivery. Default 15,000. */
  timeout?: number
}

export class HttpTransport implements Transport {
  readonly name = 'http'
  readonly direction = 'both'
  readonly #options: Required<Omit<HttpOptions, 'resolve'>> & Pick<HttpOptions, 'resolve'>
  // Connections are kept and shared. One that was made to a private address must not serve who isn't allowed there.
  #anywhere: Promise<Dispatcher> | undefined
  #publicOnly: Promise<Dispatcher> | undefined

  constructor({version = '', clock = Date.now, timeout = HTTP_TIMEOUT, resolve}: HttpOptions = {}) {
    this.#options = {version, clock, timeout, resolve}
  }

  isAvailable(): boolean {
    return true
  }

  refuses({endpoint}: Subscription): string | undefined {
    if (endpoint === undefined) return 'http needs an endpoint, like https://example.org/hook'
    return addressOf(endpoint) ? undefined : `http delivers to an http or https URL, not to ${shownEndpoint(endpoint)}`
  }

  readonly send: Transport['send'] = (message, _channel, recipients, {signal}) => {
    const body = messageJson(message)
    return toEach(recipients, (recipient) => unlessStopped(signal, () => this.#deliver(body, recipient, signal)))
  }

  async #deliver(body: string, recipient: Recipient, stop: AbortSignal): Promise<TransportResult> {
    const {subscription} = recipient
    const refusal = this.refuses(subscription)
    if (refusal !== undefined) return notDelivered(refusal, {failure: 'final'})
    const url = new URL(subscription.endpoint ?? '')
    const timeout = AbortSignal.timeout(this.#options.timeout)
    try {
      if (!subscription.allowPrivate) checkLiteralHost(url.hostname)
      const answer = await this.#post(url, body, recipient, AbortSignal.any([stop, timeout]))
      return await answerResult(answer, url.host, this.#options.clock())
    } catch (error) {
      if (timeout.aborted) return notDelivered(`${url.host} has not answered within ${this.#options.timeout / 1000} s`)
      return failed(error, url.host)
    }
  }

  async #post(url: URL, body: string, recipient: Recipient, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const {request} = await import('undici')
    const {origin, pathname, search} = url
    return request(`${origin}${pathname}${search}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': `leat/${this.#options.version}`.replace(/\/$/, ''),
        ...basicAuthorization(url),
        ...(await signatureHeaders(body, recipient, new Date(this.#options.clock()))),
      },
      body,
      dispatcher: await this.#dispatcher(recipient.subscription.allowPrivate === true),
      signal,
    })
  }

  #dispatcher(anywhere: boolean): Promise<Dispatcher> {
    if (anywhere) {
      this.#anywhere ??= agent({})
      return this.#anywhere
    }
    this.#publicOnly ??= agent({lookup: publicLookup(this.#options.resolve)})
    return this.#publicOnly
  }

  async close(): Promise<void> {
    const dispatchers = await Promise.all([this.#anywhere, this.#publicOnly])
    await Promise.all(dispatchers.map((dispatcher) => dispatcher?.destroy()))
  }
}

/** An agent that uses no proxy and follows no redirect: what was checked is what is connected to. */
async function agent(connect: {lookup?: ReturnType<typeof publicLookup>}): Promise<Dispatcher> {
  const {Agent} = await import('undici')
  return new Agent({connect})
}

function addressOf(endpoint: string): URL | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  return url && ['http:', 'https:'].includes(url.protocol) && areDecodable(url) ? url : undefined
}

/** `https://user:password@host/`. */
function basicAuthorization({username, password}: URL): {authorization?: string} {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {authorization: `Basic ${Buffer.from(pair).toString('base64')}`}
}

function areDecodable(url: URL): boolean {
  try {
    basicAuthorization(url)
    return true
  } catch {
    return false // a stray %, which decodeURIComponent throws at
  }
}

async function signatureHeaders(body: string, recipient: Recipient, now: Date): Promise<Record<string, string>> {
  const {Webhook} = await import('standardwebhooks')
  const secrets = await recipient.secrets()
  return {
    'webhook-id': recipient.deliveryId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(recipient.deliveryId, now, body)).join(' '),
  }
}

/** No answer came. */
function failed(error: unknown, host: string): TransportResult {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof PrivateAddressError) return notDelivered(cause.message, {failure: 'final'})
  return notDelivered(`${host}: ${reasonOf(error)}`)
}
