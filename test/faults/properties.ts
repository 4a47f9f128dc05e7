/** Random runs over the bus, on each engine, against a model of plain lists; in a row, and several operations at once. */
import type {Figures} from './figures.js'
import type {EngineName} from './properties/engines.js'
import {atOnce, inARow} from './properties/runs.js'

export interface PropertiesOptions {
  /** Of each kind, on each engine. */
  runs: number
  /** Default: another in each run. It is told with what was found. */
  seed?: number
  engines?: readonly EngineName[]
}

/** @throws the shortest run that isn't as the model has it, with its seed */
export async function properties({
  runs,
  seed = Math.floor(Math.random() * 1_000_000_000),
  engines = ['memory', 'sqlite'],
}: PropertiesOptions): Promise<Figures> {
  const of = async (runsOf: typeof inARow): Promise<number> => {
    const done = await Promise.all(engines.map((engine) => runsOf({engine, runs, seed})))
    return done.reduce((sum, count) => sum + count, 0)
  }
  const [operationsInARow, operationsAtOnce] = await Promise.all([of(inARow), of(atOnce)])
  return {
    runsOfEachKind: runs,
    engines: engines.join(' and '),
    operationsInARow,
    operationsAtOnce,
    otherThanTheModel: 0,
    seed,
  }
}
