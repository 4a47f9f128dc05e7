/** A request whose input stands among the members that say what it is a request for. */
import {isObject} from '../model/draft-json.js'
import {LeatError} from '../model/errors.js'
import {memberTexts} from '../model/json.js'
import {inputFields} from './run.js'

export interface Envelope {
  /** The value of every member. */
  fields: Readonly<Record<string, unknown>>
  /** The source text of every member's value. */
  texts: ReadonlyMap<string, string>
}

/** @throws INVALID not the JSON of an object; TOO_LARGE nested too deep */
export function openEnvelope(text: string, what: string): Envelope {
  // One level more than an input: it may stand in `input`.
  const fields = inputFields(text, what, 1)
  return {fields, texts: memberTexts(text)}
}

/**
 * The JSON text of the input, as it was written: the members beside the envelope's own, or what is in `input`, for what
 * has the name of one of those.
 * @param own the members that are the envelope's
 * @throws INVALID both
 */
export function inputText({fields, texts}: Envelope, own: ReadonlySet<string>): string {
  const members = [...texts].filter(([name]) => !own.has(name) && name !== 'input')
  const input = texts.get('input')
  if (input === undefined) return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
  if (members.length === 0 && isObject(fields['input'])) return input
  throw new LeatError(
    'INVALID',
    members.length === 0 ? '"input" is not an object' : `both "input" and ${JSON.stringify(members[0]?.[0])} beside it`,
  )
}

/** A member that has to be a text where it is there. @throws INVALID */
export function textMember(fields: Envelope['fields'], name: string): string | undefined {
  const value = fields[name] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw new LeatError('INVALID', `"${name}" is not a string`)
}
