/** The words behind a command, told apart: flags with their values, arguments, and what stands behind `--`. */
import type {ArgShape, CommandShape, FlagShape} from './catalog.js'

export interface Argument {
  text: string
  /** Which of the words it is. */
  at: number
}

export interface Given {
  /** Values by the name of the flag. */
  flags: ReadonlyMap<string, string[]>
  arguments: readonly Argument[]
  /** The last word is a flag that expects a value. */
  waiting?: FlagShape
  /** There was a `--`. */
  behind: boolean
}

/** @param words not packed (argv.ts) */
export function readGiven(words: readonly string[], {flags: shapes}: Pick<CommandShape, 'flags'>): Given {
  const flags = new Map<string, string[]>()
  const given: Argument[] = []
  const note = (name: string, value: string): void => void flags.set(name, [...(flags.get(name) ?? []), value])
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (word === '--') return {flags, arguments: given, behind: true}
    if (!word.startsWith('-') || word === '-') {
      given.push({text: word, at})
      continue
    }
    const flag = flagOf(word, shapes)
    if (!flag) continue
    const attached = attachedValue(word)
    if (flag.type === 'boolean' || attached !== undefined) note(flag.name, attached ?? '')
    else if (at + 1 === words.length) return {flags, arguments: given, waiting: flag, behind: false}
    else note(flag.name, words[++at] as string)
  }
  return {flags, arguments: given, behind: false}
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

function attachedValue(word: string): string | undefined {
  if (!word.startsWith('--')) return word.length > 2 ? word.slice(2) : undefined
  const at = word.indexOf('=')
  return at < 0 ? undefined : word.slice(at + 1)
}

/** The argument that stands at a place among the arguments; the last one may be for many. */
export function argumentAt({args}: Pick<CommandShape, 'args'>, place: number): ArgShape | undefined {
  const all = Object.values(args)
  const last = all.at(-1)
  return all[place] ?? (last?.multiple ? last : undefined)
}
