/**
 * The power is cut: what processes wrote is replayed on a disk that forgets, tears and reorders what wasn't synced, at random
 * moments, and what is left is opened.
 */
import assert from 'node:assert/strict'
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Figures} from './figures.js'
import {Disk, FATES, type Fate} from './power-cut/disk.js'
import {Expected} from './power-cut/expected.js'
import {Kept} from './power-cut/kept.js'
import {type Event, eventsOf, record} from './power-cut/trace.js'
import {withoutSyncs} from './power-cut/without-syncs.js'
import {seeded} from './random.js'

const scriptAt = (name: string): string => fileURLToPath(new URL(`./power-cut/${name}.js`, import.meta.url))

export interface PowerCutOptions {
  /** Moments at which the power goes. */
  points: number
  /** How much happens; 20 is about 1,500 messages. */
  rounds: number
  seed?: number
}

/**
 * Law 5 on a busy day: nothing that was acknowledged is lost, and the store is whole. The same with the log's commits left
 * unsynced, as `synchronous=NORMAL` would: there the simulation has to find losses.
 */
export const powerCut = ({points, rounds, seed = 1}: PowerCutOptions): Promise<Figures> =>
  traced(
    (root) => [scriptAt('day'), 'all', {rounds, name: 'all', ...homeIn(root)}],
    async (trace, scratch) => {
      const judge = () => {
        const expected = new Expected()
        const {store} = homeIn(scratch)
        return {
          note: (text: string) => expected.note(text),
          count: () => expected.acknowledged,
          judge: async () => {
            // Before anything was acknowledged there need not be a store yet.
            const lost = existsSync(store) ? await expected.compare(store) : expected.acknowledged
            assert.equal(lost, 0, `${lost} messages are lost`)
          },
        }
      }
      const synced = await cutAt(trace, {points, seed, scratch}, judge())
      assert.deepEqual(synced.wrong, [])
      const unsynced = await cutAt({...trace, events: withoutSyncs(trace.events)}, {points, seed, scratch}, judge())
      const syncs = trace.events.filter((event) => event.do === 'sync' && event.is === 'ended').length
      return {
        points,
        writesAndSyncs: trace.events.length,
        syncs,
        acknowledged: synced.count,
        brokenStoresOrLosses: 0,
        pointsWithLossesIfUnsynced: unsynced.wrong.length,
      }
    },
  )

/** The same while a store is made, backed up, exported, restored: each file is whole, as it was or as it was to be. */
export const powerCutKeeping = ({points, seed = 1}: Omit<PowerCutOptions, 'rounds'>): Promise<Figures> =>
  traced(
    (root) => [scriptAt('keeping'), {root}],
    async (trace, scratch) => {
      const kept = new Kept()
      const {wrong, count} = await cutAt(
        trace,
        {points, seed, scratch},
        {
          note: (text) => kept.note(text),
          count: () => kept.count,
          judge: () => kept.compare((path) => join(scratch, path.slice(trace.root.length))),
        },
      )
      assert.deepEqual(wrong, [])
      return {points, writesAndSyncs: trace.events.length, files: count, brokenFiles: 0}
    },
  )

const homeIn = (root: string) => ({data: join(root, 'data'), store: join(root, 'data', 'leat', 'leat.db')})

interface Trace {
  root: string
  events: readonly Event[]
}

/** @param command a script with its arguments, as JSON what isn't text; it is told where to note what */
async function traced<T>(
  command: (root: string) => (string | object)[],
  work: (trace: Trace, scratch: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-power-'))
  try {
    const [root, notes, log] = [join(folder, 'disk'), join(folder, 'notes'), join(folder, 'trace')]
    mkdirSync(root)
    const words = command(root).map((word) => (typeof word === 'string' ? word : JSON.stringify({...word, notes})))
    record([process.execPath, ...words], log, process.env)
    const events: Event[] = []
    for await (const event of eventsOf(log, {root, notes})) events.push(event)
    rmSync(log)
    return await work({root, events}, join(folder, 'scratch'))
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

interface Judge {
  note(text: string): void
  /** How much was acknowledged. */
  count(): number
  /** @throws what is left isn't what was acknowledged */
  judge(): Promise<void>
}

interface Cuts {
  /** Of all points, what was acknowledged then. */
  count: number
  /** What was found at which point. */
  wrong: string[]
}

/** Cuts at random points; what wasn't synced then meets one of the fates in turn. */
async function cutAt(
  {root, events}: Trace,
  {points, seed, scratch}: {points: number; seed: number; scratch: string},
  judge: Judge,
): Promise<Cuts> {
  const random = seeded(seed)
  const at = Array.from({length: points}, () => Math.floor(random() * events.length)).sort((a, b) => a - b)
  const disk = new Disk(root)
  const cuts: Cuts = {count: 0, wrong: []}
  let next = 0
  for (const [index, event] of events.entries()) {
    disk.do(event)
    if (event.do === 'note') judge.note(event.text)
    for (; at[next] === index; next++) {
      const fate = FATES[next % FATES.length] as Fate
      rmSync(scratch, {recursive: true, force: true})
      disk.afterwards(scratch, fate, random)
      cuts.count += judge.count()
      try {
        await judge.judge()
      } catch (error) {
        cuts.wrong.push(`at ${index} (${fate}, seed ${seed}): ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  return cuts
}
