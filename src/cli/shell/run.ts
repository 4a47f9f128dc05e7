/** Runs a shell: at a terminal with a prompt, else line by line. */
import type {Config} from '@oclif/core'
import type {Environment} from '../environment.js'
import {streamFile} from '../files.js'
import {type EndingSignal, listen, PROCESS_SIGNALS} from '../signals.js'
import {History, historyPath} from './history.js'
import {completeLine} from './line-completion.js'
import {isOpen, runScript} from './script.js'
import {Session} from './session.js'

export interface ShellOptions {
  config: Config
  env: Environment
  handedOn: Environment
  actor: string
  store: {named: string | undefined; path: string}
  globals: readonly string[]
  /** A file of lines; absent: a terminal, or stdin. */
  file: string | undefined
  keepGoing: boolean
  note(text: string): void
}

/** What one can't know of it, in a line of 80 cells. */
const GREETING = 'use CHANNEL, as NAME, history, !LINE for your shell, exit; help has the commands'

/** @returns the exit code of the shell */
export async function runShell(options: ShellOptions): Promise<number> {
  const isPrompting = options.file === undefined && Boolean(process.stdin.isTTY && process.stderr.isTTY)
  const history = new History(historyPath(options.env), options.note)
  const session = new Session({...options, history, terminal: isPrompting})
  try {
    if (!isPrompting) return await fromFile(session, options)
    options.note(GREETING)
    return await prompting(session, history)
  } finally {
    await session.kept.close()
  }
}

async function fromFile(session: Session, {file, keepGoing}: ShellOptions): Promise<number> {
  const stop = new AbortController()
  let endedBy: EndingSignal | undefined
  const stopListening = listen(PROCESS_SIGNALS, (signal) => {
    endedBy = signal
    stop.abort()
    session.signal(signal)
    // Nothing comes from a stdin that is waited for.
    if (file === undefined) process.stdin.destroy()
  })
  const chunks = file === undefined ? (process.stdin as AsyncIterable<Buffer>) : streamFile(file)
  try {
    return await runScript(session, chunks, {keepGoing, signal: stop.signal})
  } catch (error) {
    if (endedBy === undefined) throw error
    return 1
  } finally {
    stopListening()
    if (endedBy !== undefined) {
      await session.kept.close()
      PROCESS_SIGNALS.die(endedBy)
      await new Promise(() => {})
    }
  }
}

async function prompting(session: Session, history: History): Promise<number> {
  const {Prompt} = await import('../../tui/shell/prompt.js')
  history.load()
  let code = 0
  const prompt = new Prompt(
    {
      prompt: () => `${session.channel ?? 'leat'} as ${session.actor}`,
      isOpen,
      run: async (text, unasked) => {
        const outcome = await session.run(text, {unasked})
        if (outcome.end) code = outcome.code
        return outcome.end === true
      },
      complete: (text) => completeLine(session, text),
      history,
    },
    {input: process.stdin, output: process.stderr},
  )
  let endedBy: EndingSignal | undefined
  const stopListening = listen(PROCESS_SIGNALS, (signal) => {
    session.signal(signal)
    prompt.interrupted()
    if (signal === 'SIGINT') return
    endedBy = signal
    prompt.close()
  })
  await prompt.run()
  stopListening()
  if (endedBy !== undefined) {
    await session.kept.close()
    PROCESS_SIGNALS.die(endedBy)
  }
  return code
}
