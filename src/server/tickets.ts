/**
 * Tickets: what a browser puts into the address of a stream, because `EventSource` and `WebSocket` can't send a token.
 * Each is good for one connection within a minute. Only hashes are kept.
 */
import {createHash, randomBytes} from 'node:crypto'
import {LeatError} from '../model/errors.js'
import type {Clock} from '../model/time.js'
import type {Caller} from './caller.js'

/** Tickets that wait for their connection; more than clients can use in a minute. */
const KEPT = 10_000
/** Those of one actor: past them its oldest goes, so that nobody else is left without. */
const KEPT_OF_ACTOR = 500

export class Tickets {
  readonly #clock: Clock
  readonly #lasting: number
  readonly #waiting = new Map<string, {caller: Caller; expiresAt: number}>()

  /** @param lasting milliseconds */
  constructor(clock: Clock, lasting: number) {
    this.#clock = clock
    this.#lasting = lasting
  }

  /** A ticket for who is there. @throws BUSY too many wait to be used */
  issue(caller: Caller): {ticket: string; expiresAt: number} {
    this.#forgetExpired()
    this.#forgetOldest(caller.actor)
    if (this.#waiting.size >= KEPT) throw new LeatError('BUSY', `${KEPT} tickets wait to be used`)
    const ticket = randomBytes(32).toString('base64url')
    const expiresAt = this.#clock() + this.#lasting
    this.#waiting.set(hashOf(ticket), {caller, expiresAt})
    return {ticket, expiresAt}
  }

  /**
   * Who a ticket is for; from then on it is good for nothing.
   * @throws UNAUTHENTICATED it is none, or who took it is no longer welcome
   */
  async redeem(ticket: string): Promise<Caller> {
    const hash = hashOf(ticket)
    const waiting = this.#waiting.get(hash)
    this.#waiting.delete(hash)
    if (waiting && waiting.expiresAt > this.#clock()) {
      await waiting.caller.verify()
      return waiting.caller
    }
    throw new LeatError('UNAUTHENTICATED', 'this ticket is not one, was used before, or is over', {
      hint: 'POST /v1/tickets gives another',
    })
  }

  #forgetOldest(actor: string): void {
    const own = [...this.#waiting].filter(([, {caller}]) => caller.actor === actor)
    const [oldest] = own
    if (oldest && own.length >= KEPT_OF_ACTOR) this.#waiting.delete(oldest[0])
  }

  #forgetExpired(): void {
    const now = this.#clock()
    for (const [hash, {expiresAt}] of this.#waiting) if (expiresAt <= now) this.#waiting.delete(hash)
  }
}

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64')
