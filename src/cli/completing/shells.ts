/**
 * What the scripts of `leat completion` say and get.
 *
 *   bash LINE PIECE TYPE   the line up to the cursor, what bash will replace (`$2`), and why it asks (`$COMP_TYPE`)
 *   zsh WORD… TYPED        words without quotes, `leat` first; the last one is being typed
 *   fish WORD… TYPED
 *
 * The answer's first line is `words`, or `files START` where a file is to be named behind START; each line behind it is a
 * candidate: for bash as it is put into the line, for zsh with a TAB and what is shown, for fish with a TAB and what it is.
 */
import {takeApart, typedWord} from '../words.js'
import type {Candidate, Completion} from './complete.js'

const ASKING = ['bash', 'fish', 'zsh'] as const
export type Asking = (typeof ASKING)[number]

export const isAsking = (shell: string): shell is Asking => (ASKING as readonly string[]).includes(shell)

export interface AskedByShell {
  /** Without `leat`. */
  words: string[]
  typed: string
  print(completion: Completion): string
}

export function readAsked(shell: Asking, said: readonly string[]): AskedByShell {
  if (shell === 'bash') return inBash(said)
  const words = said.slice(1, -1)
  return {words, typed: said.at(-1) ?? '', print: printed(shell === 'zsh' ? linesForZsh : linesForFish)}
}

const printed =
  (linesOf: (candidates: readonly Candidate[]) => string[]) =>
  ({candidates, file}: Completion): string =>
    `${[file === undefined ? 'words' : `files ${file}`, ...linesOf(candidates)].join('\n')}\n`

const linesForFish = (candidates: readonly Candidate[]): string[] =>
  candidates.map(({value, description = ''}) => `${value}\t${description}`)

function linesForZsh(candidates: readonly Candidate[]): string[] {
  const width = Math.max(0, ...candidates.map(({value}) => value.length))
  return candidates.map(
    ({value, description}) => `${value}\t${description ? `${value.padEnd(width)}  -- ${description}` : value}`,
  )
}

/** bash asks to list, not to complete. */
const LISTS = '63'

/** bash cuts words at = and : and replaces only what stands behind; inside of quotes it replaces all that is quoted. */
function inBash([text = '', piece = '', type]: readonly string[]): AskedByShell {
  const line = takeApart(text)
  const word = typedWord(text, line)
  const {open} = line
  const quote = open === '"' || open === "'" ? open : undefined
  const raw = quote ? word.text : text.slice(word.start)
  const kept = raw.endsWith(piece) ? raw.slice(0, raw.length - piece.length) : ''
  const head = quote ? kept : (takeApart(kept).words[0]?.text ?? '')
  const insert = ({value}: Candidate): string => quoted(value.slice(head.length), quote)
  const linesOf = (candidates: readonly Candidate[]): string[] =>
    type === LISTS && candidates.length > 1
      ? candidates.map(({value, description}) => (description ? `${value}  (${description})` : value))
      : candidates.map(insert)
  const words = line.words.filter(({start}) => start < word.start).map((one) => one.text)
  return {words: words.slice(1), typed: word.text, print: printed(linesOf)}
}

/** As it stands in a line of bash, inside of a quote that is open or outside of any: nothing of it is ever expanded. */
function quoted(value: string, quote: '"' | "'" | undefined): string {
  if (quote === "'") return value.replaceAll("'", "'\\''")
  return quote === '"' ? value.replace(/[\\"$`!]/g, '\\$&') : value.replace(/[^\w./:=@%+,-]/g, '\\$&')
}
