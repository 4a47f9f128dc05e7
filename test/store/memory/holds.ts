import {setTimeout as pause} from 'node:timers/promises'
import type {Batch} from '../../../src/model/consumer.js'
import {LeatError} from '../../../src/model/errors.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Message} from '../../../src/model/message.js'
import {matcherOf} from '../../../src/model/where.js'
import type {ReaderKey, TakeOptions} from '../../../src/store/store.js'
import {type Access, type Hold, type Reader, room, type State, toMessage, view} from './state.js'
import {wake} from './waking.js'

/** Milliseconds that a hold lasts without `extend`. */
export const LEASE = 60_000

/** Whether someone is being handed messages as this reader. */
export const isHeld = ({tellsDeath}: State, {hold}: Reader, now: number): boolean =>
  hold !== undefined && hold.until > now && (hold.holder.alive || !tellsDeath)

/** The hold that a token names, if it lasts. @throws STALE_CLAIM */
export function ownHold(state: State, key: ReaderKey, token: string, now: number): {reader: Reader; hold: Hold} {
  const reader = state.rooms.get(key.channel)?.readers.get(key.reader)
  const hold = reader?.hold
  if (reader && hold?.token === token && isHeld(state, reader, now)) return {reader, hold}
  throw new LeatError('STALE_CLAIM', `${key.reader} has lost its hold on ${key.channel}`, {hint: 'read again'})
}

/** Takes under a hold, waiting for another holder in real time: the injected clock may stand still. */
export async function take(access: Access, key: ReaderKey, options: TakeOptions): Promise<Batch> {
  const deadline = performance.now() + options.wait
  const wants = await matcherOf(options.filter ?? {})
  for (;;) {
    const batch = await access.read(() => tryTake(access, key, options, wants))
    if (batch) return batch
    if (performance.now() >= deadline)
      throw new LeatError('BUSY', `someone else is reading ${key.channel} as ${key.reader}`, {hint: 'use --wait'})
    await pause(1)
  }
}

/** A batch, or undefined while another holds the reader. */
function tryTake(
  {state, clock, ids, holder}: Access,
  key: ReaderKey,
  options: TakeOptions,
  wants: (message: Message) => boolean,
): Batch | undefined {
  const now = clock()
  const found = room(state, key.channel)
  const known = found.readers.get(key.reader)
  if (known && isHeld(state, known, now)) return undefined
  const reader = known ?? {cursor: 0, createdAt: now, movedAt: now}
  found.readers.set(key.reader, reader)

  const {cursor: after} = reader
  const behind = found.messages.filter(({fields}) => fields.seq > after)
  const wanted = behind
    .filter(({fields}) => isLive(fields, now) && isVisible(fields, {actor: options.actor}))
    .filter((stored) => wants(view(found, stored)))
  const messages = wanted.slice(0, options.limit).map((stored) => toMessage(found, stored))
  const end = wanted.length <= options.limit
  const last = messages.at(-1)
  const upTo = end ? found.channel.lastSeq : (last?.seq ?? after)
  const pruned = (behind[0]?.fields.seq ?? found.channel.lastSeq + 1) - after - 1
  reader.hold = undefined
  if (messages[0] && last) {
    reader.hold = {token: ids(), holder, until: now + LEASE, from: messages[0].seq, to: last.seq, upTo}
  } else if (upTo > after) Object.assign(reader, {cursor: upTo, movedAt: now})
  if (messages.length > 0 || upTo > after || known === undefined) wake(state)
  return {hold: reader.hold?.token ?? '', messages, after, upTo, end, created: known === undefined, pruned}
}
