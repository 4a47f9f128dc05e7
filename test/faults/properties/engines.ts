/** The engines on which the properties have to hold. */
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {v7} from 'uuid'
import {openStore} from '../../../src/store/open.js'
import {type Holder, thisProcess} from '../../../src/store/sqlite/holder.js'
import type {Store} from '../../../src/store/store.js'
import {randomDelays} from '../../store/memory/delays.js'
import {newState, openMemory} from '../../store/memory/open.js'

export interface Handle {
  store: Store
  /** Its process is gone, with what it has in hand: holds and claims by their tokens. */
  die(held: {hold?: string; claims?: readonly {channel: string; group: string; seq: number}[]}): Promise<void>
}

/** A new store. */
export interface Engine {
  open(): Promise<Handle>
  end(): Promise<void>
}

export type EngineName = 'memory' | 'sqlite'

/** @param seed of the delays in memory */
export const ENGINES: Readonly<Record<EngineName, (clock: () => number, seed: number) => Promise<Engine>>> = {
  memory: async (clock, seed) => {
    const state = newState(clock(), {tellsDeath: true})
    const delays = randomDelays(seed)
    const opened: Store[] = []
    return {
      open: async () => {
        const store = openMemory({state, clock, ids: v7, delays})
        opened.push(store)
        return {store, die: async () => store.die()}
      },
      end: async () => {
        await Promise.all(opened.map((store) => store.close()))
      },
    }
  },

  sqlite: async (clock) => {
    // In memory where that is possible: whether a disk keeps its word is not asked here.
    const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'leat-properties-'))
    const file = join(folder, 'leat.db')
    const opened: Store[] = []
    return {
      open: async () => {
        const store = await openStore(file, {clock, ids: v7, create: true})
        opened.push(store)
        return {store, die: async (held) => bequeath(file, held)}
      },
      end: async () => {
        await Promise.all(opened.map((store) => store.close()))
        rmSync(folder, {recursive: true})
      },
    }
  },
}

/** What this process has in hand is from now on in the hands of one that ended: as if it had been that one. */
function bequeath(file: string, {hold, claims = []}: Parameters<Handle['die']>[0]): void {
  const db = new Database(file)
  try {
    const holder = JSON.stringify(ended())
    if (hold !== undefined) db.prepare('UPDATE consumers SET hold_process = ? WHERE hold_token = ?').run(holder, hold)
    if (claims.length > 0) db.prepare('INSERT OR IGNORE INTO processes (holder) VALUES (?)').run(holder)
    for (const {channel, group, seq} of claims) db.prepare(GIVE).run({holder, channel, group, seq})
  } finally {
    db.close()
  }
}
const GIVE = `
  UPDATE in_flight SET process_id = (SELECT id FROM processes WHERE holder = :holder)
   WHERE seq = :seq
     AND channel_id = (SELECT id FROM channels WHERE name = :channel)
     AND name_id = (SELECT id FROM names WHERE name = :group)`

/** A process id that no system gives. */
const NOBODY = 2 ** 30

/** A process that ran on this machine and has ended. */
const ended = (): Holder => ({...thisProcess(), pid: NOBODY, started: 'before'})
