/** Questions on stderr, since stdout is for results. The only place that knows inquirer. */
import inquirer from 'inquirer'
import {Cancelled} from '../cancelled.js'
import type {Paint} from '../output/paint.js'
import {type EndingSignal, onSignals, PROCESS_SIGNALS} from '../signals.js'
import {fitting} from './fitting.js'
import {Keys} from './keys.js'

/** With what one asks. */
export interface Asker {
  paint: Paint
}

/** Something to pick. Texts of others in it are escaped already. */
export interface Offer<T extends string = string> {
  value: T
  /** One line. */
  label: string
  /** What typed words are looked for in, besides the value and the label. */
  also?: string
  /** What stands there when it is picked. Default: the value. */
  short?: string
  /** Why it can't be picked. */
  refused?: string
}

export interface Picking {
  message: string
  offers: readonly Offer[]
  /** What can be picked besides, made of what was typed so far (an empty text too). */
  typed?: (text: string) => Offer | undefined
}

/** Something of a list that gets shorter as one types. @throws Cancelled */
export function pick({paint}: Asker, {message, offers, typed}: Picking): Promise<string> {
  return ask({
    type: 'search',
    message,
    pageSize: pageSize(),
    theme: themeOf(paint),
    source: (term: string | undefined) => {
      const text = term ?? ''
      const more = typed?.(text)
      return [...matching(offers, text), ...(more ? [more] : [])].map(choiceOf)
    },
  })
}

/** One of a few. @throws Cancelled */
export function choose<T extends string>(
  {paint}: Asker,
  {message, offers, usual}: {message: string; offers: readonly Offer<T>[]; usual?: T},
): Promise<T> {
  return ask({
    type: 'select',
    message,
    pageSize: pageSize(),
    loop: false,
    theme: themeOf(paint),
    choices: offers.map(choiceOf),
    ...(usual !== undefined && {default: usual}),
  })
}

export interface LineOptions {
  message: string
  /** Says that nothing need be typed, and what that means. */
  empty?: string
  /** Why a text is refused; undefined: it isn't. */
  check?: (text: string) => string | undefined
  /** Spaces around it belong to it. */
  verbatim?: boolean
}

/** A line of text. @throws Cancelled */
export async function line({paint}: Asker, {message, empty, check, verbatim = false}: LineOptions): Promise<string> {
  const why = (text: string): string | undefined =>
    text === '' ? (empty === undefined ? 'something has to be typed' : undefined) : check?.(text)
  const typed = await ask<string>({
    type: 'input',
    message,
    theme: themeOf(paint, empty),
    validate: (text: string) => why(verbatim ? text : text.trim()) ?? true,
  })
  return verbatim ? typed : typed.trim()
}

/** @param usual what Enter alone means @throws Cancelled */
export const yesOrNo = ({paint}: Asker, message: string, usual = false): Promise<boolean> =>
  ask({type: 'confirm', message, default: usual, theme: themeOf(paint)})

/** Rows of a list: a small terminal has to hold the question and the keys too. */
const pageSize = (): number => Math.max(3, Math.min(12, (process.stderr.rows || 24) - 6))

/** All that have every word, those whose value begins with the first of them before the others. */
function matching(offers: readonly Offer[], text: string): Offer[] {
  const [first = '', ...others] = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = offers.filter(({value, label, also = ''}) => {
    const whole = `${value} ${label} ${also}`.toLowerCase()
    return [first, ...others].every((word) => whole.includes(word))
  })
  const begins = ({value}: Offer): boolean => value.toLowerCase().startsWith(first)
  return first === '' ? found : [...found.filter(begins), ...found.filter((offer) => !begins(offer))]
}

const choiceOf = <T extends string>({value, label, short, refused}: Offer<T>) => ({
  value,
  // A line that is broken would take the place of two.
  name: fitting(label, (process.stderr.columns || 80) - 3),
  short: short ?? value,
  ...(refused !== undefined && {disabled: `(${refused})`}),
})

/** @param hint stands behind the question until it is answered */
const themeOf = (paint: Paint, hint?: string) => ({
  prefix: {idle: paint.good('?'), done: paint.good('✔')},
  spinner: {interval: 80, frames: ['…']},
  icon: {cursor: '❯'},
  // One argument each: inquirer passes more, and chalk would print them.
  style: {
    answer: (text: string) => paint.name(text),
    message: (text: string, status: string) =>
      hint === undefined || status === 'done' ? paint.strong(text) : `${paint.strong(text)} ${paint.dim(`(${hint})`)}`,
    error: (text: string) => paint.bad(`  ${text}`),
    defaultAnswer: (text: string) => paint.dim(`(${text})`),
    help: (text: string) => paint.dim(text),
    highlight: (text: string) => paint.name(text),
    key: (text: string) => paint.name(text),
    disabled: (text: string) => paint.dim(`  ${text}`),
    description: (text: string) => paint.dim(text),
    searchTerm: (text: string) => text,
    keysHelpTip: (keys: [string, string][]) => paint.dim(keys.map(([key, what]) => `${key} ${what}`).join('  ')),
  },
})

/** @throws Cancelled */
async function ask<T>(question: object): Promise<T> {
  const ending = new AbortController()
  const keys = new Keys()
  let signalled: EndingSignal | undefined
  const stopListening = onSignals(
    (signal) => {
      signalled = signal
      // At once: whoever else obeys the signal may end the process before the question is taken back.
      keys.setRawMode(false)
      ending.abort()
    },
    () => {},
  )
  const stopWatching = watch(keys, () => ending.abort())
  try {
    const prompt = inquirer.createPromptModule({input: keys, output: process.stderr, signal: ending.signal})
    const answers = await prompt([{name: 'answer', ...question} as never])
    return (answers as {answer: T}).answer
  } catch (error) {
    if (!isEnding(error)) throw error
    // Listeners of inquirer may have kept the process alive when somebody else obeyed.
    if (signalled) setImmediate(PROCESS_SIGNALS.die, signalled)
    throw new Cancelled(signalled)
  } finally {
    stopListening()
    stopWatching()
    keys.close()
  }
}

/**
 * Ctrl-D on an empty line, or a terminal that is gone: readline stops to read then, and tells inquirer nothing. It stops to
 * read when it is continued after a Ctrl-Z, too, and then has to go on.
 */
function watch(keys: Keys, end: () => void): () => void {
  const onKey = (_: string | undefined, key: {ctrl?: boolean; name?: string} | undefined): void => {
    if (key?.ctrl && key.name === 'd') setImmediate(() => keys.isPaused() && end())
  }
  const goOn = (): void => void setImmediate(() => keys.resume())
  keys.on('keypress', onKey)
  keys.once('gone', end)
  process.on('SIGCONT', goOn)
  return () => void process.removeListener('SIGCONT', goOn)
}

const isEnding = (error: unknown): boolean =>
  error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name)
