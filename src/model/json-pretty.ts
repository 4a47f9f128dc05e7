/** JSON text laid out for people without losing anything of it. */
import {endOfString} from './json.js'

const INDENT = '  '
const SPACE = /\s/
const STRUCTURE = new Set('{}[],:')
/** The end of a number or a word. */
const END = /[\s{}[\],:"]/g

/**
 * The same JSON, a member or an item a line: numbers keep their digits, objects their order and duplicate keys. For text
 * that `JSON.parse` accepts. No more than `limit` characters of it; then `rest` is true.
 */
export function prettyJson(json: string, limit = Infinity): {text: string; rest: boolean} {
  let depth = 0
  let text = ''
  const newLine = (): string => `\n${INDENT.repeat(depth)}`
  for (const token of tokens(json)) {
    if (token === '{' || token === '[') {
      depth++
      text += token + newLine()
    } else if (token === '}' || token === ']') {
      depth--
      text += newLine() + token
    } else if (token === ',') text += `,${newLine()}`
    else text += token === ':' ? ': ' : token
    if (text.length > limit) return {text: text.slice(0, limit), rest: true}
  }
  return {text, rest: false}
}

/** Strings, numbers, words, what is between them, and `{}` or `[]` where nothing is inside. */
function* tokens(json: string): Generator<string> {
  let at = skipSpace(json, 0)
  while (at < json.length) {
    const end = endOfToken(json, at)
    yield json[at] === '{' || json[at] === '[' ? `${json[at]}${end - at > 1 ? json[end - 1] : ''}` : json.slice(at, end)
    at = skipSpace(json, end)
  }
}

function endOfToken(json: string, at: number): number {
  const char = json[at] as string
  if (char === '"') return endOfString(json, at)
  if (char === '{' || char === '[') {
    const next = skipSpace(json, at + 1)
    return json[next] === (char === '{' ? '}' : ']') ? next + 1 : at + 1
  }
  if (STRUCTURE.has(char)) return at + 1
  END.lastIndex = at
  return END.exec(json)?.index ?? json.length
}

function skipSpace(json: string, start: number): number {
  let at = start
  while (at < json.length && SPACE.test(json[at] as string)) at++
  return at
}
