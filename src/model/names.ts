import {LeatError} from './errors.js'
import {LIMITS} from './limits.js'

export type NameKind = 'channel' | 'actor' | 'reader' | 'group' | 'conversation' | 'role' | 'context'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** Whether a text is a name: `[A-Za-z0-9][A-Za-z0-9._-]{0,127}` without `..`. */
export function isName(text: string): boolean {
  return NAME.test(text) && !text.includes('..')
}

/** Returns the name, or refuses it with a suggestion. @throws INVALID */
export function checkName(kind: NameKind, text: string): string {
  if (isName(text)) return text
  const better = suggestName(text)
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not ${kind === 'actor' ? 'an' : 'a'} ${kind} name`, {
    hint: better
      ? `try ${better}; a name has letters, digits, ".", "_" and "-", at most ${LIMITS.name}`
      : `a name begins with a letter or digit, then letters, digits, ".", "_" and "-", at most ${LIMITS.name}`,
  })
}

/** The nearest legal name to a text ("General Chat" → "general-chat"), or undefined when nothing is left of it. */
export function suggestName(text: string): string | undefined {
  const name = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, LIMITS.name)
    .replace(/[^a-z0-9]+$/, '')
  return isName(name) ? name : undefined
}

/** The actor of a process that names none: the OS user's name put through the rule for names, else `uid-N`. */
export function defaultActor(userName: string | undefined, uid: number | undefined): string {
  if (userName !== undefined && isName(userName)) return userName
  return (userName !== undefined && suggestName(userName)) || `uid-${uid ?? 0}`
}

/** Whether a text is a glob over names: it has `*`, `?` or `[`. */
export function isGlob(text: string): boolean {
  return /[*?[\]]/.test(text)
}

/**
 * A test for names that match a glob: `*` any run of characters (dots too), `?` one, `[a-z]` one of a set.
 * @throws INVALID an open bracket without its end
 */
export function globMatcher(glob: string): (name: string) => boolean {
  const tokens = glob.match(/\[[^\]]+\]|[\s\S]/g) ?? []
  const tests = tokens.map((token) => (token === '*' ? '*' : characterTest(token, glob)))
  return (name) => matchFrom(tests, name)
}

function characterTest(token: string, glob: string): (character: string) => boolean {
  if (token === '?') return () => true
  if (token.length === 1 && token !== '[') return (character) => character === token
  try {
    const set = new RegExp(`^${token.replace(/\\/g, '\\\\').replace(/^\[[!^]/, '[^')}$`)
    return (character) => set.test(character)
  } catch (cause) {
    throw new LeatError('INVALID', `${JSON.stringify(glob)} is not a pattern`, {hint: "quote it: 'build.*'", cause})
  }
}

// By hand, not as one regular expression: that would try *a*a*a*a*a in every way there is. Here only the last `*`
// is ever widened, because what stands before it has matched as early as it can.
function matchFrom(tests: readonly ('*' | ((character: string) => boolean))[], name: string): boolean {
  let [at, test, star, retry] = [0, 0, -1, 0]
  while (at < name.length) {
    const wanted = tests[test]
    if (wanted === '*') [star, retry] = [test++, at]
    else if (wanted?.(name.charAt(at))) [at, test] = [at + 1, test + 1]
    else if (star >= 0) [at, test] = [++retry, star + 1]
    else return false
  }
  return tests.slice(test).every((rest) => rest === '*')
}
