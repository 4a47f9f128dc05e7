/** Where a text stops being JSON. `JSON.parse` tells that in one version of Node and not in the next. */

export interface Fault {
  /** From 1. */
  line: number
  /** From 1, in characters. */
  column: number
  what: string
}

const SPACE = /[ \t\r\n]*/y
const TOKEN =
  /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y

type Kind = 'text' | 'value' | '{' | '}' | '[' | ']' | ',' | ':'

const WORDS: Readonly<Record<string, string>> = {
  value: 'a value',
  key: 'a key in double quotes',
  end: 'nothing more',
}

/** @param text that `JSON.parse` refuses */
export function faultIn(text: string): Fault {
  const inside: ('{' | '[')[] = []
  /** What may come: `value`, `key`, `end`, or the character itself. */
  let may: string[] = ['value']
  for (let at = 0; ; ) {
    at = skip(SPACE, text, at)
    const end = skip(TOKEN, text, at)
    const kind = end === at ? undefined : kindOf(text.charAt(at))
    const next = kind && step(kind, may, inside)
    if (!next) return {...placeOf(text, at), what: complaint(text, at, may)}
    may = next
    at = end
  }
}

/** Where a match that begins at `at` ends; `at` if there is none. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

const kindOf = (char: string): Kind => (char === '"' ? 'text' : '{}[],:'.includes(char) ? (char as Kind) : 'value')

/** What may come behind a token; undefined where it may not stand. Opens and closes `inside`. */
function step(kind: Kind, may: readonly string[], inside: ('{' | '[')[]): string[] | undefined {
  const behindValue = (): string[] => (inside.length === 0 ? ['end'] : inside.at(-1) === '{' ? [',', '}'] : [',', ']'])
  if (kind === 'text' && may.includes('key')) return [':']
  if (kind === 'text' || kind === 'value') return may.includes('value') ? behindValue() : undefined
  if (kind === '{' || kind === '[') {
    if (!may.includes('value')) return undefined
    inside.push(kind)
    return kind === '{' ? ['key', '}'] : ['value', ']']
  }
  if (!may.includes(kind)) return undefined
  if (kind === ':') return ['value']
  if (kind === ',') return inside.at(-1) === '{' ? ['key'] : ['value']
  inside.pop()
  return behindValue()
}

function placeOf(text: string, at: number): {line: number; column: number} {
  const before = text.slice(0, at).split('\n')
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1}
}

function complaint(text: string, at: number, may: readonly string[]): string {
  const wanted = may.map((what) => WORDS[what] ?? `"${what}"`).join(' or ')
  const found =
    at >= text.length ? 'it ends' : `there is ${JSON.stringify(/^\S{1,12}/.exec(text.slice(at))?.[0] ?? '')}`
  return `${wanted} is expected, and ${found}`
}
