/** One connection of the WebSocket door: requests in, answers, streams and deliveries out. */
import type {RawData, WebSocket} from 'ws'
import type {Bus} from '../../bus/bus.js'
import {LeatError} from '../../model/errors.js'
import {type Caller, isRefusal} from '../caller.js'
import type {ServerContext} from '../context.js'
import {type Envelope, inputText, openEnvelope, textMember} from '../envelope.js'
import {type FollowReader, followReader} from '../following.js'
import {type Check, checkCompiler} from '../input.js'
import {jsonText} from '../json.js'
import {text, texts} from '../operations/fields.js'
import {inputFields} from '../run.js'
import {problemOf, problemText} from '../status.js'
import {CLOSES} from './closes.js'
import {Deliveries} from './deliveries.js'
import {Follows} from './follows.js'
import {Outbox} from './outbox.js'

/** Requests of one connection at once; further ones wait unread. */
const IN_FLIGHT = 64
/** Bytes that a client has not taken yet, past which no further request of it is begun. */
const UNREAD = 1024 * 1024

/** Members that are not the input of an operation. */
const OWN = new Set(['id', 'do'])

const inputOf = (properties: Readonly<Record<string, object>>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const SUBSCRIBE = inputOf(
  {
    channel: text('The channel.'),
    types: texts('Only these types.'),
    from: text('Where a subscription begins; default for a new one: now.'),
  },
  ['channel'],
)
const UNSUBSCRIBE = inputOf({channel: text('The channel.')}, ['channel'])
const ACK = inputOf({delivery: text('The delivery.')}, ['delivery'])
const UNFOLLOW = inputOf({follow: {type: 'integer'}}, ['follow'])

type Answer = (result: unknown) => Promise<unknown>

/** A verb of the connection itself. @param input checked */
type Verb = (input: never, answer: Answer) => Promise<unknown> | unknown

export class WebSocketSession {
  readonly #client: WebSocket
  readonly #caller: Caller
  readonly #context: ServerContext
  readonly #bus: Bus
  readonly #outbox: Outbox
  readonly #over = new AbortController()
  readonly #verbs: ReadonlyMap<string, {check: Check; run: Verb}>
  readonly #readFollow: FollowReader = followReader()
  #inFlight = 0
  #waiting: string[] = []
  #isAlive = true
  /** The last message that was sent by this connection: the next one is stored behind it. */
  #sent: Promise<unknown> = Promise.resolve()

  constructor(client: WebSocket, caller: Caller, context: ServerContext) {
    const {limits, hub, onBug, stopping} = context
    this.#client = client
    this.#caller = caller
    this.#context = context
    this.#bus = context.busFor(caller.actor, 'websocket')
    this.#outbox = new Outbox(client, limits.drainTimeout)
    const common = {bus: this.#bus, outbox: this.#outbox, signal: this.#over.signal}
    const follows = new Follows({...common, onBug})
    const deliveries = new Deliveries({...common, connections: hub?.websocket, patience: limits.acknowledgement})
    this.#verbs = this.#verbsOf(follows, deliveries)
    const beat = setInterval(() => void this.#beat(), limits.heartbeat)
    const stop = (): void => this.#over.abort()
    stopping.addEventListener('abort', stop)
    client.on('message', (data, isBinary) => this.#take(data, isBinary))
    client.on('pong', () => (this.#isAlive = true))
    // 'close' follows, after a frame of ws's own that says what was wrong.
    client.on('error', () => {})
    client.once('close', () => {
      clearInterval(beat)
      stopping.removeEventListener('abort', stop)
      stop()
    })
  }

  #verbsOf(follows: Follows, deliveries: Deliveries): ReadonlyMap<string, {check: Check; run: Verb}> {
    const compile = checkCompiler()
    const verb = (schema: object, run: Verb) => ({check: compile(schema), run})
    return new Map([
      [
        'follow',
        {check: () => {}, run: (input: Envelope['fields'], answer: Answer) => this.#follow(follows, input, answer)},
      ],
      ['unfollow', verb(UNFOLLOW, (input: {follow: number}) => follows.end(input))],
      ['subscribe', verb(SUBSCRIBE, (input: {channel: string}, answer) => deliveries.subscribe(input, answer))],
      ['unsubscribe', verb(UNSUBSCRIBE, ({channel}: {channel: string}) => deliveries.unsubscribe(channel))],
      ['ack', verb(ACK, (input: {delivery: string}) => deliveries.acknowledge(input))],
    ])
  }

  #follow(follows: Follows, input: Envelope['fields'], answer: Answer): Promise<void> {
    const {channels, options} = this.#readFollow(input, this.#bus.context.clock())
    return follows.begin(channels, options, answer)
  }

  #take(data: RawData, isBinary: boolean): void {
    // Who was told to go may go on talking until it has gone.
    if (this.#client.readyState !== this.#client.OPEN) return
    if (isBinary) {
      this.#goodbye(CLOSES.notText)
      return
    }
    this.#waiting.push(String(data))
    this.#goOn()
  }

  /** Begins what waits, as far as there is room. Many frames come at once, and pausing only stops those behind them. */
  #goOn(): void {
    while (this.#hasRoom && this.#waiting.length > 0) {
      this.#inFlight++
      void this.#request(this.#waiting.shift() as string).finally(() => {
        this.#inFlight--
        this.#goOn()
      })
    }
    if (this.#client.readyState !== this.#client.OPEN) this.#waiting = []
    else if (this.#waiting.length > 0) this.#client.pause()
    else if (this.#client.isPaused) this.#client.resume()
  }

  /** Something is always on its way where there is none: its end makes room. */
  get #hasRoom(): boolean {
    return this.#inFlight === 0 || (this.#inFlight < IN_FLIGHT && this.#client.bufferedAmount < UNREAD)
  }

  /** Nothing of the connection goes on, however long the client takes to leave. */
  #goodbye(close: readonly [number, string]): void {
    this.#over.abort()
    this.#client.close(...close)
  }

  /** Never rejects. */
  async #request(frame: string): Promise<void> {
    let id: string | undefined
    try {
      const envelope = openEnvelope(frame, 'the frame')
      id = idOf(envelope)
      let isAnswered = false
      const answer: Answer = (result) => {
        isAnswered = true
        // Who gave no id doesn't want to know.
        return id === undefined ? Promise.resolve() : this.#outbox.write(`{"id":${id},"result":${jsonText(result)}}`)
      }
      const result = await this.#run(envelope, answer)
      if (!isAnswered) await answer(result)
    } catch (error) {
      const problem = problemOf(error)
      if (problem.bug !== undefined) this.#context.onBug(problem.bug)
      await this.#outbox.write(`{${id === undefined ? '' : `"id":${id},`}${problemText(problem).slice(1)}`)
    }
  }

  /** @throws INVALID no verb, wrong input; NOT_FOUND no such verb; and what it throws */
  async #run(envelope: Envelope, answer: Answer): Promise<unknown> {
    const name = textMember(envelope.fields, 'do')
    if (name === undefined) throw new LeatError('INVALID', 'the frame says not what to do: "do" is missing')
    const input = inputText(envelope, OWN)
    const verb = this.#verbs.get(name)
    if (verb) {
      const fields = inputFields(input)
      verb.check(fields)
      return verb.run(fields as never, answer)
    }
    const {runner} = this.#context
    const call = () => runner.call(name, {bus: this.#bus, text: input, signal: this.#over.signal})
    if (runner.operation(name).takes !== 'message' || name === 'request') return call()
    const sent = this.#sent.then(call)
    this.#sent = sent.catch(() => {})
    return sent
  }

  /** Looks whether the client is there, and may be. One that isn't read from can't say so. */
  async #beat(): Promise<void> {
    if (!this.#isAlive && !this.#client.isPaused) return this.#client.terminate()
    this.#isAlive = false
    this.#client.ping()
    try {
      await this.#caller.verify()
    } catch (error) {
      if (isRefusal(error)) this.#goodbye(CLOSES.noToken)
    }
  }
}

/** As it was written. @throws INVALID */
function idOf({fields, texts}: Envelope): string | undefined {
  const {id} = fields
  if (id === undefined || typeof id === 'string' || typeof id === 'number') return texts.get('id')
  throw new LeatError('INVALID', '"id" is neither a string nor a number')
}
