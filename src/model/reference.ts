import {LeatError} from './errors.js'
import type {Place, Seq} from './message.js'
import {isName} from './names.js'

/** How people name a message: by its id, by its place, or by a unique end of its id. */
export type MessageRef = {by: 'id'; id: string} | ({by: 'place'} & Place) | {by: 'end'; end: string}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const ID_END = /^[0-9a-f-]{6,36}$/i

/** A UUID in lower case with dashes. @throws INVALID */
export function checkId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase()
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not a UUID`, {hint: 'leave --id out to get one'})
}

/** `ops/42`, a UUID, or the end of one (6 characters or more). @throws INVALID */
export function parseMessageRef(text: string): MessageRef {
  if (UUID.test(text)) return {by: 'id', id: text.toLowerCase()}
  const place = parsePlace(text)
  if (place) return {by: 'place', ...place}
  const end = text.replaceAll('-', '')
  if (ID_END.test(text) && end.length >= 6) return {by: 'end', end: end.toLowerCase()}
  throw new LeatError('INVALID', `${JSON.stringify(text)} does not name a message`, {
    hint: 'use CHANNEL/SEQ (ops/42), an id, or the last 6 or more characters of one',
  })
}

/** `ops/42` → its place, undefined when the text isn't of that form. */
export function parsePlace(text: string): Place | undefined {
  const slash = text.lastIndexOf('/')
  const [channel, seq] = [text.slice(0, slash), text.slice(slash + 1)]
  return slash > 0 && isName(channel) && /^[1-9]\d{0,14}$/.test(seq) ? {channel, seq: Number(seq)} : undefined
}

/** `ops/42`: how a place is written. */
export const placeName = ({channel, seq}: {channel: string; seq: Seq}): string => `${channel}/${seq}`

/** The last 8 characters of an id: what tables show, and enough to name a message by. */
export const shortId = (id: string): string => id.slice(-8)
