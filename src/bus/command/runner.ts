import type {Message} from '../../model/message.js'
import {type CommandOptions, type CommandResult, type CommandSink, runCommand, type Surroundings} from './run.js'

/** Commands that run on behalf of different actors, each until its own signal ends it. */
export interface RunOptions extends Pick<CommandOptions, 'timeout' | 'variables'> {
  actor: string
  signal: AbortSignal
}

/**
 * Runs the commands of deliveries.
 * @param around what is the same for all of them
 * @param output where their stdout and stderr go
 */
export const commandRunner =
  (around: Omit<Surroundings, 'actor' | 'signal'>, output: CommandSink) =>
  (command: readonly string[], message: Message, {actor, signal, ...options}: RunOptions): Promise<CommandResult> =>
    runCommand(command, message, {...around, actor, signal}, {...options, stdout: 'stderr', stderr: output})
