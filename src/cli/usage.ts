/** oclif's complaints about a command line, which take several lines and end with advice, as one `USAGE` line each. */
import {stripVTControlCharacters} from 'node:util'
import {nearestName} from '../bus/nearest.js'
import {LeatError} from '../model/errors.js'
import {unpack} from './argv.js'

/** What oclif's parser throws: itself, or around the error of a flag's own parser. */
interface ParserError extends Error {
  args?: readonly unknown[]
  flags?: readonly string[]
  parse?: {input?: {args?: Record<string, unknown>; flags?: Record<string, unknown>}}
}

// oclif rewrites the message of whatever a flag's parser throws.
const FROM_FLAG = /^Parsing (--[\w-]+) \n\t([\s\S]*)\nSee more help with --help$/

/** Whether an error is about the words of the command line. */
export const isUsage = (error: unknown): error is ParserError =>
  error instanceof Error && ('oclif' in error || (error instanceof LeatError && FROM_FLAG.test(error.message)))

/** What else the one limit is called (`limit` in flags.ts). */
const ALIASES: Readonly<Record<string, readonly string[]>> = {'--limit': ['-n', '--count', '--last']}

/** The name of a flag that was typed. */
const typedAs = (flag: string, words: readonly string[]): string =>
  words.includes(flag)
    ? flag
    : (ALIASES[flag]?.find((name) => words.some((word) => word === name || word.startsWith(`${name}=`))) ?? flag)

/**
 * @param command as it is typed, for the hint
 * @param words   the whole command line
 */
export function usageError(error: ParserError, command: string | undefined, words: readonly string[]): LeatError {
  const [, flag, message = ''] = FROM_FLAG.exec(error.message) ?? []
  if (flag !== undefined && error instanceof LeatError)
    return new LeatError(error.code, `${typedAs(flag, words)}: ${message}`, {hint: error.hint, cause: error.cause})
  const {what, hint} = explain(error, words)
  const see = command === undefined ? 'leat --help' : `leat ${command} --help`
  return new LeatError('USAGE', what, {hint: hint ?? `see ${see}`, cause: error})
}

function explain(error: ParserError, words: readonly string[]): {what: string; hint?: string} {
  const {args = [], flags = [], parse} = error
  if (error.message.startsWith('Unexpected argument'))
    return {
      what: `unexpected argument ${quoted(args)}`,
      hint: parse?.input?.args?.['body'] ? 'quote a text of several words' : undefined,
    }
  if (error.message.startsWith('Nonexistent flag'))
    return {what: `no flag ${flags.map(unpack).join(', ')}`, hint: flagHint(flags[0] ?? '', parse?.input)}
  return {
    what: plain(error.message)
      // oclif shows the value that it made of what was typed.
      .replace(/(--[\w-]+)=\S* cannot also be provided when using (--[\w-]+)/g, '$1 and $2 exclude each other')
      .replace(/--limit\b/g, typedAs('--limit', words)),
  }
}

const quoted = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ')

/** What was probably meant by a word that begins with a dash and is no flag. */
function flagHint(word: string, input: NonNullable<ParserError['parse']>['input']): string | undefined {
  const names = Object.keys(input?.flags ?? {}).filter((name) => name !== 'rest')
  const typed = (word.split('=', 1)[0] ?? '').replace(/^-+/, '')
  const near = word.startsWith('--') ? nearestName(typed, names) : undefined
  if (near !== undefined) return `did you mean --${near}?`
  return input?.args?.['body'] ? `-m '${word}' if it is the text` : undefined
}

/** Several lines with colours and advice → one without. */
const plain = (text: string): string =>
  lowerFirst(
    stripVTControlCharacters(text)
      .replaceAll('\0', '')
      .replace(/\nSee more help with --help$/, '')
      .replace(/^The following errors? occurred:\s*/, '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('; '),
  )

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
