import {checkAccepts} from '../model/channel.js'
import {bodySize} from '../model/content.js'
import {isRefusal, LeatError} from '../model/errors.js'
import type {Draft, Receipt} from '../model/message.js'
import {parseMessageRef} from '../model/reference.js'
import type {Outgoing} from '../store/store.js'
import {ChunkSize} from './chunk-size.js'
import type {Context} from './context.js'
import {checkDraft, checkPlainDraft, isPlain, type Named} from './draft.js'
import {findPlaces} from './find.js'
import {withLulls} from './lulls.js'
import {makeMissing, type Target, targetsOf} from './targets.js'

/** One message of bulk input, or why its line isn't one. */
export type Line = {line: number; draft: Draft} | {line: number; error: LeatError}

/** Bulk input, one by one or some at once: each wait costs about as much as checking a message. */
export type Lines = AsyncIterable<Line | readonly Line[]>

export interface BulkOptions {
  /** `stop` (default) at the first bad line, keeping those before it; `skip` goes on. */
  onError?: 'stop' | 'skip'
  /** Messages of one transaction. Default: many while nobody else writes, few beside others. */
  chunk?: number
  /** Called after each transaction with the counts so far. */
  progress?: (sofar: {stored: number; failed: number}) => void
  create?: boolean
}

export interface BulkResult {
  stored: number
  failed: number
  /** Of the stored ones, how many were there already. */
  duplicates: number
  /** The first 100. */
  errors: {line: number; code: string; message: string}[]
}

const ERRORS_KEPT = 100
/** Bytes of content after which a chunk is stored, however few its messages: memory stays bounded. */
const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * Stores many messages, so many in a transaction as `ChunkSize` says, in constant memory. A message may answer or refer to one
 * before it in the same input, by id. A bad line never takes others with it: with `stop` all before it are stored, with
 * `skip` all others are.
 *
 * @throws NOT_FOUND, FORBIDDEN, CHANNEL_CLOSED, INVALID the channels can't be sent to: nothing was stored
 * @throws BUSY, STORAGE the store failed; the message says how many messages it had taken
 */
export async function sendAll(
  ctx: Context,
  channels: string | readonly string[],
  lines: Lines,
  options: BulkOptions = {},
): Promise<BulkResult> {
  const {create = false} = options
  const targets = await targetsOf(ctx, channels, {create})
  // What is closed takes no line at all; what is draining may take those that are replies.
  for (const {channel} of targets) if (channel) checkAccepts(channel, true)
  const input = new BulkInput(ctx, channels, options, targets)
  try {
    // What comes slowly is not kept until it is much.
    for await (const some of withLulls(lines, () => input.flush())) {
      await input.addAll('line' in some ? [some] : some)
      if (input.stopped) break
    }
    await input.flush()
    input.result.errors.sort((a, b) => a.line - b.line)
    return input.result
  } catch (error) {
    if (!(error instanceof LeatError) || input.result.stored === 0) throw error
    const {code, message, hint, violations} = error
    throw new LeatError(code, `${message} (after ${input.result.stored} messages were stored)`, {
      hint,
      violations,
      cause: error,
    })
  }
}

/** A checked message that waits for its transaction. */
interface Entry {
  line: number
  outgoing: Outgoing
  /** Ids of messages of the same input that it answers or refers to: it falls with them. */
  needs: readonly string[]
}

const NOTHING: readonly string[] = []

/** What stands for a message that isn't stored yet. With a key it may turn out to be a repeat of another one. */
type Waiting = Named & {keyed: boolean}

/** The first of an id is the one that stands: a later one is a repeat or a conflict. */
function name(named: Map<string, Waiting>, {outgoing: {id, thread = id, key}}: Entry): void {
  if (!named.has(id)) named.set(id, {id, thread, keyed: key !== undefined})
}

class BulkInput {
  readonly result: BulkResult = {stored: 0, failed: 0, duplicates: 0, errors: []}
  stopped = false
  #waitingBytes = 0
  readonly #ctx: Context
  readonly #channels: string | readonly string[]
  readonly #options: BulkOptions
  #entries: Entry[] = []
  /** What the waiting messages may be answered by; made when one of them refers to another. */
  #named: Map<string, Waiting> | undefined
  #targets: readonly Target[] | undefined
  /** The names of the targets. */
  readonly #names: readonly string[]
  readonly #chunk: ChunkSize

  constructor(ctx: Context, channels: string | readonly string[], options: BulkOptions, targets: Target[]) {
    this.#ctx = ctx
    this.#channels = channels
    this.#options = options
    this.#targets = targets
    this.#names = targets.map(({name}) => name)
    this.#chunk = new ChunkSize(options.chunk)
  }

