/** What every command is made of: global flags, the output, the bus, and the way errors leave. */
import {Command, type Interfaces} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import {ProcessGroups} from '../bus/command/groups.js'
import type {Surroundings} from '../bus/command/run.js'
import {LeatError} from '../model/errors.js'
import {packVerbatim, unpack} from './argv.js'
import {askableBesides, type Missing, missingArguments} from './asks.js'
import {type Configuration, configurationFor, unconfigured} from './configuration/configuration.js'
import {type Environment, mayAsk, resolveActor} from './environment.js'
import {globalFlags} from './flags.js'
import {type Host, PROCESS_HOST, type Stdin} from './host.js'
import {addressOf, isThere, openBusFor} from './open.js'
import {Output} from './output/output.js'
import {type ColorChoice, loadPaint, wantsColor} from './output/paint.js'
import {type EndingSignal, onSignal, onSignals} from './signals.js'
import {isTerminal} from './terminals.js'

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
  /** Whether what is configured counts. Without it the command also works while the configuration file is broken. */
  static configured = true
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

  /** Set by whoever runs it, where it isn't a process of its own. */
  host: Host = PROCESS_HOST
  /** The environment, and where it is silent, what the context and the configuration file say. */
  protected env: Environment = process.env
  protected configuration: Configuration = unconfigured(this.env)
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
    const {parsed, missing} = await this.#parsed<F, B, A>(options, argv)
    const self = this.constructor as typeof LeatCommand
    const flags = parsed.flags as unknown as FlagsOf<typeof LeatCommand> & {create?: boolean}
    this.rest = flags.rest
    if (this.rest && !self.takesRest)
      throw new LeatError('USAGE', `nothing is expected behind --: ${JSON.stringify(this.rest[0] ?? '')}`)
    if (self.configured) this.configuration = await configurationFor(flags.context, this.env)
    this.env = this.configuration.env
    takeFromEnvironment(flags, declaredBy(self).flags, this.env)
    this.interactive = mayAsk(this.env, flags['no-input'], this.configuration.configured.get('prompts')?.value)
    await this.#makeOutput(flags)
    const askable = this.interactive ? [...missing, ...askableBesides(declaredBy(self), parsed)] : []
    if (askable.length < missing.length || (askable.length > 0 && this.#lacksCommand))
      throw await this.#missingError(missing)
    const create = self.store === 'makes' || flags.create === true
    // A store is not made before all is known: who ends a question there wants none.
    const asksFirst = askable.length > 0 && self.store === 'makes' && !isThere(addressOf(flags.store, this.env))
    if (self.store !== 'none' && !asksFirst) await this.openBus(flags, create)
    if (askable.length === 0) return parsed
    const words = await this.#ask(askable, parsed)
    if (asksFirst) await this.openBus(flags, create)
    const filled = await super.parse(options && unpacked(options), [...(argv ?? this.argv), ...packVerbatim(words)])
    takeFromEnvironment(filled.flags, declaredBy(self).flags, this.env)
    return filled
  }

  /** As far as it can be parsed, and the arguments that are missing. */
  async #parsed<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<{parsed: Interfaces.ParserOutput<F, B, A>; missing: Missing[]}> {
    try {
      return {parsed: await super.parse(options && unpacked(options), argv), missing: []}
    } catch (error) {
      const parsed = outputOf(error)
      if (!parsed) throw error
      return {parsed, missing: missingArguments(declaredBy(this.constructor as typeof LeatCommand).args, parsed.args)}
    }
  }

  /** A command has to stand behind `--`, and none does: what else is missing need not be asked. */
  get #lacksCommand(): boolean {
    return (this.constructor as typeof LeatCommand).usage === '-- COMMAND...' && this.rest === undefined
  }

  async #missingError(missing: readonly Missing[]): Promise<LeatError> {
    const {missingError} = await import('./asking/missing.js')
    const {args, usage} = this.constructor as typeof LeatCommand
    const required = Object.entries(args).flatMap(([name, {required}]) => (required ? [name] : []))
    const behind = typeof usage === 'string' && !usage.startsWith('[') ? {usage} : {}
    return missingError(missing, {command: (this.id ?? '').replaceAll(':', ' '), args: required, ...behind})
  }

  /** @returns the words that could have been typed, which are shown */
  async #ask(
    missing: readonly Missing[],
    {args, flags}: {args: Record<string, unknown>; flags: Record<string, unknown>},
  ): Promise<string[]> {
    const {fill, typedLine} = await import('./asking/fill.js')
    const {env, config, id = '', out} = this
    const creates = Object.hasOwn(declaredBy(this.constructor as typeof LeatCommand).flags, 'create')
    const asking = {paint: out.paint, bus: this.bus as Bus | undefined, env, config, id, args, flags, creates}
    const words = await fill(missing, {...asking, now: out.now})
    out.note(`→ ${typedLine(id, [...this.argv, ...words])}`)
    return words
  }

  async #makeOutput(flags: FlagsOf<typeof LeatCommand>): Promise<void> {
    const terminal = isTerminal(1)
    const color = flags.color ?? (this.configuration.configured.get('color')?.value as ColorChoice | undefined)
    this.out = new Output({
      json: flags.json,
      quiet: flags.quiet,
      terminal,
      errorTerminal: isTerminal(2),
      paint: await loadPaint(wantsColor(color ?? 'auto', terminal, this.env)),
      width: (terminal && process.stdout.columns) || 80,
      clock: Date.now,
    })
  }

  protected async openBus(flags: {store?: string; as?: string; context?: string}, create: boolean): Promise<void> {
    const {env} = this
    const {passedOver} = this.configuration
    if (passedOver !== undefined && flags.store === undefined)
      this.out.note(`LEAT_STORE names the store, ${passedOver} does not: ${env['LEAT_STORE']}`)
    const {store, from} = addressOf(flags.store, env)
    // What a command runs comes to the default store by itself, unless a flag has put the current context aside.
    this.#store = from === 'default' && flags.context === undefined ? undefined : store
    this.bus = await openBusFor({store: flags.store, actor: resolveActor(flags.as, env), env, create})
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
    }, this.host.signals)
  }

  #endsByItself(): () => void {
    return onSignals(
      (signal) => {
        this.#endedBy = signal
        this.#interrupted.abort()
      },
      () => this.#groups.kill('SIGKILL'),
      this.host.signals,
    )
  }

  /** What a body is read from. */
  protected get stdin(): () => Stdin {
    return this.host.stdin
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

  /** No command is: oclif would go through all of them to know. */
  protected override warnIfCommandDeprecated(): void {}

  protected override async catch(error: Error): Promise<never> {
    throw error // main.ts reports every error in one place
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    // A signal is being obeyed: leaving now would turn it into an exit code.
    if (!this.#isOrderly && this.interrupted.aborted) await this.host.obeyed()
    await this.bus?.close()
    this.#stopListening()
    if (this.#endedBy === undefined || this.#endedBy === 'SIGTERM' || error instanceof LeatError) return
    this.host.signals.die(this.#endedBy)
    await this.host.obeyed()
  }
}

/** What oclif has parsed when it misses an argument; undefined where that isn't the error. */
function outputOf(error: unknown): Interfaces.ParserOutput | undefined {
  if (!(error instanceof Error && error.message.startsWith('Missing '))) return undefined
  const {args, parse} = error as {args?: unknown; parse?: {output?: Interfaces.ParserOutput}}
  return args === undefined ? undefined : parse?.output
}

/** A command that has none declares none. */
const declaredBy = ({args, flags}: typeof LeatCommand) => ({args: args ?? {}, flags: flags ?? {}})

/** Variables that a flag names (`env`) count where it isn't given: those of the process, and what is configured. */
function takeFromEnvironment(flags: Record<string, unknown>, declared: Interfaces.FlagInput, env: Environment): void {
  for (const [name, {env: variable}] of Object.entries(declared))
    if (variable !== undefined && flags[name] === undefined && env[variable]) flags[name] = env[variable]
}

/** The same options, every flag's value unpacked before its own parser sees it. */
function unpacked<F extends FlagOutput, B extends FlagOutput, A extends ArgOutput>(
  options: Interfaces.Input<F, B, A>,
): Interfaces.Input<F, B, A> {
  const all = <T>(flags: T): T =>
    Object.fromEntries(
      Object.entries(flags as Record<string, Interfaces.Flag<unknown>>).map(([name, flag]) => [
        name,
        flag.type === 'option'
          ? {
              ...flag,
              env: undefined,
              parse: (...[value, ...more]: Parameters<typeof flag.parse>) => flag.parse(unpack(value), ...more),
            }
          : flag,
      ]),
    ) as T
  // oclif is given a class, whose statics may be inherited: a spread would lose those.
  const {args, flags, baseFlags, strict} = options
  return {args, flags: all(flags ?? {}) as typeof flags, baseFlags: all(baseFlags ?? {}) as typeof baseFlags, strict}
}
