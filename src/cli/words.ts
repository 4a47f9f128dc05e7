/**
 * A line taken apart into words as sh does it, without expanding anything: '…', "…" and a backslash quote, # begins a
 * comment. By hand, because completion and errors need to know where a word stands and whether it was quoted.
 */
export type OpenEnd = "'" | '"' | '\\'

export interface Word {
  /** Without its quotes. */
  text: string
  /** Where it begins in the line. */
  start: number
  /** Behind its last character. */
  end: number
}

export interface Line {
  words: Word[]
  /** The line ends inside of a quote, or behind a backslash. */
  open?: OpenEnd
  /** The first operator of sh that stands unquoted in it. */
  operator?: string
}

/** What sh would act on where it isn't quoted. */
const OPERATORS = '|&;<>'

export function takeApart(line: string): Line {
  const words: Word[] = []
  let word: Word | undefined
  let quote: '"' | "'" | undefined
  let operator: string | undefined
  const add = (text: string, at: number): void => {
    word ??= {text: '', start: at, end: at}
    word.text += text
  }
  const finish = (at: number): void => {
    if (word) words.push({...word, end: at})
    word = undefined
  }
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (char === '\\' && quote !== "'") {
      const next = line.charAt(++at)
      if (next === '') {
        add('', at - 1)
        finish(at)
        return {words, open: '\\', operator}
      }
      // In double quotes a backslash is only special in front of what is special there.
      const isPlain = quote === '"' && !'\\"$`\n'.includes(next)
      if (next !== '\n') add(isPlain ? `\\${next}` : next, at - 1)
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined
      else add(char, at)
    } else if (char === '"' || char === "'") {
      add('', at)
      quote = char
    } else if (/\s/.test(char)) finish(at)
    else if (char === '#' && !word) {
      const end = line.indexOf('\n', at)
      if (end < 0) break
      at = end
    } else {
      if (OPERATORS.includes(char)) operator ??= char
      add(char, at)
    }
  }
  finish(line.length)
  return {words, ...(quote && {open: quote}), ...(operator !== undefined && {operator})}
}

/** A word as sh takes it: in quotes if there is more in it than letters, digits and what means nothing to sh. */
export const quotedWord = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** The text of a word in front of which a space stands is one of its own: the word that is being typed, empty if none. */
export function typedWord(line: string, {words}: Line): Word {
  const last = words.at(-1)
  return last && last.end === line.length ? last : {text: '', start: line.length, end: line.length}
}
