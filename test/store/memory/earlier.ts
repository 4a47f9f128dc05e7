import {LeatError} from '../../../src/model/errors.js'
import type {Sent} from '../../../src/model/message.js'
import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'
import type {Delayed, Room, State} from './state.js'

/** A message that is known already. */
export interface Known {
  id: string
  thread: string
  time: string
  sent: Sent
}

/** Where the same message was stored or put off before. @throws CONFLICT */
export function earlier(state: State, found: Room, outgoing: Outgoing, digest: string): Known | undefined {
  const channel = found.channel.name
  const byId = found.byId.get(outgoing.id)
  const stored = byId ?? (outgoing.key === undefined ? undefined : found.byKey.get(outgoing.key))
  if (stored) {
    const {id, thread, time, seq, sender} = stored.fields
    check(outgoing, channel, sender === outgoing.sender && stored.digest === digest, byId !== undefined)
    return {id, thread, time, sent: {channel, seq}}
  }
  const waiting = state.delayed.find((delayed) => delayed.room === found && isSame(delayed, outgoing))
  if (!waiting) return undefined
  const {id, thread = id, sender, deliverAt} = waiting.outgoing
  check(outgoing, channel, sender === outgoing.sender && waiting.digest === digest, id === outgoing.id)
  return {id, thread, time: isoTime(waiting.sentAt), sent: {channel, deliverAt: isoTime(deliverAt)}}
}

const isSame = ({outgoing: {id, key}}: Delayed, other: Outgoing): boolean =>
  id === other.id || (key !== undefined && key === other.key)

function check({id, key}: Outgoing, channel: string, same: boolean, byId: boolean): void {
  if (same) return
  const name = byId ? `id ${id}` : `key ${JSON.stringify(key)}`
  throw new LeatError('CONFLICT', `${channel} has another message with the ${name}`)
}
