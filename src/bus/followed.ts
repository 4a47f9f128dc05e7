import {LeatError} from '../model/errors.js'
import {isVisible} from '../model/filter.js'
import {END_TYPE, type Message, type Seq} from '../model/message.js'
import {isGlob} from '../model/names.js'
import {type Positions, seqIn} from '../model/position.js'
import type {ChannelAccess} from '../store/store.js'
import {requireView, type View, viewFrom} from './access.js'
import type {Context} from './context.js'
import {matching} from './log.js'

/** What is followed: channels by names and globs, looked up anew at each wake; how far they were followed, and which are over. */
export class Followed {
  /** The channels that are there now and that the actor may read. */
  views: readonly View[] = []
  /** The seq that each is followed from. A channel that begins to match a glob is followed from its start. */
  readonly at: Record<string, Seq> = {}
  readonly #ctx: Context
  readonly #patterns: readonly string[]
  readonly #ended = new Set<string>()
  readonly #hasGlob: boolean
  #named = new Map<string, View>()
  #begun = false

  /** @param patterns names and globs; none: every channel */
  private constructor(ctx: Context, patterns: readonly string[]) {
    this.#ctx = ctx
    this.#patterns = patterns.length === 0 ? ['*'] : [...new Set(patterns)]
    this.#hasGlob = this.#patterns.some(isGlob)
  }

  /** @throws NOT_FOUND, FORBIDDEN a channel that is named is not there, or not for the actor; INVALID not a name or glob */
  static async begin(ctx: Context, patterns: readonly string[]): Promise<Followed> {
    const followed = new Followed(ctx, patterns)
    await followed.refresh()
    followed.#begun = true
    return followed
  }

  /**
   * Takes what the store said of the channels just now for a look at them. Returns whether that was enough: else `refresh`
   * has to ask more.
   */
  takes(told: readonly ChannelAccess[]): boolean {
    if (this.#hasGlob) return false
    const views: View[] = []
    for (const name of this.#patterns) {
      const view = this.#viewFrom(name, told)
      if (!view) return false
      views.push(view)
    }
    for (const view of views) this.#named.set(view.name, view)
    this.views = views
    return true
  }

  /**
   * Looks the channels up again.
   * @param told what the store said of them just now: it needn't be asked for that once more
   * @throws NOT_FOUND, FORBIDDEN one that is named is gone, or not for the actor any more
   */
  async refresh(told: readonly ChannelAccess[] = []): Promise<void> {
    const views = new Map<string, View>()
    for (const pattern of this.#patterns)
      if (isGlob(pattern)) for (const view of await matching(this.#ctx, pattern)) views.set(view.name, view)
      else views.set(pattern, this.#viewFrom(pattern, told) ?? (await this.#view(pattern)))
    const gone = this.views.filter(({name}) => !views.has(name))
    this.views = [...views.values()]
    this.#named = views
    if (gone.length > 0) this.#goOnWithRenamed(gone)
  }

  /** Looks up again whether the same channels are followed. @throws as `refresh` */
  async isSame(): Promise<boolean> {
    const before = this.views.map(({name}) => name).join()
    await this.refresh()
    return this.views.map(({name}) => name).join() === before
  }

  /** How far the channels that are there were followed: one that is gone wakes nobody. */
  get positions(): Positions {
    return Object.fromEntries(this.views.map(({name}) => [name, seqIn(this.at, name) ?? 0]))
  }

  #viewFrom(name: string, told: readonly ChannelAccess[]): View | undefined {
    const access = told.find(({channel}) => channel.name === name)
    return access && viewFrom(this.#ctx, access)
  }

  async #view(name: string): Promise<View> {
    try {
      return await requireView(this.#ctx, name)
    } catch (cause) {
      if (!this.#begun || !(cause instanceof LeatError) || cause.code !== 'NOT_FOUND') throw cause
      throw new LeatError('NOT_FOUND', `channel "${name}" was deleted or renamed in ${this.#ctx.store.label}`, {
        hint: 'leat list',
        cause,
      })
    }
  }

  /** What went under one name and came under another that matches too has been followed already. */
  #goOnWithRenamed(gone: readonly View[]): void {
    for (const {name, channel} of this.views) {
      if (seqIn(this.at, name) !== undefined) continue
      const before = gone.find(
        (view) => view.channel.createdAt === channel.createdAt && view.channel.createdBy === channel.createdBy,
      )
      if (before) this.at[name] = seqIn(this.at, before.name) ?? 0
    }
  }

  /** Whether the actor may still see a message. */
  shows(message: Message): boolean {
    const view = this.#named.get(message.channel)
    return view !== undefined && isVisible(message, {actor: this.#ctx.actor, all: view.all})
  }

  /** Globs that match no channel now. */
  get unmatched(): string[] {
    return this.views.length > 0 ? [] : this.#patterns.filter(isGlob)
  }

  /** Takes note of what came. Whether it is the end of its channel. */
  ends({channel, type}: Message): boolean {
    if (type !== END_TYPE) this.#ended.delete(channel)
    else this.#ended.add(channel)
    return type === END_TYPE
  }

  /** Every channel has had its `leat.end`, and nothing behind it. */
  get isOver(): boolean {
    return this.views.length > 0 && this.views.every(({name}) => this.#ended.has(name))
  }

  /** A channel in which nothing is left to come is over from the beginning if it was closed with a `leat.end`. */
  async endIfClosed({name, all, channel}: View): Promise<void> {
    if (channel.state !== 'closed') return
    const newest = {channels: [{name, all}], actor: this.#ctx.actor, order: 'backward', limit: 1} as const
    const {messages} = await this.#ctx.store.messages.scan(newest)
    if (messages[0]) this.ends(messages[0])
  }
}
