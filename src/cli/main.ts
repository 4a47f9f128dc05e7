/** From the words of a command line to an exit code. */
import type {Config} from '@oclif/core'
import {packVerbatim} from './argv.js'
import {Cancelled} from './cancelled.js'
import {ASK_COMPLETION} from './completing/asked.js'
import {callOf, commandOf, dispatch} from './dispatch.js'
import {withUser} from './environment.js'
import {type EndingSignal, PROCESS_SIGNALS} from './signals.js'

/**
 * Runs one command and ends the process with its exit code.
 * @param root the package's folder
 * @param load oclif's view of it
 */
export async function main(argv: readonly string[], root: string, load = loadConfigOf): Promise<never> {
  if (argv[0] === ASK_COMPLETION) {
    // Before oclif is loaded: a person waits for it at each TAB.
    const {answer} = await import('./completing/answer.js')
    await answer(argv.slice(1), root)
    process.exit(0)
  }
  const words = packVerbatim(argv)
  const json = words.includes('--json')
  let command: string | undefined
  const fail = async (error: unknown): Promise<never> => {
    const {reportError} = await import('./errors.js')
    if (error instanceof Cancelled) await die(error.signal)
    process.exit(reportError(error, {json, command, words}))
  }
  // What escapes every promise is a bug, and reported like one.
  process.once('uncaughtException', fail)
  try {
    const config = await load(root)
    const call = callOf(config, words)
    command = commandOf(config, call)
    await dispatch(config, call, json)
  } catch (error) {
    return fail(error)
  }
  process.exit(process.exitCode ?? 0)
}

const loadConfigOf = (root: string): Promise<Config> =>
  withUser(process.env, async () => (await import('./config.js')).loadConfig(root))

/** So that a loop around it, which saw nothing of a Ctrl-C at a question, ends too. */
function die(signal: EndingSignal): Promise<never> {
  PROCESS_SIGNALS.die(signal)
  return new Promise(() => {})
}
