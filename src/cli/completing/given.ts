/** The words behind a command, told apart: flags with their values, arguments, and what stands behind `--`. */
import type {ArgShape, CommandShape, FlagShape} from './catalog.js'

export interface Argument {
  text: string
  /** Which of the words it is. */
  at: number
}

/** The value of a flag. */
export interface FlagValue extends Argument {
  flag: string
  /** Where in the word it begins. */
  from: number
}

export interface Given {
  /** Values by the name of the flag. */
  flags: ReadonlyMap<string, string[]>
  values: readonly FlagValue[]
  arguments: readonly Argument[]
  /** The last word is a flag that expects a value. */
  waiting?: FlagShape
  /** There was a `--`. */
  behind: boolean
}

/** @param words not packed (argv.ts) */
export function readGiven(words: readonly string[], {flags: shapes}: Pick<CommandShape, 'flags'>): Given {
  const flags = new Map<string, string[]>()
  const values: FlagValue[] = []
  const given: Argument[] = []
  const note = (flag: string, at: number, from: number): void => {
    const text = (words[at] as string).slice(from)
    flags.set(flag, [...(flags.get(flag) ?? []), text])
    values.push({flag, text, at, from})
  }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') return {flags, values, arguments: given, behind: true}
    if (!word.startsWith('-') || word === '-') {
      given.push({text: word, at})
      continue
    }
    const flag = flagOf(word, shapes)
    if (!flag) continue
    const attached = attachedFrom(word, flag)
    if (flag.type === 'boolean' || attached !== undefined) note(flag.name, at, attached ?? word.length)
    else if (at + 1 === words.length) return {flags, values, arguments: given, waiting: flag, behind: false}
    else note(flag.name, ++at, 0)
  }
  return {flags, values, arguments: given, behind: false}
}

/** The flag of a word: `--name`, `--name=…`, `--no-name`, `-n`, `-nVALUE`; of several letters the last one. */
function flagOf(word: string, shapes: CommandShape['flags']): FlagShape | undefined {
  if (word.startsWith('--')) {
    const [name = ''] = word.slice(2).split('=', 1)
    if (Object.hasOwn(shapes, name)) return shapes[name]
    const positive = name.replace(/^no-/, '')
    return Object.hasOwn(shapes, positive) && shapes[positive]?.allowNo ? shapes[positive] : undefined
  }
  const all = Object.values(shapes)
  const first = all.find(({char}) => char === word.charAt(1))
  return first?.type === 'option' ? first : all.find(({char}) => char === word.at(-1))
}

/** Where in a word the value of its flag begins, undefined when it is the next word. */
function attachedFrom(word: string, {char}: FlagShape): number | undefined {
  if (!word.startsWith('--')) return word.charAt(1) === char && word.length > 2 ? 2 : undefined
  const at = word.indexOf('=')
  return at < 0 ? undefined : at + 1
}

/** The argument that stands at a place among the arguments; the last one may be for many. */
export function argumentAt({args}: Pick<CommandShape, 'args'>, place: number): ArgShape | undefined {
  const all = Object.values(args)
  const last = all.at(-1)
  return all[place] ?? (last?.multiple ? last : undefined)
}
