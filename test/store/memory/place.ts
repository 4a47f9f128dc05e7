import {isoTime} from '../../../src/model/time.js'
import type {Outgoing} from '../../../src/store/store.js'
import type {Room, State, Stored} from './state.js'

/** A message but its place. */
export type Fields = Omit<Stored['fields'], 'seq'>

interface Taken {
  /** Milliseconds since 1970. */
  time: number
  sentAt?: number
}

/** A message as it will be stored. */
export function fieldsOf(outgoing: Outgoing, {time, sentAt}: Taken): Fields {
  const {channels: _, deliverAt: __, expiresAt, body, thread = outgoing.id, ...rest} = outgoing
  return {
    ...structuredClone(rest),
    references: outgoing.references?.length ? [...outgoing.references] : undefined,
    thread,
    body: typeof body === 'string' ? body : body.slice(),
    time: isoTime(time),
    sentAt: sentAt === undefined ? undefined : isoTime(sentAt),
    expiresAt: expiresAt === undefined ? undefined : isoTime(expiresAt),
  }
}

/** Gives a message its seq in a channel. A key that another message has by now stays with that one. */
export function place(state: State, room: Room, {key, ...fields}: Fields, digest: string): Stored {
  const seq = room.channel.lastSeq + 1
  const free = key !== undefined && !room.byKey.has(key)
  const stored: Stored = {digest, order: ++state.stored, fields: {...fields, ...(free && {key}), seq}}
  room.channel = {...room.channel, lastSeq: seq}
  room.messages.push(stored)
  room.byId.set(fields.id, stored)
  if (free) room.byKey.set(key, stored)
  return stored
}
