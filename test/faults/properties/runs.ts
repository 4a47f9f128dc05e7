/** Random runs of operations, in a row and at once, against the model. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {v7} from 'uuid'
import {type Bus, createBus} from '../../../src/bus/bus.js'
import type {Store} from '../../../src/store/store.js'
import {concurrent, operation} from './arbitrary.js'
import {Change} from './changing.js'
import {EndClaim, Give} from './claiming.js'
import {CHANNELS, expectSame, GROUPS} from './compare.js'
import {ENGINES, type EngineName, type Handle} from './engines.js'
import {type Model, newModel} from './model.js'
import type {Got, Operation, World} from './operation.js'
import {stepped} from './stepped.js'
import {Wait} from './writing.js'

export interface RunsOptions {
  engine: EngineName
  runs: number
  /** Operations of a run, at most. */
  operations?: number
  seed?: number
}

const START = Date.parse('2026-06-01T12:00:00.000Z')
const FIRST: readonly Operation[] = CHANNELS.map((channel) => new Change(channel, 'created'))

/**
 * One operation after the other: whatever is answered, and all that the store shows after each, is what the model says.
 * @throws the shortest run found that is otherwise, and its seed
 */
export async function inARow({engine, runs, operations = 30, seed}: RunsOptions): Promise<number> {
  let done = 0
  const commands = fc.commands([operation.map((one) => new Command(one, () => done++))], {
    maxCommands: operations,
    size: 'max',
  })
  const property = fc.asyncProperty(commands, fc.nat(), (list, delays) =>
    inWorld(engine, delays, async (world) => {
      await fc.asyncModelRun(() => ({model: world.model, real: world}), list)
      await finish(world)
    }),
  )
  await fc.assert(property, {numRuns: runs, ...(seed !== undefined && {seed}), endOnFailure: false})
  return done
}

/**
 * Some operations in a row, then some at once through several handles, the steps of each in an order that is drawn: what
 * was answered, and what the store shows then, has to be what some order of whole operations gives.
 */
export async function atOnce({engine, runs, operations = 10, seed}: RunsOptions): Promise<number> {
  let done = 0
  const before = fc.array(operation, {maxLength: operations, size: 'max'})
  const together = fc.array(concurrent, {minLength: 2, maxLength: 4})
  const property = fc.asyncProperty(before, together, fc.scheduler(), fc.nat(), (first, all, scheduler, delays) =>
    inWorld(engine, delays, async (world) => {
      for (const one of first) await step(one, world)
      const named = structuredClone(world.model)
      const asked = all.filter((one) => one.fits(named))
      const stepping = await world.stepping((store) => stepped(store, scheduler))
      const running = asked.map((one) => one.ask(stepping, named))
      await scheduler.waitFor(Promise.all(running))
      const answers = await Promise.all(running)
      done += asked.length
      world.model = await someOrder(asked, answers, named, world.store)
      await finish(world)
    }),
  )
  await fc.assert(property, {numRuns: runs, ...(seed !== undefined && {seed}), endOnFailure: false})
  return done
}

interface Lab extends World {
  model: Model
  store: Store
  /** A world whose stores are the same in other words. */
  stepping(change: (store: Store) => Store): Promise<World>
}

async function inWorld(name: EngineName, seed: number, run: (lab: Lab) => Promise<void>): Promise<void> {
  const clock = {now: START}
  const engine = await ENGINES[name](() => clock.now, seed)
  try {
    const stores = [(await engine.open()).store, (await engine.open()).store] as const
    let turn = 0
    const busesOver =
      (over: readonly Store[]) =>
      (actor: string): Bus =>
        createBus({store: over[turn++ % over.length] as Store, actor, clock: () => clock.now, ids: v7})
    const world = {clock, victim: () => engine.open()}
    const lab: Lab = {
      ...world,
      as: busesOver(stores),
      model: newModel(clock.now),
      store: stores[0],
      stepping: async (change) => ({
        ...world,
        as: busesOver(stores.map(change)),
        victim: async (): Promise<Handle> => {
          const handle = await engine.open()
          return {...handle, store: change(handle.store)}
        },
      }),
    }
    for (const one of FIRST) await step(one, lab)
    await run(lab)
  } finally {
    await engine.end()
  }
}

/** Asks both, and compares what is answered and all that is shown. */
async function step(one: Operation, lab: Lab): Promise<void> {
  const {model} = lab
  if (!one.fits(model)) return
  const named = structuredClone(model)
  const answer = await one.ask(lab, named)
  assert.deepEqual(answer.seen, one.tell(model, answer, named), String(one))
  await expectSame(lab.store, model)
}

/** Nothing is lost: what is left is handed out when every lease is over, and is done then. */
async function finish(lab: Lab): Promise<void> {
  await step(new Wait(120_000), lab)
  for (const channel of Object.keys(lab.model.channels))
    for (const group of GROUPS)
      for (let round = 0; round < 2; round++) {
        const {length} = lab.model.claims
        await step(new Give(channel, group, 1000, 30_000), lab)
        for (let number = length; number < lab.model.claims.length; number++)
          await step(new EndClaim(number, 'acked'), lab)
      }
  for (const {groups} of Object.values(lab.model.channels))
    for (const {tasks} of Object.values(groups)) assert.deepEqual(tasks, [], 'something is never given again')
}

/** The model as one of the orders leaves it that answer so. @throws AssertionError there is none */
async function someOrder(
  asked: readonly Operation[],
  answers: readonly Got[],
  named: Readonly<Model>,
  store: Store,
): Promise<Model> {
  let closest: unknown
  for (const order of ordersOf(asked.length)) {
    const model = structuredClone(named) as Model
    try {
      for (const at of order)
        assert.deepEqual(answers[at]?.seen, (asked[at] as Operation).tell(model, answers[at] as Got, named))
      await expectSame(store, model)
      return model
    } catch (error) {
      closest = error
    }
  }
  const told = asked.map((one, at) => `${one} → ${JSON.stringify(answers[at]?.seen)}`)
  throw new Error(`no order of these at once answers so:\n  ${told.join('\n  ')}\n${closest}`)
}

/** All orders of so many, the given one first. */
function ordersOf(count: number, left = Array.from({length: count}, (_, at) => at)): number[][] {
  if (left.length === 0) return [[]]
  return left.flatMap((first) =>
    ordersOf(
      count,
      left.filter((one) => one !== first),
    ).map((rest) => [first, ...rest]),
  )
}

/** An operation as fast-check takes it. */
class Command implements fc.AsyncCommand<Model, Lab> {
  readonly #operation: Operation
  readonly #onDone: () => void

  constructor(one: Operation, onDone: () => void) {
    this.#operation = one
    this.#onDone = onDone
  }

  check = (model: Readonly<Model>): boolean => this.#operation.fits(model)

  async run(_: Model, lab: Lab): Promise<void> {
    this.#onDone()
    await step(this.#operation, lab)
  }

  toString = (): string => String(this.#operation)
}
