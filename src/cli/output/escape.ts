/**
 * Text of others on its way to a terminal or into a line of fields. A terminal obeys control characters, so none of
 * them gets there: C0 (but newline and tab), DEL, C1, and the bidirectional controls that make text lie (CVE-2021-42574).
 */
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g
const FIELD = /[\x00-\x1f\x7f-\x9f\\\u2028\u2029]/g

// C0 can't be in JSON but between values.
const UNSAFE_IN_JSON = /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

const NAMED: Readonly<Record<string, string>> = {'\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\'}

function spell(char: string): string {
  const code = char.charCodeAt(0)
  return (
    NAMED[char] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  )
}

/** For a terminal: newline and tab stay, every other control character is spelled out. */
export const forTerminal = (text: string): string => text.replace(UNSAFE, spell)

/** For one line on a terminal: newlines and tabs become spaces too. */
export const forTerminalLine = (text: string): string => forTerminal(text.replace(/\r\n|[\n\t]/g, ' '))

/** For a line of its own wherever it goes (errors): every control character is spelled out, newline and tab too. */
export const oneLine = (text: string): string => forTerminal(text.replace(/[\t\n]/g, spell))

/** JSON for a terminal: what a terminal would obey is written as JSON's own escape, which changes no value. */
export const jsonForTerminal = (json: string): string =>
  json.replace(UNSAFE_IN_JSON, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** For a field of a line of TAB-separated fields: tab, newline, backslash and control characters are spelled out. */
export const forField = (text: string): string => text.replace(FIELD, spell)

/** The first line that has something in it. Looks no further: a text may have millions of lines. */
export function firstLine(text: string): string {
  const at = text.search(/\S/)
  if (at < 0) return ''
  const start = Math.max(text.lastIndexOf('\n', at), text.lastIndexOf('\r', at)) + 1
  const length = text.slice(at).search(/[\r\n]/)
  return text.slice(start, length < 0 ? undefined : at + length)
}
