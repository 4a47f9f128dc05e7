/** A stream of server-sent events as a connection: opened, kept alive, ended. */
import type {FastifyReply} from 'fastify'
import {type Caller, isRefusal} from '../caller.js'
import type {ServerContext} from '../context.js'
import {problemOf, problemText} from '../status.js'
import {EventWriter} from './event-writer.js'
import {logAnswer} from './log.js'
import {ALWAYS} from './problems.js'

/** What carries news about the stream itself; a message can't have such a type but from who manages its channel. */
export const OPEN = 'leat.open'
export const END = 'leat.end'
export const ERROR = 'leat.error'

/** A connection that serves a stream. */
export class EventStream {
  /** Aborts when the client is gone, is no longer welcome, or the server stops. */
  readonly signal: AbortSignal
  readonly #ending = new AbortController()
  readonly #context: ServerContext
  readonly #caller: Caller
  readonly #reply: FastifyReply
  readonly #writer: EventWriter
  #heart: NodeJS.Timeout | undefined
  #refusal: unknown

  constructor(context: ServerContext, caller: Caller, reply: FastifyReply) {
    this.#context = context
    this.#caller = caller
    this.#reply = reply
    this.#writer = new EventWriter(reply.raw, context.limits.drainTimeout)
    this.signal = this.#ending.signal
    reply.raw.once('close', this.#stop)
    context.stopping.addEventListener('abort', this.#stop)
    if (context.stopping.aborted) this.#stop()
  }

  get writer(): EventWriter {
    return this.#writer
  }

  /** Answers, and takes the connection from fastify. */
  open(): void {
    this.#reply.hijack()
    this.#reply.raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      ...ALWAYS,
      // For proxies that would gather what is to arrive at once.
      'x-accel-buffering': 'no',
    })
    this.#reply.raw.flushHeaders()
    logAnswer(this.#context, this.#reply, 200)
    this.#heart = setInterval(() => void this.#beat(), this.#context.limits.heartbeat)
  }

  get isOpen(): boolean {
    return this.#heart !== undefined
  }

  /** Ends it, with a last event that says why if there is a reason that the client should know. */
  async close(error?: unknown): Promise<void> {
    this.release()
    const reason = error ?? this.#refusal
    if (reason !== undefined && !this.#writer.isGone) {
      const problem = problemOf(reason)
      if (problem.bug !== undefined) this.#context.onBug(problem.bug)
      await this.#writer.write({type: ERROR, data: problemText(problem)})
    }
    this.#writer.end()
  }

  /** Leaves the connection alone: nothing of it is left behind. */
  release(): void {
    clearInterval(this.#heart)
    this.#reply.raw.removeListener('close', this.#stop)
    this.#context.stopping.removeEventListener('abort', this.#stop)
  }

  /** A token that was revoked, or is over, ends what it began. */
  async #beat(): Promise<void> {
    try {
      await this.#caller.verify()
      this.#writer.beat()
    } catch (error) {
      if (!isRefusal(error)) return this.#writer.beat()
      this.#refusal = error
      this.#stop()
    }
  }

  readonly #stop = (): void => this.#ending.abort()
}
