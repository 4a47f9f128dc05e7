/** What `work` is told, what it does with a message, and what it says about it. */
import {Flags} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {Surroundings} from '../bus/command/run.js'
import type {Handler, WorkOptions, WorkReport, WorkSettled} from '../bus/work.js'
import {DEFAULT_BACKOFF} from '../model/backoff.js'
import {type Claim, DEFAULT_GROUP, DEFAULT_MAX_ATTEMPTS} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import {placeName} from '../model/reference.js'
import {type OutputForm, outputDrafts, outputFormFlags} from './command-output.js'
import {count, duration, limit, list, parseNames} from './flags.js'
import {durationText} from './output/duration.js'
import type {Output} from './output/output.js'
import {Telling} from './output/telling.js'
import {CommandRuns, failureOf, groupFlag, runningFlags, tellBuried} from './running-commands.js'

export const workFlags = {
  group: groupFlag(DEFAULT_GROUP),
  ...runningFlags,
  'max-attempts': count({
    description: `Attempts before a message becomes a dead letter (default ${DEFAULT_MAX_ATTEMPTS}).`,
  }),
  backoff: duration({description: 'Wait before the second attempt; doubles with each (default 1s).'}),
  'max-backoff': duration({description: 'The longest wait (default 5m, at most 366 days).'}),
  'dead-on-exit': list('Exit codes that make a dead letter at once: 65, or 64,65 (repeatable).', {helpValue: 'CODE'}),
  'until-empty': Flags.boolean({description: 'End when nothing is left to do; exit 7 if there were dead letters.'}),
  limit: limit('End after so many messages.'),
  into: Flags.string({description: 'What the command prints is sent to this channel.', helpValue: 'CHANNEL'}),
  ...outputFormFlags(['into']),
}

export interface WorkFlags extends OutputForm {
  group?: string
  concurrency?: number
  timeout?: number
  lease?: number
  grace?: number
  'max-attempts'?: number
  backoff?: number
  'max-backoff'?: number
  'dead-on-exit'?: string[]
  'until-empty': boolean
  limit?: number
  into?: string
}

/** Where commands run. */
export interface Workplace {
  bus: Bus
  out: Output
  around: Surroundings
  /** No more claims from now on. */
  interrupted: AbortSignal
}

/** Runs a command for each message until there is a reason to end. @throws PARTIAL there were dead letters, as far as that matters; what `bus.work` throws */
export async function workWith(
  command: readonly string[],
  channel: string,
  flags: WorkFlags,
  {bus, out, around, interrupted}: Workplace,
): Promise<void> {
  const telling = new Telling(out)
  const runs = new CommandRuns(around, telling)
  const work = bus.work(channel, handlerOf(command, flags, runs, out.json), {
    ...optionsOf(flags),
    signal: AbortSignal.any([interrupted, telling.gone]),
    onReady: () => {
      if (out.errorTerminal && !flags['until-empty'])
        telling.note(`working on ${channel} as ${flags.group ?? DEFAULT_GROUP}; end with Ctrl-C`)
    },
    onSettled: (settled) => tellAttempt(telling, settled, runs.endOf(settled.claim.message), flags),
    onBuried: (letters) => tellBuried(telling, letters),
    onWaiting: ({message}) => telling.note(`${message}; going on when there is room`),
  })
  const report = await work.finally(() => telling.errors.drain())
  if (out.errorTerminal) telling.note(summaryOf(report))
  await telling.end()
  if (flags['until-empty'] && report.dead > 0 && !interrupted.aborted) throw deadLeft(channel, flags.group, report.dead)
}

/** @throws INVALID a code that is none */
function handlerOf(command: readonly string[], flags: WorkFlags, runs: CommandRuns, json: boolean): Handler {
  const {timeout, into} = flags
  const deadCodes = new Set((flags['dead-on-exit'] ?? []).flatMap(parseNames).map(exitCode))
  const stdout = into !== undefined ? 'result' : json ? 'stderr' : 'inherit'
  return async (claim, signal) => {
    const ended = await runs.run(command, claim.message, signal, {timeout, stdout, variables: claimVariables(claim)})
    const reason = failureOf(ended, timeout)
    if (reason === undefined) return {done: true, results: await outputDrafts(ended, flags)}
    const detail = ended.stderr ? {detail: ended.stderr} : {}
    return {done: false, reason, ...detail, dead: reason === `exit code ${ended.code}` && deadCodes.has(ended.code)}
  }
}

/** @throws INVALID */
function exitCode(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 255) return Number(text)
  throw new LeatError('INVALID', `--dead-on-exit: ${JSON.stringify(text)} is not an exit code from 1 to 255`)
}

const claimVariables = ({token, attempt}: Claim): Record<string, string> => ({
  LEAT_CLAIM: token,
  LEAT_MSG_ATTEMPT: String(attempt),
})

function optionsOf(flags: WorkFlags): WorkOptions {
  const {group, lease, concurrency, grace, into, limit: count, 'max-attempts': maxAttempts} = flags
  const {backoff: base = DEFAULT_BACKOFF.base, 'max-backoff': max = DEFAULT_BACKOFF.max} = flags
  return {
    group,
    lease,
    concurrency,
    grace,
    into,
    count,
    maxAttempts,
    untilEmpty: flags['until-empty'],
    backoff: {base, max},
  }
}

function tellAttempt(telling: Telling, settled: WorkSettled, end: object, flags: WorkFlags): void {
  const {claim, outcome, reason, detail, delay} = settled
  const {channel, group, attempt, message} = claim
  telling.object({channel, seq: message.seq, id: message.id, group, attempt, outcome, reason, ...end, detail, delay})
  const note = noteOn(settled, flags['max-attempts'] ?? DEFAULT_MAX_ATTEMPTS)
  if (note !== undefined) telling.note(note)
}

function noteOn({claim, outcome, reason, delay = 0}: WorkSettled, maxAttempts: number): string | undefined {
  const place = placeName(claim.message)
  const failed = `${place} failed (attempt ${claim.attempt} of ${maxAttempts}): ${reason}`
  switch (outcome) {
    case 'done':
      return undefined
    case 'retry':
      return `${failed}; again in ${roughDuration(delay)}`
    case 'dead':
      return `${failed}; given up: leat dead show ${place}`
    case 'released':
      return `${place} was not finished and is given back`
    case 'lost':
      return `${place} was lost to another worker: ${reason}`
  }
}

/** Whole seconds from one on. */
const roughDuration = (ms: number): string => durationText(ms < 1000 ? Math.round(ms) : Math.round(ms / 1000) * 1000)

function summaryOf({done, retried, dead, released, lost}: WorkReport): string {
  const counts = [
    [done, 'done'],
    [retried, 'failed and put off'],
    [dead, 'given up'],
    [released, 'given back'],
    [lost, 'lost'],
  ] as const
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return told.length === 0 ? 'there was nothing to do' : told.join(', ')
}

function deadLeft(channel: string, group: string | undefined, dead: number): LeatError {
  const what = dead === 1 ? '1 message became a dead letter' : `${dead} messages became dead letters`
  const ofGroup = group === undefined ? '' : ` --group ${group}`
  return new LeatError('PARTIAL', `${channel}: ${what}`, {hint: `leat dead list ${channel}${ofGroup}`})
}
