/** From the words of a command line to an exit code. */
import type {Command, Config} from '@oclif/core'
import {type Call, packVerbatim, splitCall} from './argv.js'
import {Cancelled} from './cancelled.js'
import {withUser} from './environment.js'
import {writeFully} from './output/sink.js'
import {dieOf, type EndingSignal} from './signals.js'

/** Runs one command and ends the process with its exit code. @param root the package's folder */
export async function main(argv: readonly string[], root: string): Promise<never> {
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
    const config = await withUser(process.env, async () => (await import('./config.js')).loadConfig(root))
    const call = splitCall(words, (id) => Boolean(config.findCommand(id) ?? config.findTopic(id)))
    command = config.findCommand(call.name.join(':')) && call.name.join(' ')
    await dispatch(config, call, json)
  } catch (error) {
    return fail(error)
  }
  process.exit(process.exitCode ?? 0)
}

/** So that a loop around it, which saw nothing of a Ctrl-C at a question, ends too. */
function die(signal: EndingSignal): Promise<never> {
  dieOf(signal)
  return new Promise(() => {})
}

/** A command runs; a topic alone shows what is in it; nothing at all is `leat status`. @throws USAGE no such command */
async function dispatch(config: Config, {name, globals, rest}: Call, json: boolean): Promise<void> {
  const [next] = rest
  if (name.length === 0 && next === '--version') return printVersion(config, json)
  if (rest.some((word) => word === '--help' || word === '-h')) return help(config, name, json)
  const command = config.findCommand(name.join(':'))
  if (command) return run(config, command, [...globals, ...rest])
  if (name.length === 0 && (next === undefined || next.startsWith('-')))
    return run(config, config.findCommand('status', {must: true}), [...globals, ...rest])
  if (next === undefined) return help(config, name, json)
  const {unknownCommand} = await import('./help.js')
  throw unknownCommand(config, [...name, next])
}

const help = (config: Config, name: readonly string[], json: boolean): Promise<void> =>
  run(config, config.findCommand('help', {must: true}), [...name, ...(json ? ['--json'] : [])])

/** What oclif's `runCommand` does, without loading the configuration a second time. */
async function run(config: Config, command: Command.Loadable, argv: string[]): Promise<void> {
  const LoadedCommand = (await command.load()) as unknown as new (argv: string[], config: Config) => Command
  await new LoadedCommand(argv, config)['_run']()
}

function printVersion({version}: Config, json: boolean): void {
  writeFully(1, Buffer.from(`${json ? JSON.stringify({version}) : `leat ${version}`}\n`))
}
