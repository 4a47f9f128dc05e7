/** What others have said, and addresses, as they may stand in errors and logs. */

const LONGEST = 200
// Control characters, and those that change the direction of text (CVE-2021-42574).
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** One line of at most 200 characters, spaces for newlines and tabs, every other control character spelled out. */
export function oneLine(text: string): string {
  // Cut first: an answer may be large, and no character becomes shorter.
  const line = text
    .trim()
    .slice(0, 4 * LONGEST)
    .toWellFormed()
    .replace(/[\s\x85]+/g, ' ')
    .replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const characters = [...line]
  return characters.length <= LONGEST ? line : `${characters.slice(0, LONGEST - 1).join('')}…`
}

/** An endpoint in quotes, what may be a password left out: `https://…@host/path`, no query. */
export const shownEndpoint = (endpoint: string): string =>
  JSON.stringify(oneLine(endpoint.replace(/\/\/[^/?#]*@/, '//…@').replace(/\?.*$/s, '?…')))

/** What the codes of the network mean, for who doesn't know them. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was broken off',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  EHOSTUNREACH: 'it can not be reached from here',
  ENETUNREACH: 'it can not be reached from here',
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  if (Object.hasOwn(MEANINGS, code)) return `${MEANINGS[code]} (${code})`
  return oneLine(error.message || code || error.name)
}
