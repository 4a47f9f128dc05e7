import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'
import type {Room, State, Stored} from './state.js'

interface Taken {
  /** Milliseconds since 1970. */
  time: number
  sentAt?: number
  digest: string
}

/** Gives a message its seq in a channel. */
export function place(state: State, room: Room, outgoing: Outgoing, {time, sentAt, digest}: Taken): Stored {
  const {channels: _, deliverAt: __, expiresAt, body, thread = outgoing.id, ...rest} = outgoing
  const seq = room.channel.lastSeq + 1
  const stored: Stored = {
    digest,
    order: ++state.stored,
    fields: {
      ...structuredClone(rest),
      references: outgoing.references?.length ? [...outgoing.references] : undefined,
      thread,
      seq,
      body: typeof body === 'string' ? body : body.slice(),
      time: isoTime(time),
      sentAt: sentAt === undefined ? undefined : isoTime(sentAt),
      expiresAt: expiresAt === undefined ? undefined : isoTime(expiresAt),
    },
  }
  room.channel = {...room.channel, lastSeq: seq}
  room.messages.push(stored)
  room.byId.set(outgoing.id, stored)
  if (outgoing.key !== undefined) room.byKey.set(outgoing.key, stored)
  return stored
}
