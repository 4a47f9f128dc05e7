/** Does what `update` asks for: reads the store and acts on it, and tells what came of it. */
import type {Bus} from '../../bus/bus.js'
import {bodyOfBytes} from '../../model/content.js'
import {type ErrorCode, LeatError} from '../../model/errors.js'
import {ack, neighbour, redact, redrive, reply, resolveTarget} from './acts.js'
import {look} from './looks.js'
import {channelRow, letterRow} from './rows.js'
import type {Effect, Event} from './step.js'

export interface DeskOptions {
  bus: Bus
  reader: string
  tell: (event: Event) => void
  /** A text written in an editor, while the screen is the editor's. @throws USAGE the editor failed */
  compose: () => Promise<Uint8Array>
  copy: (text: string) => void
  end: (ending: Ending) => void
  suspend: () => void
}

/** How it ends: somebody quits, or interrupts it, or it can't go on. */
export type Ending = 'quit' | 'interrupt' | {error: unknown}

/** The store is not there any more, or not what it was: nothing more can be shown. */
const FATAL: ReadonlySet<ErrorCode> = new Set(['STORAGE', 'CORRUPT', 'SCHEMA_NEWER'])

/** Dead letters that are listed at most. */
const LETTERS = 500

const READS = ['channels', 'look', 'cursor', 'details', 'letters'] as const
type Read = Effect & {do: (typeof READS)[number]}

const isRead = (effect: Effect): effect is Read => (READS as readonly string[]).includes(effect.do)

export class Desk {
  readonly #options: DeskOptions
  /** What is being read now, by what it is for: a newer one calls it off. */
  readonly #reading = new Map<string, AbortController>()
  readonly #running = new Set<Promise<void>>()
  #closed = false

  constructor(options: DeskOptions) {
    this.#options = options
  }

  run(effect: Effect): void {
    if (this.#closed) return
    const running = (isRead(effect) ? this.#read(effect) : this.#act(effect)).catch((error: unknown) =>
      this.#failed(error, isRead(effect)),
    )
    this.#running.add(running)
    void running.then(() => this.#running.delete(running))
  }

  /** Resolves when all is done that is being done. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  /** Calls off what is being read; what is done on behalf of somebody comes to its end. */
  async close(): Promise<void> {
    this.#closed = true
    for (const reading of this.#reading.values()) reading.abort()
    await this.settled()
  }

  async #read(effect: Read): Promise<void> {
    const key = `${effect.do} ${'view' in effect ? effect.view : ''}`
    this.#reading.get(key)?.abort()
    const reading = new AbortController()
    this.#reading.set(key, reading)
    try {
      await this.#readFor(effect, reading.signal, (event) => {
        if (!reading.signal.aborted) this.#options.tell(event)
      })
    } catch (error) {
      if (!reading.signal.aborted) throw error
    } finally {
      if (this.#reading.get(key) === reading) this.#reading.delete(key)
    }
  }

  async #readFor(effect: Read, signal: AbortSignal, tell: (event: Event) => void): Promise<void> {
    const {bus, reader} = this.#options
    switch (effect.do) {
      case 'channels':
        return tell({type: 'channels', rows: (await bus.channels({reader})).map(channelRow)})
      case 'look':
        return look(effect, {bus, reader, signal, tell: (found) => tell({type: 'found', found})})
      case 'cursor': {
        const {channel, view} = effect
        const consumer = await bus.context.store.consumers.get({channel, kind: 'reader', name: reader})
        return tell({type: 'cursor', view, cursor: consumer?.cursor ?? 0})
      }
      case 'details': {
        const {view, ref} = effect
        const details = await bus.show(ref)
        return tell({type: 'details', view, details, nodes: await bus.thread(ref)})
      }
      case 'letters': {
        const {view, channel} = effect
        const rows = []
        for await (const letter of bus.deadLetters({channel})) if (rows.push(letterRow(letter)) > LETTERS) break
        return tell({type: 'letters', view, rows: rows.slice(0, LETTERS), more: rows.length > LETTERS})
      }
    }
  }

  async #act(effect: Exclude<Effect, Read>): Promise<void> {
    const {bus, reader, tell, copy, end, suspend} = this.#options
    switch (effect.do) {
      case 'neighbour':
        return tell(await neighbour(bus, effect))
      case 'go':
        return tell({type: 'resolved', target: await resolveTarget(bus, effect.text), isInstead: false})
      case 'reply':
        return tell(await reply(bus, effect.to, effect.body))
      case 'compose':
        return this.#compose(effect.to)
      case 'ack':
        return tell(await ack(bus, effect.place, reader))
      case 'redrive':
        return tell(await redrive(bus, effect.letter))
      case 'redact':
        return tell(await redact(bus, effect.message))
      case 'copy':
        return copy(effect.text)
      case 'quit':
        return end('quit')
      case 'interrupt':
        return end('interrupt')
      case 'suspend':
        return suspend()
    }
  }

  async #compose(to: string): Promise<void> {
    const {bus, tell, compose} = this.#options
    const written = Buffer.from(await compose())
    const body = bodyOfBytes(written.at(-1) === 0x0a ? written.subarray(0, -1) : written)
    tell(body.length === 0 ? {type: 'said', text: 'nothing was written, nothing was sent'} : await reply(bus, to, body))
  }

  #failed(error: unknown, wasReading: boolean): void {
    const {tell, end} = this.#options
    if (this.#closed) return
    if (!(error instanceof LeatError) || (wasReading && FATAL.has(error.code))) end({error})
    else tell({type: 'failed', text: `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`})
  }
}
