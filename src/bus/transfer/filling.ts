/** The channels that an import fills: which of them it made, and what may be put into them. */
import type {Channel} from '../../model/channel.js'
import {LeatError} from '../../model/errors.js'
import type {Seq} from '../../model/message.js'
import {type Positions, seqIn} from '../../model/position.js'
import {IMPORT_MARK} from '../../model/transfer.js'
import {manages} from '../access.js'
import {administers} from '../administration.js'
import type {Context} from '../context.js'
import {checkSettings} from '../settings.js'

/** A channel of the input. */
interface Filled {
  name: string
  /** The import made it, or there never was a message in it: what belongs to it can be taken over too. */
  isFresh: boolean
  /** As the export has it. */
  recorded?: Channel
  /** Messages got other seqs than they had. */
  moved: boolean
  /** What belongs to it can be taken over: it was looked at. */
  takesRest?: true
  /** The last seq before this run. */
  began: Seq
}

export class Filling {
  readonly made: string[] = []
  readonly #ctx: Context
  readonly #dryRun: boolean
  readonly #channels = new Map<string, Filled>()
  /** Id of the export that is imported: marks the channels until the import is done. */
  exportId: string | undefined

  constructor(ctx: Context, {dryRun}: {dryRun: boolean}) {
    this.#ctx = ctx
    this.#dryRun = dryRun
  }

  hasMet(name: string): boolean {
    return this.#channels.has(name)
  }

  /**
   * A channel that a message or a record is for, made if it is missing: closed, so that nobody puts anything between, until
   * the import is done, where the export says how it is.
   * @throws FORBIDDEN the actor neither manages it nor administers the store
   * @throws CONFLICT  another import is filling it
   */
  async meet(name: string, recorded?: Channel): Promise<Filled> {
    const known = this.#channels.get(name)
    if (known) return known
    const before = await this.#ctx.store.channels.get(name)
    const mark = before?.metadata[IMPORT_MARK]
    if (before) await this.#requireManage(before)
    if (mark !== undefined && mark !== this.exportId)
      throw new LeatError('CONFLICT', `"${name}" is being filled by the import of another export (${mark})`, {
        hint: `finish that one, or leat channel delete ${name}`,
      })
    if (!before) {
      await this.#make(name, recorded)
      this.made.push(name)
    }
    const filled: Filled = {
      name,
      isFresh: !before || mark !== undefined || before.lastSeq === 0,
      ...(recorded && {recorded}),
      moved: false,
      began: before?.lastSeq ?? 0,
    }
    this.#channels.set(name, filled)
    return filled
  }

  /** @throws FORBIDDEN */
  async #requireManage(channel: Channel): Promise<void> {
    if ((await manages(this.#ctx, channel)) || (await administers(this.#ctx))) return
    throw new LeatError(
      'FORBIDDEN',
      `${this.#ctx.actor} may not import into "${channel.name}": that takes manage, since it says who sent what and when`,
      {hint: `ask ${channel.createdBy}, who manages it; or --channel ${channel.name}=NEW`},
    )
  }

  async #make(name: string, recorded: Channel | undefined): Promise<void> {
    const {actor, clock, schemas, store} = this.#ctx
    const now = new Date(clock()).toISOString()
    const usual: Channel = {
      name,
      state: 'open',
      restricted: false,
      hidden: false,
      retention: {},
      metadata: {},
      createdAt: now,
      createdBy: actor,
      lastSeq: 0,
    }
    const {createdBy, state: _, lastSeq: __, createdAt, name: ___, ...settings} = recorded ?? usual
    await checkSettings(schemas, settings)
    if (this.#dryRun) return
    const isFilling = recorded !== undefined && this.exportId !== undefined
    const channel: Channel = {
      ...usual,
      ...settings,
      createdAt,
      createdBy: (await administers(this.#ctx)) ? createdBy : actor,
      ...(isFilling && {state: 'closed', metadata: {...settings.metadata, [IMPORT_MARK]: this.exportId ?? ''}}),
    }
    await store.transfer.restore([{record: 'channel', channel}])
  }

  /** A message got another seq than it had. */
  noteMoved(name: string): void {
    const filled = this.#channels.get(name)
    if (filled) filled.moved = true
  }

  /**
   * Whether what belongs to a channel can be taken over: positions mean there what they meant. All messages are stored
   * when this is asked; the channel reaches the seq that it had.
   */
  async takesRest(name: string, tails: Positions): Promise<boolean> {
    const filled = await this.meet(name)
    if (!filled.isFresh || filled.moved) return false
    filled.takesRest ??= (await this.#reach(filled, seqIn(tails, name) ?? 0)) || undefined
    return filled.takesRest ?? false
  }

  /** Has a channel that has come to `tail` reach the last seq that it had. Returns whether it has only what came from the file. */
  async #reach({name, recorded}: Filled, tail: Seq): Promise<boolean> {
    if (this.#dryRun || recorded === undefined) return recorded !== undefined
    const lastSeq = (await this.#ctx.store.channels.get(name))?.lastSeq
    if (lastSeq === recorded.lastSeq) return true
    if (lastSeq !== tail) return false
    await this.#ctx.store.transfer.settle(name, {lastSeq: recorded.lastSeq})
    return true
  }

  /** How far a channel can have got: positions are not behind that. */
  lastSeqOf(name: string): Seq {
    return this.#channels.get(name)?.recorded?.lastSeq ?? 0
  }

  /** The last seq that a channel had when it was met. */
  beganAt(name: string): Seq {
    return this.#channels.get(name)?.began ?? 0
  }

  /** Everything is there: channels that were made are from now on as the export says. */
  async finish(tails: Positions): Promise<void> {
    for (const {name, recorded} of this.#channels.values()) {
      const channel = await this.#ctx.store.channels.get(name)
      if (!recorded || channel?.metadata[IMPORT_MARK] === undefined) continue
      await this.takesRest(name, tails)
      const {state, metadata} = recorded
      await this.#ctx.store.transfer.settle(name, {state, metadata})
    }
  }

  /** What was draining closes itself if nothing is left to wait for. */
  async closeDrained(): Promise<void> {
    for (const {name, recorded, isFresh} of this.#channels.values())
      if (isFresh && recorded?.state === 'draining') await this.#ctx.store.channels.setState(name, 'draining')
  }

  /** Channels that stay closed, since the import isn't done. */
  async unfinished(): Promise<string[]> {
    const names: string[] = []
    for (const name of this.#channels.keys())
      if ((await this.#ctx.store.channels.get(name))?.metadata[IMPORT_MARK] !== undefined) names.push(name)
    return names
  }
}
