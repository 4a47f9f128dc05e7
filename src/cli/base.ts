/** What every command is made of: global flags, the output, the bus, and the way errors leave. */
import {Command, type Interfaces} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import {ProcessGroups} from '../bus/command/groups.js'
import type {Surroundings} from '../bus/command/run.js'
import {LeatError} from '../model/errors.js'
import {unpack} from './argv.js'
import {type Environment, mayAsk, namedStore, resolveActor} from './environment.js'
import {globalFlags} from './flags.js'
import {openBusFor} from './open.js'
import {Output} from './output/output.js'
import {loadPaint, wantsColor} from './output/paint.js'
import {dieOf, type EndingSignal, onSignal, onSignals} from './signals.js'

export type StoreUse = 'existing' | 'makes' | 'none'

// oclif's own bounds for what a command's flags and arguments may be.
type FlagOutput = Interfaces.OutputFlags<Interfaces.FlagInput>
type ArgOutput = Interfaces.OutputArgs<Interfaces.ArgInput>

/** Parsed flags of a command with the global ones. */
export type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<(typeof LeatCommand)['baseFlags'] & T['flags']>

export abstract class LeatCommand extends Command {
  static override baseFlags = globalFlags

  /** `existing`: the store must be there (the default one is made). `makes`: makes it. `none`: works without. */
  static store: StoreUse = 'existing'
  /** Whether words behind `--` mean something. */
  static takesRest = false
  /**
   * Works until it is told to stop, and then comes to an end by itself: `run` returns when `interrupted` has aborted. By
   * SIGTERM that is exit 0; SIGINT and SIGHUP are died of afterwards. A second signal ends it at once, with the commands
   * that it runs.
   */
  static orderly = false

  /** Goes on for long, and puts what comes meanwhile into the search index. */
  static fillsSearch = false

  protected env: Environment = process.env
  protected out!: Output
  protected bus!: Bus
  /** Prompts are allowed. */
  protected interactive = false
  /** The words behind `--`, undefined without one. */
  protected rest: string[] | undefined
  readonly #interrupted = new AbortController()
  #endedBy: EndingSignal | undefined
  readonly #groups = new ProcessGroups()
  #stopListening: () => void = () => {}
  #store: string | undefined

  /** Parses, makes the output and opens the bus. */
  protected override async parse<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options && unpacked(options), argv)
    const flags = parsed.flags as unknown as FlagsOf<typeof LeatCommand> & {create?: boolean}
    const self = this.constructor as typeof LeatCommand
    this.rest = flags.rest
    if (this.rest && !self.takesRest)
      throw new LeatError('USAGE', `nothing is expected behind --: ${JSON.stringify(this.rest[0] ?? '')}`)
    this.interactive = mayAsk(this.env, flags['no-input'])
    await this.#makeOutput(flags)
    if (self.store !== 'none') await this.openBus(flags, self.store === 'makes' || flags.create === true)
    return parsed
  }

  async #makeOutput(flags: FlagsOf<typeof LeatCommand>): Promise<void> {
    const terminal = Boolean(process.stdout.isTTY)
    this.out = new Output({
      json: flags.json,
      quiet: flags.quiet,
      terminal,
      errorTerminal: Boolean(process.stderr.isTTY),
      paint: await loadPaint(wantsColor(flags.color, terminal, this.env)),
      width: process.stdout.columns || 80,
      clock: Date.now,
    })
  }

  protected async openBus(flags: {store?: string; as?: string}, create: boolean): Promise<void> {
    this.#store = namedStore(flags.store, this.env)
    this.bus = await openBusFor({store: this.#store, actor: resolveActor(flags.as, this.env), env: this.env, create})
    if ((this.constructor as typeof LeatCommand).fillsSearch) await this.#fillSearch()
    this.#stopListening = this.#isOrderly ? this.#endsByItself() : this.#diesAtOnce()
  }

  async #fillSearch(): Promise<void> {
    const {keepIndexed} = await import('../bus/keep-indexed.js')
    void keepIndexed(this.bus.context.store, {signal: this.interrupted})
  }

  get #isOrderly(): boolean {
    return (this.constructor as typeof LeatCommand).orderly
  }

  #diesAtOnce(): () => void {
    return onSignal(async () => {
      this.#interrupted.abort()
      await this.bus.close()
    })
  }

  #endsByItself(): () => void {
    return onSignals(
      (signal) => {
        this.#endedBy = signal
        this.#interrupted.abort()
      },
      () => this.#groups.kill('SIGKILL'),
    )
  }

  /** Aborts when the process is told to stop. */
  protected get interrupted(): AbortSignal {
    return this.#interrupted.signal
  }

  /** What a command that leat runs for a message meets. */
  protected get surroundings(): Surroundings {
    const {env, interrupted: signal} = this
    const shared = {env, store: this.#store, actor: this.bus.context.actor, signal}
    return this.#isOrderly ? {...shared, groups: this.#groups} : shared
  }

  protected override async catch(error: Error): Promise<never> {
    throw error // main.ts reports every error in one place
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    // A signal is being obeyed: leaving now would turn it into an exit code.
    if (!this.#isOrderly && this.interrupted.aborted) await forever()
    await this.bus?.close()
    this.#stopListening()
    if (this.#endedBy === undefined || this.#endedBy === 'SIGTERM' || error instanceof LeatError) return
    dieOf(this.#endedBy)
    await forever()
  }
}

const forever = (): Promise<never> => new Promise(() => {})

/** The same options, every flag's value unpacked before its own parser sees it. */
function unpacked<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
  options: Interfaces.Input<F, B, A>,
): Interfaces.Input<F, B, A> {
  const all = <T>(flags: T): T =>
    Object.fromEntries(
      Object.entries(flags as Record<string, Interfaces.Flag<unknown>>).map(([name, flag]) => [
        name,
        flag.type === 'option'
          ? {...flag, parse: (...[value, ...more]: Parameters<typeof flag.parse>) => flag.parse(unpack(value), ...more)}
          : flag,
      ]),
    ) as T
  // oclif is given a class, whose statics may be inherited: a spread would lose those.
  const {args, flags, baseFlags, strict} = options
  return {args, flags: all(flags ?? {}) as typeof flags, baseFlags: all(baseFlags ?? {}) as typeof baseFlags, strict}
}
