/** What `respond` is told, how it answers, and what it says about it. */
import {Flags} from '@oclif/core'
import type {Answerer, RespondReport, RespondSettled} from '../bus/respond.js'
import {RESPONDERS} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import type {Draft, Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import {type OutputForm, outputDrafts, outputFormFlags} from './command-output.js'
import type {Environment} from './environment.js'
import {limit, list, parsePairs} from './flags.js'
import {Telling} from './output/telling.js'
import {CommandRuns, commandBehind, failureOf, groupFlag, runningFlags, tellBuried} from './running-commands.js'
import type {Workplace} from './working.js'

export const respondFlags = {
  on: list('A shell command for requests of this type (repeatable).', {helpValue: 'TYPE=CMD'}),
  echo: Flags.boolean({description: 'Answer with the content of the request, to try things out.'}),
  group: groupFlag(RESPONDERS),
  ...runningFlags,
  ...outputFormFlags(),
  control: Flags.boolean({description: 'Obey messages of type start, stop and remove.'}),
  limit: limit('End after so many requests.'),
}

export interface RespondFlags extends OutputForm {
  on?: string[]
  echo: boolean
  group?: string
  concurrency?: number
  timeout?: number
  lease?: number
  grace?: number
  control: boolean
  limit?: number
}

/** Who answers what. */
export interface Answers {
  /** Shell commands by type. */
  byType: ReadonlyMap<string, string>
  /** For every other type. */
  others?: readonly string[] | 'echo'
}

/** @throws USAGE nothing that could answer, two answers for the same, or no such command */
export function answersOf(
  flags: Pick<RespondFlags, 'on' | 'echo'>,
  rest: readonly string[] | undefined,
  env: Environment,
): Answers {
  const {on = [], echo} = flags
  const byType = new Map(Object.entries(parsePairs('on', on) ?? {}))
  if (byType.size < on.length)
    throw new LeatError('USAGE', 'two commands for one type', {hint: 'one --on for each type'})
  if (echo && rest) throw new LeatError('USAGE', '--echo and a command behind -- exclude each other')
  if (rest) return {byType, others: commandBehind(rest, env, EXAMPLE)}
  if (!echo && byType.size === 0) throw new LeatError('USAGE', 'nothing that could answer', {hint: EXAMPLE})
  return echo ? {byType, others: 'echo'} : {byType}
}

const EXAMPLE = "leat respond calc -- ./calc.sh, or --on TYPE='CMD', or --echo"

/** Answers requests until there is a reason to end. @throws what `bus.respond` throws */
export async function respondWith(
  answers: Answers,
  channel: string,
  flags: RespondFlags,
  {bus, out, around, interrupted}: Workplace,
): Promise<void> {
  const telling = new Telling(out)
  const runs = new CommandRuns(around, telling)
  const {group = RESPONDERS, lease, concurrency, grace, control, limit: count} = flags
  const respond = bus.respond(channel, answererOf(answers, flags, runs), {
    ...{group, lease, concurrency, grace, control, count},
    signal: AbortSignal.any([interrupted, telling.gone]),
    onReady: () => telling.note(`responding to ${channel} as ${group}; end with Ctrl-C`),
    onSettled: (settled) => tellAnswer(telling, settled, runs.endOf(settled.claim.message)),
    onBuried: (letters) => tellBuried(telling, letters),
    onWaiting: ({message}) => telling.note(`${message}; going on when there is room`),
  })
  const report = await respond.finally(() => telling.errors.drain())
  if (out.errorTerminal) telling.note(summaryOf(report))
  await telling.end()
}

function answererOf({byType, others}: Answers, flags: RespondFlags, runs: CommandRuns): Answerer {
  const {timeout} = flags
  return async (request, signal) => {
    const script = byType.get(request.type)
    const command = script === undefined ? others : ['sh', '-c', script]
    if (command === undefined) throw unknownType(request, [...byType.keys()])
    if (command === 'echo') return {body: request.body, contentType: request.contentType}
    const ended = await runs.run(command, request, signal, {timeout, stdout: 'result'})
    const failure = failureOf(ended, timeout)
    // What a command says about its own failure is worth more than the number of it.
    if (failure !== undefined)
      throw new LeatError('REMOTE', (failure === `exit code ${ended.code}` && ended.stderr) || failure)
    return answerOf(await outputDrafts(ended, flags), flags)
  }
}

/** Who asks is waiting: where nothing was printed that is the answer. @throws INVALID it had to be JSON */
function answerOf(drafts: Draft[], {'json-body': json}: OutputForm): Draft[] {
  if (drafts.length > 0) return drafts
  if (json) throw new LeatError('INVALID', 'the command has printed nothing, which is not JSON')
  return [{body: ''}]
}

const unknownType = ({type}: Message, known: readonly string[]): LeatError =>
  new LeatError('REMOTE', `no command for type ${type}; known: ${known.join(', ')}`)

function tellAnswer(telling: Telling, settled: RespondSettled, end: object): void {
  const {claim, outcome, reason, detail, replies, failed, control} = settled
  const {channel, group, attempt, message} = claim
  const {seq, id, type} = message
  telling.object({channel, seq, id, group, attempt, type, outcome, reason, detail, replies, failed, control, ...end})
  const note = noteOn(settled)
  if (note !== undefined) telling.note(`${placeName(message)} ${note}`)
}

function noteOn({outcome, reason, replies, failed, control}: RespondSettled): string | undefined {
  if (outcome === 'released') return 'was not answered and is given back'
  if (outcome === 'lost') return `was lost to another responder: ${reason}`
  if (failed !== undefined) return `${replies > 0 ? 'got an error reply' : 'could not be answered'}: ${failed}`
  return control && `is obeyed: ${control}`
}

function summaryOf({answered, failed, removed}: RespondReport): string {
  const errors = failed === 0 ? '' : `, ${failed} with an error`
  return `${answered + failed} answered${errors}${removed ? '; removed by a message of type remove' : ''}`
}
