import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Finding} from '../../src/model/maintenance.js'
import {closedStore} from '../../src/store/open.js'
import {listOf} from '../live/room.js'

/** Does something in a new folder, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-fault-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}

/** All that a check finds in a store, its contents read too. */
export async function findingsOf(store: string): Promise<Finding[]> {
  const closed = await closedStore(store, {clock: Date.now, ids: randomUUID})
  return listOf(closed.check({deep: true}))
}

/** Nothing is wrong with a store; what is normal may be noted. */
export async function assertSound(store: string, what = store): Promise<void> {
  const wrong = (await findingsOf(store)).filter(({severity}) => severity !== 'note')
  assert.deepEqual(wrong, [], what)
}
