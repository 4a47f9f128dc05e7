import type {Filter} from '../../model/filter.js'
import type {SearchTerm, SearchTerms} from '../../model/search-query.js'

/** Channels, senders or types that are looked for by the index; of more the hits are sorted out. */
export const FEW = 32

export interface Wanted {
  terms: SearchTerms
  filter: Filter
  /** Numbers of channels to look for; none: in all. */
  channels: readonly number[]
}

/**
 * A query as FTS5 reads it. Every text of the user's is a quoted one: no sign in it means anything. Sender, type and
 * channel are looked for in the index too, so that a search that is limited to them doesn't pass by all others.
 */
export function matchOf({terms: {wanted, unwanted}, filter: {senders, types}, channels}: Wanted): string {
  const text = (term: SearchTerm): string => `{content sender type} : ${quoted(term.text)}${term.prefix ? ' *' : ''}`
  const parts = wanted.map(text)
  if (channels.length > 0) parts.push(anyOf('channel', channels.map(String)))
  // A sender is one word or more, and so is a type, mostly. What they are exactly is looked at afterwards.
  if (isFew(senders)) parts.push(anyOf('sender', senders))
  if (isFew(types)) parts.push(anyOf('type', types))
  const all = parts.join(' AND ')
  // What is only unwanted can't be asked for.
  return unwanted.length === 0 || all === '' ? all : `(${all}) NOT (${unwanted.map(text).join(' OR ')})`
}

/** The same, but for beginnings of words that are unwanted: more than is looked for. */
export const wantedMatchOf = ({terms: {wanted, unwanted}, ...rest}: Wanted): string =>
  matchOf({terms: {wanted, unwanted: unwanted.filter(isWhole)}, ...rest})

/** The same without any beginnings of words. '': all messages. */
export const roughMatchOf = ({terms: {wanted, unwanted}, ...rest}: Wanted): string =>
  matchOf({terms: {wanted: wanted.filter(isWhole), unwanted: unwanted.filter(isWhole)}, ...rest})

const isWhole = ({prefix}: SearchTerm): boolean => !prefix

const isFew = (names: readonly string[] | undefined): names is readonly string[] =>
  names !== undefined && names.length > 0 && names.length <= FEW && names.every((name) => /[a-z0-9]/i.test(name))

const anyOf = (column: string, texts: readonly string[]): string => `${column} : (${texts.map(quoted).join(' OR ')})`

const quoted = (text: string): string => `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`
