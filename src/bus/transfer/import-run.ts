import {checkTarget, reachesInside} from '../../model/endpoint.js'
import {LeatError} from '../../model/errors.js'
import type {Belonging, TransferRecord} from '../../model/transfer.js'
import type {Placed} from '../../store/store.js'
import {requireAdministration} from '../administration.js'
import {ownFault} from '../bulk.js'
import type {Context} from '../context.js'
import {Chunks, type Waiting} from './chunks.js'
import {Filling} from './filling.js'
import type {ImportOptions, ImportResult} from './import-options.js'
import {parseRecord} from './parse-record.js'
import {Passing} from './passing.js'
import {renamed} from './renaming.js'

const ERRORS_KEPT = 100
/** Records beside messages in one transaction. */
const BELONGINGS = 200
const NO_NAMES = new Map<string, string>()

type Scheduled = Extract<Belonging, {record: 'scheduled'}>

/** One import, line by line. */
export class ImportRun {
  readonly result: ImportResult = {
    stored: 0,
    there: 0,
    failed: 0,
    moved: 0,
    channels: [],
    restored: 0,
    left: 0,
    paused: [],
    unfinished: [],
    errors: [],
  }
  stopped = false
  readonly #ctx: Context
  readonly #options: ImportOptions
  readonly #filling: Filling
  readonly #chunks: Chunks
  readonly #passing: Passing
  #belongings: Belonging[] = []
  /** They wait until their channels are as they were: in a closed one what falls due is lost. */
  readonly #scheduled: Scheduled[] = []
  #hasHead = false
  #hasEnd = false
  #messages = 0
  #line = 0

  constructor(ctx: Context, options: ImportOptions) {
    this.#ctx = ctx
    this.#options = options
    this.#filling = new Filling(ctx, {dryRun: options.dryRun ?? false})
    this.#chunks = new Chunks(ctx.store, (waiting, placed) => this.#note(waiting, placed))
    this.#passing = new Passing(ctx.store)
  }

