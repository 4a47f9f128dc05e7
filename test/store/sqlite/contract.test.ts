import {spawn} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {Seq} from '../../../src/model/message.js'
import {openStore} from '../../../src/store/open.js'
import type {Store} from '../../../src/store/store.js'
import {storeContract} from '../contract/contract.js'
import {type Harness, testClock} from '../contract/harness.js'
import type {Deed} from './die.js'

const SCRIPT = fileURLToPath(new URL('die.ts', import.meta.url))

/** Has another process do something to a store, and kills it with SIGKILL as soon as it's done. */
async function doAndDie<T = Seq[]>(path: string, now: number, deed: Deed): Promise<T> {
  const args = ['--import', 'tsx', SCRIPT, path, `${now}`, JSON.stringify(deed)]
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']})
  const exit = once(child, 'exit')
  try {
    for await (const line of createInterface({input: child.stdout})) return JSON.parse(line) as T
    throw new Error(`the child ended without a word: ${JSON.stringify(deed)}`)
  } finally {
    child.kill('SIGKILL')
    await exit
  }
}

async function sqliteHarness(): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'leat-contract-'))
  const path = join(folder, 'store.db')
  const clock = testClock()
  const opened: Store[] = []
  return {
    open: async () => {
      const store = await openStore(path, {clock: clock.now, ids: randomUUID, create: true})
      opened.push(store)
      return store
    },
    clock,
    ids: randomUUID,
    gapless: true,
    checks: true,
    dying: {
      told: true,
      take: (reader, limit) => doAndDie(path, clock.now(), {take: reader, limit}),
      claim: (group, limit) => doAndDie(path, clock.now(), {claim: group, limit}),
      deliver: async (key) => (await doAndDie<{id: string; attempts: number}[]>(path, clock.now(), {deliver: key}))[0],
      join: async (group) => {
        await doAndDie(path, clock.now(), {join: group})
      },
      append: (channel, bodies) => doAndDie(path, clock.now(), {append: channel, bodies}),
    },
    end: async () => {
      for (const store of opened) await store.close()
      await rm(folder, {recursive: true})
    },
  }
}

storeContract('sqlite', sqliteHarness)
