import {setImmediate as turn} from 'node:timers/promises'
import {expect} from 'vitest'
import type {Claim, Settled} from '../../../src/model/claim.js'
import type {Seq} from '../../../src/model/message.js'
import type {Store} from '../../../src/store/store.js'
import {type Bench, type Suite, upTo} from './bench.js'
import {ack, claim, deadLetters, fail, inFlight, LEASE, release} from './claiming.js'
import {SECOND} from './harness.js'
import {seededRandom} from './random.js'

const GROUPS = ['workers', 'others']
const MESSAGES = 40

type Random = () => number

/** What four workers of a group did, to see that each message was done once, and was never in two hands. */
class Ledger {
  readonly done: Seq[] = []
  /** How many of the workers are about to say what became of their messages. */
  settling = 0
  readonly #held = new Map<Seq, Claim>()

  /** Whose word comes late may have been given it before who had it next. */
  given(one: Claim): void {
    const {seq} = one.message
    const other = this.#held.get(seq) ?? one
    const [first, next] = other.attempt < one.attempt ? [other, one] : [one, other]
    if (first !== next) expect(Date.parse(first.until)).toBeLessThanOrEqual(Date.parse(next.until) - LEASE)
    this.#held.set(seq, next)
  }

  /** Called before the store is: from then on another may be given it. */
  letGo({message, token}: Claim): void {
    if (this.#held.get(message.seq)?.token === token) this.#held.delete(message.seq)
  }
}

export function claimWalkTests({law}: Suite): void {
  for (const seed of upTo(3))
    law(7, `a racing walk (${seed}) has every message done once in each group, none lost`, async (bench) => {
      const {store, handles, send} = bench
      await store.channels.create('ops', {retention: {maxMessages: MESSAGES}}, 'alice')
      const ledgers = GROUPS.map(() => new Ledger())
      const stores = await handles(4)
      const sending = (async () => {
        for (let count = 0; count < MESSAGES; count++) await send('ops')
      })()
      const working = GROUPS.flatMap((group, index) =>
        stores.map((one, worker) => {
          const random = seededRandom(seed * 100 + index * 10 + worker)
          return work({...bench, store: one}, group, ledgers[index]!, random)
        }),
      )
      await Promise.all([sending, ...working])
      for (const {done} of ledgers) expect(done.toSorted((a, b) => a - b)).toEqual(upTo(MESSAGES))
      expect([await inFlight(store), await deadLetters(store)]).toEqual([[], []])
    })
}

/** Works until its group is done with all messages. */
async function work({store, clock}: Bench, group: string, ledger: Ledger, random: Random): Promise<void> {
  const key = {channel: 'ops', group}
  while (ledger.done.length < MESSAGES) {
    const limit = 1 + Math.floor(random() * 3)
    const before = clock.now()
    const {claims, readyIn} = await claim(store, key, {limit, bound: random() < 0.5, maxAttempts: 1000})
    for (const one of claims) ledger.given(one)
    ledger.settling++
    for (const one of claims) await settle(store, one, ledger, random)
    ledger.settling--
    if (random() < 0.1) clock.advance(SECOND)
    if (claims.length > 0 || readyIn === undefined) continue
    // Nobody else moves the clock to where this one waits for. It mostly waits for those who write: leases that were over
    // at the next look would never be kept.
    if (clock.now() === before && (ledger.settling === 0 || random() < 0.1)) clock.advance(readyIn)
    await turn()
  }
}

/** Mostly done; else failed, given back, renewed and done, or left to its lease. */
async function settle(store: Store, one: Claim, ledger: Ledger, random: Random): Promise<void> {
  const dice = random()
  if (dice < 0.1) return
  if (dice < 0.2) {
    const renewed = await store.claims.extend(one.token, LEASE).catch((error: {code: string}) => error.code)
    if (renewed === 'STALE_CLAIM') return
  }
  ledger.letGo(one)
  const settled = await end(store, one, dice, random)
  if (dice < 0.7 && settled === 'settled') ledger.done.push(one.message.seq)
}

async function end(store: Store, one: Claim, dice: number, random: Random): Promise<Settled | undefined> {
  if (dice < 0.7) return (await ack(store, one))[0]
  if (dice < 0.85) return fail(store, one, Math.floor(random() * 5) * SECOND)
  return (await release(store, one))[0]
}
