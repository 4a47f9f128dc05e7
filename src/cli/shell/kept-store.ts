/**
 * One handle on the store, kept open as long as the shell runs: SQLite does its housekeeping when the last handle closes,
 * which would cost each command more than all it does itself. Also what completion looks into.
 */
import {type Stats, statSync} from 'node:fs'
import {type Bus, createBus} from '../../bus/bus.js'
import type {Environment} from '../environment.js'
import {openBusFor} from '../open.js'

export interface KeptStoreOptions {
  /** The store as it was named, undefined: the environment says it. */
  store: string | undefined
  /** Where its file is. */
  path: string
  env: Environment
}

export class KeptStore {
  readonly #options: KeptStoreOptions
  #bus: Bus | undefined
  #file: Stats | undefined

  constructor(options: KeptStoreOptions) {
    this.#options = options
  }

  /** The bus as an actor; undefined where there is no store, or none that can be opened: commands say what is wrong. */
  async as(actor: string): Promise<Bus | undefined> {
    const file = statOf(this.#options.path.replace(/^sqlite:/i, ''))
    if (file?.ino !== this.#file?.ino || file?.dev !== this.#file?.dev) await this.close()
    if (!file) return undefined
    if (this.#bus && !(await stillServes(this.#bus))) await this.close()
    this.#bus ??= await this.#open(actor)
    this.#file = this.#bus && file
    return this.#bus && createBus({...this.#bus.context, actor})
  }

  async close(): Promise<void> {
    const bus = this.#bus
    this.#bus = undefined
    this.#file = undefined
    await bus?.close()
  }

  async #open(actor: string): Promise<Bus | undefined> {
    const {store, env} = this.#options
    try {
      return await openBusFor({store, actor, env, create: false})
    } catch {
      return undefined // what is wrong with it, the next command says
    }
  }
}

/** Not once the store was restored in its place: then this handle is of no use any more, while a new one is. */
async function stillServes(bus: Bus): Promise<boolean> {
  try {
    await bus.roles()
    return true
  } catch {
    return false
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch {
    return undefined // its folder can't be looked into
  }
}
