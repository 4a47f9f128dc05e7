import type {Bus} from '../../bus/bus.js'
import type {FollowOptions} from '../../bus/follow.js'
import {LeatError} from '../../model/errors.js'
import {jsonText} from '../json.js'
import {problemOf, problemText} from '../status.js'
import type {Outbox} from './outbox.js'

/** Streams of one connection at once. */
const MOST = 64

export interface FollowsOptions {
  bus: Bus
  outbox: Outbox
  /** The connection is over. */
  signal: AbortSignal
  onBug(error: unknown): void
}

/** What a connection follows: each stream by its number, pulled on as fast as the client takes it. */
export class Follows {
  readonly #options: FollowsOptions
  readonly #running = new Map<number, AbortController>()
  #last = 0

  constructor(options: FollowsOptions) {
    this.#options = options
    options.signal.addEventListener('abort', () => {
      for (const stop of this.#running.values()) stop.abort()
    })
  }

  /** Resolves when it has begun, with what is answered; the stream begins behind that. @throws as `follow`, TOO_LARGE */
  begin(
    channels: readonly string[],
    options: Omit<FollowOptions, 'signal' | 'onBegin'>,
    answer: (result: object) => Promise<unknown>,
  ): Promise<void> {
    if (this.#running.size >= MOST)
      throw new LeatError('TOO_LARGE', `this connection follows ${MOST} streams already`, {hint: 'unfollow one'})
    const number = ++this.#last
    const stop = new AbortController()
    this.#running.set(number, stop)
    if (this.#options.signal.aborted) stop.abort()
    return new Promise((resolve, reject) => {
      let answered: Promise<unknown> | undefined
      const onBegin: FollowOptions['onBegin'] = (begin) => {
        answered = answer({follow: number, ...begin})
        resolve()
      }
      const source = this.#options.bus.follow(channels, {...options, signal: stop.signal, onBegin})
      this.#pump(number, source, () => answered)
        .catch((error) => (answered ? this.#tell(number, error) : reject(error)))
        .finally(() => {
          this.#running.delete(number)
          resolve()
        })
    })
  }

  /** @throws NOT_FOUND */
  end({follow}: {follow: number}): object {
    const stop = this.#running.get(follow)
    if (!stop) throw new LeatError('NOT_FOUND', `this connection has no stream ${follow}`)
    stop.abort()
    return {follow}
  }

  async #pump(
    number: number,
    source: AsyncIterable<unknown>,
    answered: () => Promise<unknown> | undefined,
  ): Promise<void> {
    const stop = this.#running.get(number)
    for await (const message of source) {
      await answered()
      if (stop?.signal.aborted) return
      if (!(await this.#options.outbox.write(`{"follow":${number},"message":${jsonText(message)}}`))) return
    }
    if (!stop?.signal.aborted) await this.#options.outbox.write(`{"follow":${number},"end":true}`)
  }

  async #tell(number: number, error: unknown): Promise<void> {
    const problem = problemOf(error)
    if (problem.bug !== undefined) this.#options.onBug(problem.bug)
    await this.#options.outbox.write(`{"follow":${number},${problemText(problem).slice(1)}`)
  }
}
