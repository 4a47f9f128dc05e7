/** From the words of a command line to the command that runs. */
import type {Command, Config} from '@oclif/core'
import {type Call, splitCall} from './argv.js'
import type {LeatCommand} from './base.js'
import {type Host, PROCESS_HOST} from './host.js'
import {writeFully} from './output/sink.js'

/** @param words packed (argv.ts) */
export const callOf = (config: Config, words: readonly string[]): Call =>
  splitCall(words, (id) => Boolean(config.findCommand(id) ?? config.findTopic(id)))

/** The command of a call as it is typed: `channel create`; undefined when there is none. */
export const commandOf = (config: Config, {name}: Call): string | undefined =>
  config.findCommand(name.join(':')) && name.join(' ')

/** A command runs; a topic alone shows what is in it; nothing at all is `leat status`. @throws USAGE no such command */
export async function dispatch(config: Config, call: Call, json: boolean, host: Host = PROCESS_HOST): Promise<void> {
  const {name, globals, rest} = call
  const [next] = rest
  if (name.length === 0 && next === '--version') return printVersion(config, json)
  if (rest.some((word) => word === '--help' || word === '-h')) return help(config, name, json, host)
  const command = config.findCommand(name.join(':'))
  if (command) return run(config, command, [...globals, ...rest], host)
  if (name.length === 0 && (next === undefined || next.startsWith('-')))
    return run(config, config.findCommand('status', {must: true}), [...globals, ...rest], host)
  if (next === undefined) return help(config, name, json, host)
  const {unknownCommand} = await import('./help.js')
  throw unknownCommand(config, [...name, next])
}

const help = (config: Config, name: readonly string[], json: boolean, host: Host): Promise<void> =>
  run(config, config.findCommand('help', {must: true}), [...name, ...(json ? ['--json'] : [])], host)

/** What oclif's `runCommand` does, without loading the configuration a second time. */
async function run(config: Config, command: Command.Loadable, argv: string[], host: Host): Promise<void> {
  const LoadedCommand = (await command.load()) as unknown as new (argv: string[], config: Config) => LeatCommand
  const loaded = new LoadedCommand(argv, config)
  loaded.host = host
  await loaded['_run']()
}

function printVersion({version}: Config, json: boolean): void {
  writeFully(1, Buffer.from(`${json ? JSON.stringify({version}) : `leat ${version}`}\n`))
}
