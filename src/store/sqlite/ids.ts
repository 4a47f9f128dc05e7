import type {MessageRef} from '../../model/reference.js'

/** A UUID as the 16 bytes that are stored. */
export const toBytes = (id: string): Buffer =>
  // Half the time of taking out each dash.
  Buffer.from(id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24), 'hex')

/** 32 hex digits, as SQLite's `hex` gives them, as a UUID in lower case. */
export function toUuid(hex: string): string {
  const low = hex.toLowerCase()
  return `${low.slice(0, 8)}-${low.slice(8, 12)}-${low.slice(12, 16)}-${low.slice(16, 20)}-${low.slice(20)}`
}

/** 16 stored bytes, from `at` on, as a UUID in lower case. */
export const toId = (bytes: Buffer, at = 0): string => toUuid(bytes.toString('hex', at, at + 16))

/** How an id, or the end of one, is looked for: by its last 3 bytes in an index, then by all that is known of it. */
export function idEnd(ref: Exclude<MessageRef, {by: 'place'}>): {tail: Buffer; end: string; length: number} {
  const end = (ref.by === 'id' ? ref.id : ref.end).replaceAll('-', '').toUpperCase()
  return {tail: Buffer.from(end.slice(-6), 'hex'), end, length: end.length}
}
