/** Messages in hand and where they go: printed, into a file, or to a command; and only then the cursor moves. */

import {type CommandResult, runCommand, type Surroundings} from '../bus/command/run.js'
import type {Taken} from '../bus/read.js'
import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import {forTerminal} from './output/escape.js'
import {type MessageOutput, type MessagePrinter, messagePrinter, printContent, writeContent} from './output/messages.js'
import type {Output} from './output/output.js'

/** What is done with each message. */
export interface Handing {
  /** What takes no time returns nothing: a wait for each of a million messages adds up. */
  give(message: Message): Promise<void> | undefined
  /** Told before what comes next, where that helps. */
  expect?(messages: readonly Message[]): void
  /** Each message is done when `give` returns, so it can be committed at once; else only when the output is out. */
  finishesEach: boolean
}

/** Milliseconds; well below the shortest lease of a hold, 30 s. */
const EXTEND_EVERY = 10_000

/**
 * Hands a batch over, then commits it. What fails in between, a closed pipe too, is an error: the rest of the batch comes
 * again. While a command or whoever reads our output takes its time, the hold is kept.
 */
export async function handOver(taken: Taken, {give, expect, finishesEach}: Handing, out: Output): Promise<void> {
  expect?.(taken.messages)
  const keeping = setInterval(() => taken.extend().catch(() => {}), EXTEND_EVERY) // a lost hold shows at the commit
  try {
    for (const message of taken.messages) {
      const giving = give(message)
      if (giving) await giving
      if (finishesEach) await taken.commit(message.seq)
    }
    await out.drain()
    if (!finishesEach) await taken.commit()
  } finally {
    clearInterval(keeping)
  }
}

/** Hands over what is only looked at. Returns the last message. */
export async function show(
  messages: AsyncIterable<Message>,
  {give}: Handing,
  out: Output,
): Promise<{given: number; last?: Message}> {
  let given = 0
  let last: Message | undefined
  for await (const message of messages) {
    await give(message)
    last = message
    given++
  }
  await out.drain()
  return {given, last}
}

/** Messages are looked at so many at a time. */
const TOGETHER = 50

/** For what comes without a wait: tells of some messages at a time before it gives them. */
export async function* foreseen(messages: AsyncIterable<Message>, {expect}: Handing): AsyncGenerator<Message> {
  if (!expect) return yield* messages
  let next: Message[] = []
  for await (const message of messages) {
    next.push(message)
    if (next.length < TOGETHER) continue
    expect(next)
    yield* next
    next = []
  }
  expect(next)
  yield* next
}

/** Hands over what arrives, each message out before the next is waited for. */
export async function giveEach(messages: AsyncIterable<Message>, {give}: Handing, out: Output): Promise<void> {
  for await (const message of messages) {
    const giving = give(message)
    if (giving) await giving
    if (!out.push()) await out.drain()
  }
}

/** Prints messages in the form that flags ask for; a slow reader of stdout is waited for. @throws USAGE a bad format */
export function printing(out: Output, options: MessageOutput & {limit?: number}): Handing {
  // Of one message exact bytes are wanted, of several something between them.
  const single = options.raw && options.limit === 1 && !options.nul
  const print: MessagePrinter = single ? (message) => printContent(out, message) : messagePrinter(out, options)
  return {
    finishesEach: false,
    expect: print.expect,
    give: (message) => {
      print(message)
      return out.isBehind ? out.ease() : undefined
    },
  }
}

/** At a terminal each channel gets a heading, where messages are printed for people. */
export function withHeadings(out: Output, handing: Handing, {raw, format}: MessageOutput): Handing {
  if (!out.terminal || out.json || raw || format !== undefined) return handing
  let current: string | undefined
  return {
    ...handing,
    give: (message) => {
      const heading = out.paint.strong(forTerminal(message.channel))
      if (message.channel !== current) out.write(`${current === undefined ? '' : '\n'}${heading}\n`)
      current = message.channel
      return handing.give(message)
    },
  }
}

/** Puts the exact content of one message into a file. */
export const saving = (out: Output, file: string): Handing => ({
  finishesEach: true,
  give: async (message) => writeContent(out, message, file),
})

export interface RunningOptions {
  /** What is said to who wants to go on behind, or again with, the place at which it failed. */
  hint?: (place: string) => string
  /** Told of a failure, which then ends nothing. */
  onFailure?: (failure: LeatError) => void
}

/** Runs a command for each message; one that fails ends it. @throws USAGE no such command; REMOTE it failed */
export const running = (
  command: readonly string[],
  around: Surroundings,
  {hint = hintForCursor, onFailure}: RunningOptions = {},
): Handing => ({
  finishesEach: true,
  give: async (message) => {
    const result = await runCommand(command, message, around)
    if (result.code === 0) return
    const failure = failed(command, message, result, hint)
    if (!onFailure) throw failure
    onFailure(failure)
  },
})

export const hintForCursor = (place: string): string =>
  `the next read begins with ${place}; leat cursor commit ${place} skips it`

function failed(
  [program = '']: readonly string[],
  message: Message,
  {code, signal}: CommandResult,
  hint: (place: string) => string,
): LeatError {
  const place = placeName(message)
  const how = signal ? `killed by ${signal}` : `exit code ${code}`
  return new LeatError('REMOTE', `${program} failed at ${place}: ${how}`, {hint: hint(place)})
}
