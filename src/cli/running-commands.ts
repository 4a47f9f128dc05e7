/** What `work` and `respond` share: commands that run for messages in hand, and what is said about how they end. */
import {Flags} from '@oclif/core'
import {checkCommand} from '../bus/command/lookup.js'
import {type CommandOptions, type CommandResult, runCommand, type Surroundings} from '../bus/command/run.js'
import type {DeadLetter} from '../model/dead-letter.js'
import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import {parseDuration} from '../model/time.js'
import type {Environment} from './environment.js'
import {count, duration} from './flags.js'
import {durationText} from './output/duration.js'
import type {Telling} from './output/telling.js'

/** A duration that is not zero. */
export const someTime = Flags.custom<number>({
  helpValue: 'DURATION',
  parse: async (text) => {
    const ms = parseDuration(text)
    if (ms > 0) return ms
    throw new LeatError('INVALID', `${JSON.stringify(text)} is no time at all`, {hint: 'like 200ms, 30s or 10m'})
  },
})

export const groupFlag = (usual: string) =>
  Flags.string({description: `The group (default: ${usual}).`, helpValue: 'NAME'})

export const runningFlags = {
  concurrency: count({description: 'Commands at once (default 1).'}),
  timeout: someTime({description: 'A command that takes longer is killed, with all that it has started.'}),
  lease: someTime({
    description: 'How long a claim lasts; renewed while the command runs (default 30s). At most 366 days.',
  }),
  grace: duration({description: 'How long commands may go on after SIGTERM or Ctrl-C (default 5s).'}),
}

/** The words behind `--`. @throws USAGE there are none, or no such command */
export function commandBehind(rest: readonly string[] | undefined, env: Environment, example: string): string[] {
  if (rest === undefined || rest.length === 0) throw new LeatError('USAGE', 'no command behind --', {hint: example})
  checkCommand(rest, env)
  return [...rest]
}

/** How a command failed, undefined when it didn't. @param timeout as it was given to it */
export function failureOf({code, signal, timedOut}: CommandResult, timeout: number | undefined): string | undefined {
  if (timedOut && timeout !== undefined) return `timed out after ${durationText(timeout)}`
  if (signal) return `killed by ${signal}`
  return code === 0 ? undefined : `exit code ${code}`
}

/** Commands that run for messages in hand, several at once, and how each has ended. */
export class CommandRuns {
  readonly #around: Surroundings
  readonly #telling: Telling
  readonly #ended = new Map<string, CommandResult>()

  constructor(around: Surroundings, telling: Telling) {
    this.#around = around
    this.#telling = telling
  }

  /** @param signal ends the command @throws USAGE the system refuses to start it */
  async run(
    command: readonly string[],
    message: Message,
    signal: AbortSignal,
    options: Omit<CommandOptions, 'stderr'>,
  ): Promise<CommandResult> {
    await this.#telling.ease()
    const around = {...this.#around, signal}
    const result = await runCommand(command, message, around, {...options, stderr: this.#telling.errors})
    this.#ended.set(placeName(message), result)
    return result
  }

  /** How the command for a message has ended, as fields for JSON; nothing if none ran to its end. Tells it once. */
  endOf(message: Message): {exitCode?: number; signal?: string} {
    const result = this.#ended.get(placeName(message))
    this.#ended.delete(placeName(message))
    if (!result) return {}
    return result.signal ? {signal: result.signal} : {exitCode: result.code}
  }
}

/** Of what no worker came back from. */
export function tellBuried(telling: Telling, letters: readonly DeadLetter[]): void {
  for (const {channel, group, attempts, reason, detail, message} of letters) {
    const {seq, id} = message
    telling.object({channel, seq, id, group, attempt: attempts, outcome: 'dead', reason, detail})
    telling.note(`${placeName(message)} is given up: ${reason}; leat dead show ${placeName(message)}`)
  }
}
