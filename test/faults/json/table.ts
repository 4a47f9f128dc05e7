/** Cases by name: text as UTF-8, or bytes. */
export type Table = Readonly<Record<string, string | Buffer>>

/** Bytes that are no text: each character is one. */
export const bytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1')

/** A name for a piece of JSON: letters and digits stay, all else is spelled by its code. */
export const spelled = (text: string): string =>
  text.replace(/[^A-Za-z0-9]/g, (char) => `~${char.charCodeAt(0).toString(16)}`)

/** The same case for each of these tokens: alone, in an array, and as a member. */
export const everywhere = (kind: string, tokens: readonly string[]): Table =>
  Object.fromEntries(
    tokens.flatMap((token) => [
      [`${kind}_${spelled(token)}`, token],
      [`${kind}_in_array_${spelled(token)}`, `[${token}]`],
      [`${kind}_in_object_${spelled(token)}`, `{"a":${token}}`],
    ]),
  )

/** The same case for each of these tokens, in an array. */
export const inArray = (kind: string, tokens: readonly string[]): Table =>
  Object.fromEntries(tokens.map((token) => [`${kind}_${spelled(token)}`, `[${token}]`]))