  /** Checks lines and lets them wait until they are a chunk; up to the one behind which nothing more is wanted. */
  async addAll(lines: Iterable<Line>): Promise<void> {
    for (const line of lines) {
      // Looked up once a chunk: what changes about a channel meanwhile shows from the next chunk on.
      this.#targets ??= await targetsOf(this.#ctx, this.#channels, {create: this.#options.create})
      if (!this.#addPlain(line, this.#targets)) await this.#add(line, this.#targets)
      if (this.#entries.length >= this.#chunk.messages || this.#waitingBytes >= CHUNK_BYTES) await this.flush()
      if (this.stopped) return
    }
  }

  /** Most lines need no answer of the store. Returns whether this was one, and a good one. */
  #addPlain(line: Line, targets: readonly Target[]): boolean {
    if ('error' in line || !isPlain(targets, line.draft)) return false
    try {
      const outgoing = checkPlainDraft(this.#ctx, targets, line.draft, this.#names)
      this.#wait({line: line.line, outgoing, needs: NOTHING})
      return true
    } catch {
      return false // looked at again by who puts it down
    }
  }

  /** A bad line is put down; with `stop`, after those before it were stored. */
  async #add(line: Line, targets: readonly Target[]): Promise<void> {
    try {
      if ('error' in line) throw line.error
      const needs: string[] = []
      const resolve = (ref: string): Promise<Named> => this.#resolve(ref, needs)
      const outgoing = await checkDraft(this.#ctx, targets, line.draft, {resolve})
      if (!this.stopped) this.#wait({line: line.line, outgoing, needs})
    } catch (error) {
      const fault = ownFault(error)
      if (this.#options.onError !== 'skip') await this.flush()
      if (!this.stopped) this.#fail(line.line, fault)
    }
  }

  #wait(entry: Entry): void {
    this.#entries.push(entry)
    if (this.#named) name(this.#named, entry)
    this.#waitingBytes += bodySize(entry.outgoing.body)
  }

  /** Stores what waits. */
  async flush(): Promise<void> {
    const entries = this.#entries
    this.#entries = []
    this.#waitingBytes = 0
    this.#named = undefined
    if (entries.length === 0) return
    const targets = this.#targets ?? []
    this.#targets = undefined
    const began = performance.now()
    await this.#store(targets, entries, new Set())
    const {stored, failed} = this.result
    this.#options.progress?.({stored, failed})
    await this.#chunk.stored(performance.now() - began, await this.#ctx.store.othersWrote())
  }

  /**
   * Stores entries in one transaction; when one of them is refused, each half on its own, until the bad one stands
   * alone. That costs a few transactions a bad message instead of one for every message beside it.
   * @param unsure ids of messages that are not in the store as they were when others were linked to them
   */
  async #store(targets: readonly Target[], entries: readonly Entry[], unsure: Set<string>): Promise<void> {
    const [first] = entries
    if (!first || this.stopped) return
    if (entries.length > 1 && entries.some(({needs}) => needs.some((id) => unsure.has(id))))
      return this.#storeHalves(targets, entries, unsure)
    try {
      const outgoing =
        entries.length > 1 ? entries.map((entry) => entry.outgoing) : [await this.#relinked(first, unsure)]
      await makeMissing(this.#ctx, targets, {isReply: first.outgoing.replyTo !== undefined})
      this.#count(await this.#ctx.store.messages.append(outgoing))
    } catch (error) {
      const fault = ownFault(error)
      if (entries.length > 1) return this.#storeHalves(targets, entries, unsure)
      unsure.add(first.outgoing.id)
      this.#fail(first.line, fault)
    }
  }

  async #storeHalves(targets: readonly Target[], entries: readonly Entry[], unsure: Set<string>): Promise<void> {
    const half = entries.length >> 1
    await this.#store(targets, entries.slice(0, half), unsure)
    await this.#store(targets, entries.slice(half), unsure)
  }

  /** With its links looked up again where they went to a message that was refused. @throws NOT_FOUND */
  async #relinked({outgoing, needs}: Entry, unsure: Set<string>): Promise<Outgoing> {
    const links = needs.filter((id) => unsure.has(id))
    if (links.length === 0) return outgoing
    unsure.add(outgoing.id)
    for (const id of links) await findPlaces(this.#ctx, id)
    const {replyTo} = outgoing
    return replyTo === undefined ? outgoing : {...outgoing, thread: (await findPlaces(this.#ctx, replyTo))[0]!.thread}
  }

  /** A message that is waiting, else one that is stored. */
  async #resolve(text: string, needs: string[]): Promise<Named> {
    const ref = parseMessageRef(text)
    const waiting = ref.by === 'id' ? this.#waitingOf(ref.id) : undefined
    // With a key it may turn out to be a repeat of a message with another id: the store has to say.
    if (waiting && !waiting.keyed) {
      needs.push(waiting.id)
      return waiting
    }
    // The end of an id may be that of one that waits.
    if (waiting || ref.by === 'end') await this.flush()
    return this.#stored(text)
  }

  #waitingOf(id: string): Waiting | undefined {
    if (!this.#named) {
      this.#named = new Map()
      for (const entry of this.#entries) name(this.#named, entry)
    }
    return this.#named.get(id)
  }

  async #stored(text: string): Promise<Named> {
    try {
      return (await findPlaces(this.#ctx, text))[0]!
    } catch (error) {
      // A place may be about to be given to one that waits.
      if (this.#entries.length === 0 || ownFault(error).code !== 'NOT_FOUND') throw error
      await this.flush()
      return (await findPlaces(this.#ctx, text))[0]!
    }
  }

  #count(receipts: readonly Receipt[]): void {
    this.result.stored += receipts.length
    this.result.duplicates += receipts.filter(({duplicate}) => duplicate === true).length
  }

  #fail(line: number, {code, message}: LeatError): void {
    this.result.failed++
    if (this.result.errors.length < ERRORS_KEPT) this.result.errors.push({line, code, message})
    if (this.#options.onError !== 'skip') this.stopped = true
  }
}

/** The error as a line's own. @throws any that isn't */
export function ownFault(error: unknown): LeatError {
  if (isRefusal(error)) return error
  throw error
}
