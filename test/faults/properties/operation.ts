/** Something that is done to a bus and to the model, and how both are asked about it. */
import type {Bus} from '../../../src/bus/bus.js'
import {LeatError} from '../../../src/model/errors.js'
import type {Store} from '../../../src/store/store.js'
import type {Handle} from './engines.js'
import type {Model} from './model.js'

export interface World {
  /** The bus of an actor. Handles take turns. */
  as(actor: string): Bus
  /** A handle whose process will be gone. */
  victim(): Promise<Handle>
  clock: {now: number}
}

/** What came: what the model has to foresee, and beside it what only the engine can know. */
export interface Got {
  seen: unknown
  /** Tokens, ids and ends of leases. */
  made?: unknown
}

export interface Operation {
  /** Whether what it names is there. */
  fits(model: Readonly<Model>): boolean
  ask(world: World, model: Readonly<Model>): Promise<Got>
  /** Does it to the model. Returns what has to be seen. */
  tell(model: Model, got: Got, named: Readonly<Model>): unknown
  toString(): string
}

/** A refusal is an answer; a bug is none. */
export async function got(ask: () => Promise<Got>): Promise<Got> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof LeatError && error.code !== 'INTERNAL') return {seen: error.code}
    throw error
  }
}

type Held = Parameters<Handle['die']>[0]

/** Asks as a process that is gone then, with what it was given. */
export async function asVictim(world: World, ask: (store: Store) => Promise<{got: Got; held: Held}>): Promise<Got> {
  const victim = await world.victim()
  let given: Held = {}
  try {
    const {got, held} = await ask(victim.store)
    given = held
    return got
  } finally {
    await victim.die(given)
  }
}

/** The one that a number names, of those that ever were. */
export const numbered = <T>(list: readonly T[], number: number): T => list[number % list.length] as T