  /** A line. One that is refused is put down; what stands before it is stored. Nothing to wait for: most only wait themselves. */
  take(line: number, bytes: Buffer | undefined): Promise<void> | undefined {
    this.#line = line
    const record = this.#recordOf(bytes)
    if (record?.record !== 'message' || !this.#filling.hasMet(record.message.channel))
      return this.#takeAny(line, bytes, record)
    this.#messages++
    this.#chunks.add({line, message: record.message})
    return this.#chunks.isFull ? this.#flush().catch((error: unknown) => this.#refuse(line, error)) : undefined
  }

  /** Undefined where more has to be looked at than the line, or where something is wrong with it. */
  #recordOf(bytes: Buffer | undefined): TransferRecord | undefined {
    const {resume, dryRun, channels = NO_NAMES} = this.#options
    if (!bytes || resume || dryRun || this.#hasEnd) return undefined
    try {
      return renamed(parseRecord(bytes), channels)
    } catch {
      return undefined // looked at again by who puts it down
    }
  }

  async #takeAny(line: number, bytes: Buffer | undefined, known: TransferRecord | undefined): Promise<void> {
    try {
      if (!bytes) throw new LeatError('TOO_LARGE', 'the line is longer than any record')
      if (bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return
      if (this.#options.resume && (await this.#isPassed(bytes))) return
      const record = known ?? renamed(parseRecord(bytes), this.#options.channels ?? NO_NAMES)
      if (this.#hasEnd) throw new LeatError('INVALID', 'something stands behind the end of the export')
      await this.#takeRecord(line, record)
    } catch (error) {
      await this.#refuse(line, error)
    }
  }

  async #refuse(line: number, error: unknown): Promise<void> {
    const fault = ownFault(error)
    if (this.#options.onError !== 'skip') await this.#flush()
    if (!this.stopped) this.#fail(line, fault)
  }

  async #isPassed(bytes: Buffer): Promise<boolean> {
    const tail = await this.#passing.isPassed(bytes, this.#options.channels ?? NO_NAMES)
    if (!tail) return false
    this.#chunks.tails = {...this.#chunks.tails, [tail.channel]: tail.seq}
    this.#messages++
    this.result.there++
    return true
  }

  async #takeRecord(line: number, record: TransferRecord): Promise<void> {
    switch (record.record) {
      case 'export':
        if (line > 1 && this.#hasHead)
          throw new LeatError('INVALID', 'a second export begins here', {hint: 'import one after the other'})
        this.#hasHead = true
        this.#filling.exportId = record.id
        return
      case 'message':
        return this.#takeMessage({line, message: record.message})
      case 'end':
        this.#hasEnd = true
        if (record.messages !== this.#messages)
          throw new LeatError('INVALID', `the export had ${record.messages} messages, and here are ${this.#messages}`)
        return
      case 'channel':
        await this.#filling.meet(record.channel.name, record.channel)
        return
      default:
        return this.#takeBelonging(record)
    }
  }

  async #takeMessage(waiting: Waiting): Promise<void> {
    this.#messages++
    await this.#filling.meet(waiting.message.channel)
    if (this.#options.dryRun) return this.#try(waiting)
    this.#chunks.add(waiting)
    if (this.#chunks.isFull) await this.#flush()
  }

  /** What would become of it, as far as that can be told without storing it. */
  async #try({message: {id, channel, seq}}: Waiting): Promise<void> {
    const places = this.#filling.beganAt(channel) === 0 ? [] : await this.#ctx.store.messages.find({by: 'id', id})
    if (places.some((place) => place.channel === channel)) this.result.there++
    else {
      this.result.stored++
      if (this.#filling.beganAt(channel) >= seq) this.result.moved++
    }
  }

  async #takeBelonging(given: Exclude<Belonging, {record: 'channel'}>): Promise<void> {
    await this.#flush()
    const belonging = await this.#admitted(given)
    if (this.stopped || !belonging) return
    if (belonging.record === 'scheduled') this.#scheduled.push(belonging)
    else this.#belongings.push(belonging)
    if (this.#belongings.length >= BELONGINGS) await this.#restore()
  }

  /** As it may be made; undefined where it can't be taken over. */
  async #admitted(belonging: Exclude<Belonging, {record: 'channel'}>): Promise<Belonging | undefined> {
    const channel = channelOf(belonging)
    if (belonging.record === 'role') await requireAdministration(this.#ctx, 'import roles')
    if (belonging.record === 'grant' && channel === undefined)
      await requireAdministration(this.#ctx, 'import what is granted on all channels')
    if (channel === undefined) return belonging
    if (!(await this.#filling.takesRest(channel, this.#chunks.tails))) {
      this.result.left++
      return undefined
    }
    if (belonging.record === 'consumer' && belonging.consumer.cursor > this.#filling.lastSeqOf(channel))
      throw new LeatError('INVALID', `${channel} has no place ${belonging.consumer.cursor}`)
    return belonging.record === 'subscription' ? this.#harmless(belonging) : belonging
  }

  /** What runs commands, or reaches inside, doesn't begin by itself: a file may come from anywhere. */
  #harmless(belonging: Extract<Belonging, {record: 'subscription'}>): Belonging {
    const {subscription} = belonging
    checkTarget(subscription)
    if (subscription.paused || !reachesInside(subscription)) return belonging
    this.result.paused.push(`${subscription.channel} ${subscription.subscriber}`)
    return {...belonging, subscription: {...subscription, paused: true}}
  }

  async #restore(): Promise<void> {
    const belongings = this.#belongings
    this.#belongings = []
    if (belongings.length === 0) return
    if (this.#options.dryRun) this.result.restored += belongings.length
    else {
      const made = await this.#ctx.store.transfer.restore(belongings)
      this.result.restored += made.filter(Boolean).length
    }
  }

  async #flush(): Promise<void> {
    await this.#chunks.flush(() => !this.stopped)
    this.#options.progress?.({lines: this.#line, messages: this.result.stored + this.result.there})
  }

  #note({line, message}: Waiting, placed: Placed): void {
    if (placed.as === 'conflict') {
      this.#fail(line, new LeatError('CONFLICT', placed.message))
      return
    }
    if (placed.as === 'there') this.result.there++
    else this.result.stored++
    if (placed.seq === message.seq) return
    if (placed.as === 'stored') this.result.moved++
    this.#filling.noteMoved(message.channel)
  }

  #fail(line: number, {code, message}: LeatError): void {
    this.result.failed++
    if (this.result.errors.length < ERRORS_KEPT) this.result.errors.push({line, code, message})
    if (this.#options.onError !== 'skip') this.stopped = true
  }

  /** The input is over. */
  async end(lines: number): Promise<void> {
    await this.#flush()
    if (this.stopped) return
    await this.#restore()
    if (lines === 0)
      throw new LeatError('INVALID', 'the input is empty', {hint: 'did the command before the pipe fail?'})
    if (this.#hasHead && !this.#hasEnd) {
      this.#fail(lines, new LeatError('INVALID', 'the export ends without its last record: it was cut off'))
      return
    }
    if (this.#options.dryRun) return
    await this.#filling.finish(this.#chunks.tails)
    this.#belongings = this.#scheduled
    await this.#restore()
    await this.#filling.closeDrained()
  }

  async report(): Promise<ImportResult> {
    this.result.errors.sort((a, b) => a.line - b.line)
    const unfinished = this.#options.dryRun ? [] : await this.#filling.unfinished()
    return {...this.result, channels: this.#filling.made, unfinished}
  }
}

function channelOf(belonging: Exclude<Belonging, {record: 'channel'}>): string | undefined {
  switch (belonging.record) {
    case 'grant':
      return belonging.grant.channel
    case 'subscription':
      return belonging.subscription.channel
    case 'consumer':
      return belonging.consumer.channel
    case 'delivery':
      return belonging.delivery.channel
    case 'deadLetter':
      return belonging.deadLetter.channel
    case 'scheduled':
      return belonging.scheduled.message.channel
    default:
      return undefined
  }
}
