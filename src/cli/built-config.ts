/**
 * What commands and their help need of oclif's configuration, from what the build knows: nothing is searched or read at a
 * start. Flags and texts of commands stand in the manifest, which is read when help asks for them.
 */
import {readFileSync} from 'node:fs'
import {homedir} from 'node:os'
import {join} from 'node:path'
import type {Command, Config, Interfaces} from '@oclif/core'

/** What the build says. */
export interface Built {
  version: string
  topics: Readonly<Record<string, {description?: string}>>
  commands: readonly BuiltCommand[]
  /** What oclif's manifest says of commands besides. */
  details: readonly string[]
}

export interface BuiltCommand {
  /** `channel:create`. */
  id: string
  aliases: readonly string[]
  load: () => Command.Class
}

type Manifest = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export class BuiltConfig {
  readonly bin = 'leat'
  readonly name = 'leat'
  readonly dirname = 'leat'
  readonly topicSeparator = ' '
  readonly platform = process.platform
  readonly pjson = {name: 'leat', oclif: {}}
  readonly plugins = new Map()
  readonly root: string
  readonly version: string
  readonly #built: Built
  #manifest: Manifest | undefined
  readonly #byName = new Map<string, BuiltCommand>()

  constructor(root: string, built: Built) {
    this.root = root
    this.version = built.version
    this.#built = built
    for (const command of built.commands)
      for (const name of [...command.aliases, command.id]) this.#byName.set(name, command)
  }

  /** As oclif's types want it: whoever is given it uses no more of it than there is here. */
  get forOclif(): Config {
    return this as unknown as Config
  }

  /** Where plug-ins are noted down: as oclif has it. */
  get dataDir(): string {
    const {LEAT_DATA_DIR: folder, XDG_DATA_HOME: base, HOME: home} = process.env
    return folder || join(base || join(home || homedir(), '.local/share'), this.dirname)
  }

  get commands(): Command.Loadable[] {
    return [...this.#byName.keys()].map((name) => this.#loadable(name) as Command.Loadable)
  }

  get topics(): Interfaces.Topic[] {
    return Object.entries(this.#built.topics).map(([name, {description}]) => ({name, description}))
  }

  findCommand(id: string): Command.Loadable | undefined {
    return this.#loadable(id)
  }

  findTopic(name: string): Interfaces.Topic | undefined {
    return this.topics.find((topic) => topic.name === name)
  }

  /** Nothing here hooks into oclif. */
  async runHook(): Promise<{successes: []; failures: []}> {
    return {successes: [], failures: []}
  }

  scopedEnvVar(name: string): string | undefined {
    return process.env[this.scopedEnvVarKey(name)]
  }

  scopedEnvVarKey(name: string): string {
    return `LEAT_${name}`.toUpperCase()
  }

  scopedEnvVarKeys(name: string): string[] {
    return [this.scopedEnvVarKey(name)]
  }

  #loadable(name: string): Command.Loadable | undefined {
    const command = this.#byName.get(name)
    if (!command) return undefined
    const {id, aliases, load} = command
    const loadable = {
      id: name,
      aliases,
      load: async () => Object.assign(load(), {id}),
    }
    for (const key of this.#built.details)
      Object.defineProperty(loadable, key, {enumerable: true, get: () => this.#detailsOf(id)[key]})
    return loadable as unknown as Command.Loadable
  }

  #detailsOf(id: string): Readonly<Record<string, unknown>> {
    this.#manifest ??= JSON.parse(readFileSync(join(this.root, 'oclif.manifest.json'), 'utf8')).commands as Manifest
    return this.#manifest[id] ?? {}
  }
}
