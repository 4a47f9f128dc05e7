/**
 * Flags that several commands share: one word, one idea, parsed in one place. oclif would fill arguments from stdin and
 * let repeatable flags swallow what stands behind them, so arguments and lists are made here.
 */
import {Args, Flags} from '@oclif/core'
import {LeatError} from '../model/errors.js'
import {type Duration, parseDuration, parseTime} from '../model/time.js'
import type {Asked} from './asks.js'

/** An argument. Never filled from stdin. @param asked what it is: a person is asked for it where it is missing */
export const word = (description: string, asked: Partial<Asked> = {}) =>
  Args.string({description, required: true, ignoreStdin: true, ...asked})

/** An argument that may be missing. */
export const optionalWord = (description: string, asked: Partial<Asked> = {}) =>
  Args.string({description, ignoreStdin: true, ...asked})

/** One word or more at the end. */
export const words = (description: string, asked: Partial<Asked> = {}) =>
  Args.string({description, required: true, ignoreStdin: true, multiple: true, ...asked})

/** Any number of words at the end. */
export const anyWords = (description: string, asked: Partial<Asked> = {}) =>
  Args.string({description, ignoreStdin: true, multiple: true, ...asked})

/** A flag that may be given several times, one value each. */
export const list = (
  description: string,
  {char, helpValue, ...what}: {char?: 't'; helpValue?: string} & Partial<Asked> = {},
) => Flags.string({description, char, helpValue, multiple: true, multipleNonGreedy: true, ...what})

/** `k=v`, several times. */
export const pairs = (description: string) =>
  Flags.string({description, multiple: true, multipleNonGreedy: true, helpValue: 'NAME=VALUE'})

/** Comma-separated names. */
export const names = (description: string) => Flags.string({description, helpValue: 'NAME,…'})

/** `30s` → milliseconds. */
export const duration = Flags.custom<Duration>({helpValue: 'DURATION', parse: async (text) => parseDuration(text)})

/** A time, or a duration ago → milliseconds since 1970. */
export const time = Flags.custom<number>({helpValue: 'TIME', parse: async (text) => parseTime(text, Date.now())})

/** A time that is not over, or a duration from now → milliseconds since 1970. */
export const timeAhead = Flags.custom<number>({
  helpValue: 'TIME',
  parse: async (text) => notOver(text, parseTime(text, Date.now(), {ahead: true})),
})

/** A duration from now → milliseconds since 1970. */
export const fromNow = Flags.custom<number>({
  helpValue: 'DURATION',
  parse: async (text) => Date.now() + parseDuration(text),
})

/** @throws INVALID */
function notOver(text: string, time: number): number {
  if (text === 'now' || time >= Date.now()) return time
  throw new LeatError('INVALID', `${JSON.stringify(text)} is over`, {
    hint: 'a time ahead, like 10m or 2037-12-01 08:30',
  })
}

/** A whole number of one or more. */
export const count = Flags.custom<number>({helpValue: 'N', parse: async (text) => parseCount(text)})

/** As `count`, or none. */
export const countFromZero = Flags.custom<number>({helpValue: 'N', parse: async (text) => parseCount(text, 0)})

/** @throws INVALID */
export function parseCount(text: string, least = 1): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= least) return Number(text)
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not a whole number of ${least} or more`)
}

/** The one limit: `-n`, `--limit`, also `--count` and `--last`. */
export const limit = (description: string) => count({char: 'n', description, aliases: ['count', 'last']})

export const yes = Flags.boolean({char: 'y', description: 'Go on without asking.'})

/** On every command. */
export const globalFlags = {
  store: Flags.string({
    description: 'The store: a path (default: $LEAT_STORE, else as configured, else the one in your data folder).',
    helpValue: 'PATH',
    helpGroup: 'GLOBAL',
  }),
  as: Flags.string({
    description: 'Who acts (default: $LEAT_AS, else as configured, else your user name).',
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
  }),
  context: Flags.string({
    description: "The context: a store and more by a name (default: $LEAT_CONTEXT, else the current one; '' for none).",
    helpValue: 'NAME',
    helpGroup: 'GLOBAL',
  }),
  json: Flags.boolean({description: 'Print JSON, one object a line.', helpGroup: 'GLOBAL'}),
  quiet: Flags.boolean({char: 'q', description: 'Print results only.', helpGroup: 'GLOBAL'}),
  'no-input': Flags.boolean({description: 'Never ask.', helpGroup: 'GLOBAL'}),
  color: Flags.option({options: ['auto', 'always', 'never'] as const})({
    description: 'When to colour (default: auto).',
    helpGroup: 'GLOBAL',
  }),
  rest: Flags.custom<string[]>({hidden: true, parse: async (packed) => restWords(packed)})(),
}

/** The words behind `--`, as argv.ts packed them. @throws USAGE someone typed this flag */
function restWords(packed: string): string[] {
  try {
    return JSON.parse(packed) as string[]
  } catch (cause) {
    throw new LeatError('USAGE', 'there is no such flag', {hint: 'a command goes behind --', cause})
  }
}

/** How messages are printed. */
export const messageOutputFlags = {
  raw: Flags.boolean({description: 'Content alone.', exclusive: ['format']}),
  format: Flags.string({
    description: "A template: '{time} {sender}: {content}' (see leat help scripting).",
    helpValue: 'TEMPLATE',
  }),
  // oclif's type knows letters only; its parser takes any character.
  nul: Flags.boolean({char: '0' as 'z', description: 'End each with NUL instead of a newline.'}),
}

/** Which messages are wanted. */
export const filterFlags = {
  type: list('Only messages of this type (repeatable).', {char: 't', helpValue: 'WORD'}),
  sender: list('Only messages of this sender (repeatable).', {helpValue: 'NAME'}),
}

/** Conditions on JSON content. */
export const where = list(
  'Only JSON content that fulfils this, like level=error or a JMESPath expression (repeatable).',
  {
    helpValue: 'CONDITION',
  },
)

/** `a=1`, `b=2` → an object. @throws USAGE */
export function parsePairs(flag: string, given: readonly string[] | undefined): Record<string, string> | undefined {
  if (!given) return undefined
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new LeatError('USAGE', `--${flag} ${JSON.stringify(pair)} is not NAME=VALUE`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

/** `a,b` → names; empty ones are dropped. */
export const parseNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
