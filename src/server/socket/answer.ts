/** One request of the socket and its answer: eric_sse's verbs, leat's operations by name, and `follow`. */
import type {Bus} from '../../bus/bus.js'
import type {Connections} from '../../model/connection.js'
import {LeatError} from '../../model/errors.js'
import {checkName} from '../../model/names.js'
import {type Admission, type Caller, callerWith, isRefusal} from '../caller.js'
import {type Envelope, inputText, openEnvelope, textMember} from '../envelope.js'
import type {FollowReader} from '../following.js'
import {jsonText} from '../json.js'
import {LIMITS} from '../limits.js'
import {inputFields, type Runner} from '../run.js'
import {problemOf} from '../status.js'
import {type Answer, answerEric} from './eric.js'
import {errorLine, exceptionText} from './eric-wire.js'
import {pushes} from './pushes.js'

/** What answers are made of. */
export interface Respondent {
  /** Who acts where a request doesn't say. */
  actor: string
  /** The bus as someone sees it through this door. */
  as(actor: string): Bus
  admission: Admission
  runner: Runner
  readFollow: FollowReader
  /** Who gets by the socket what is pushed; absent: nobody. */
  connections?: Connections
  /** Milliseconds after which the token of a request that goes on is looked at again. Default 15 s. */
  heartbeat?: number
  /** Told of what nobody foresaw. */
  onBug(error: unknown): void
}

/** Members that are not the input of an operation. */
const OWN = new Set(['v', 'as', 'token'])

/** As long as eric_sse's verbs are; operations have longer names. */
const ERIC_VERB = 2

/**
 * What is answered to a request, piece by piece; errors are answered in the words of who asked. Whoever asks for the next
 * piece says that the one before has been taken.
 * @param client aborts when the client goes away, or the server stops
 */
export async function* answer(text: string, respondent: Respondent, client: AbortSignal): Answer {
  const refused = new AbortController()
  const signal = AbortSignal.any([client, refused.signal])
  let heart: NodeJS.Timeout | undefined
  let say = exceptionText as (error: LeatError) => string
  try {
    const envelope = openEnvelope(text, 'the request')
    const verb = textMember(envelope.fields, 'v')
    const isEric = verb === undefined || verb.length <= ERIC_VERB
    if (!isEric) say = errorJson
    const {verify, ...who} = await actorOf(envelope, respondent)
    const turnAway = (error: unknown): void => {
      if (isRefusal(error)) refused.abort(error)
    }
    if (verify) heart = setInterval(() => void verify().catch(turnAway), respondent.heartbeat ?? LIMITS.heartbeat)
    const onStream = (): void => {
      say = (error) => errorLine(exceptionText(error))
    }
    const payload = envelope.texts.get('p')
    if (isEric) yield* answerEric({...envelope, ...who, payload, as: respondent.as, signal, onStream})
    else if (verb === PUSHES)
      yield* pushes({
        ...pushInput(envelope),
        bus: respondent.as(who.actor),
        connections: respondent.connections,
        signal,
      })
    else if (verb === 'follow') yield* follow(envelope, respondent.as(who.actor), {...respondent, signal})
    else yield await run(verb, envelope, {bus: respondent.as(who.actor), runner: respondent.runner, signal})
    if (refused.signal.aborted) throw refused.signal.reason
  } catch (thrown) {
    const error = refused.signal.aborted ? refused.signal.reason : thrown
    const problem = problemOf(error)
    if (problem.bug !== undefined) respondent.onBug(problem.bug)
    yield say(problem.error)
  } finally {
    clearInterval(heart)
  }
}

/** What is pushed to the actor, as a stream; called so at the HTTP door too. */
const PUSHES = 'subscription.stream'

/** @throws INVALID */
function pushInput(envelope: Envelope): {channel: string | undefined} {
  const {channel, ...rest} = inputFields(inputText(envelope, OWN))
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new LeatError('INVALID', `unknown field ${JSON.stringify(unknown)}`)
  return {channel: textMember({channel}, 'channel')}
}

/** How an error reads for who asked for an operation. */
const errorJson = (error: LeatError): string => `${JSON.stringify(error)}\n`

/** @throws UNAUTHENTICATED the token is none; FORBIDDEN it proves someone else; INVALID not a name */
async function actorOf(
  {fields}: Envelope,
  {actor, admission}: Respondent,
): Promise<{actor: string; isProven: boolean; verify?: Caller['verify']}> {
  const as = textMember(fields, 'as')
  const token = textMember(fields, 'token')
  // Who can open the socket can open the store: its owner says who acts, as on the command line.
  if (token === undefined) return {actor: checkName('actor', as ?? actor), isProven: false}
  if ('everybody' in admission)
    throw new LeatError('UNAUTHENTICATED', 'this server takes no tokens', {hint: 'leave "token" out'})
  const {actor: proven, verify} = await callerWith(admission, token)
  if (as === undefined || as === proven) return {actor: proven, isProven: true, verify}
  throw new LeatError('FORBIDDEN', `the token proves ${proven}, not "${as}"`, {hint: `"as":"${proven}", or none`})
}

interface Run {
  bus: Bus
  runner: Runner
  signal: AbortSignal
}

async function run(name: string, envelope: Envelope, {bus, runner, signal}: Run): Promise<string> {
  return `${jsonText(await runner.call(name, {bus, text: inputText(envelope, OWN), signal}))}\n`
}

interface Follow {
  readFollow: FollowReader
  signal: AbortSignal
}

async function* follow(envelope: Envelope, bus: Bus, {readFollow, signal}: Follow): Answer {
  const {channels, options} = readFollow(inputFields(inputText(envelope, OWN)), bus.context.clock())
  for await (const message of bus.follow(channels, {...options, signal})) yield `${jsonText(message)}\n`
}
