/** Stores with something in them, and ways to damage them. */
import {randomInt} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'better-sqlite3'
import type {Checked, CheckOptions, Finding} from '../../../src/model/maintenance.js'
import {closedStore, openStore} from '../../../src/store/open.js'
import {folder, options, outgoing} from './files.js'

/** A text that is nowhere else, of so many bytes. */
export function body(bytes: number): string {
  let text = ''
  while (text.length < bytes) text += randomInt(2 ** 47).toString(36)
  return text.slice(0, bytes)
}

/** A closed store: `ops` with these bodies, a delayed message and a dead letter. */
export async function filled(bodies: readonly string[], path = join(folder(), 'store.db')): Promise<string> {
  const store = await openStore(path, options({create: true}))
  await store.channels.create('ops', {}, 'alice')
  await store.channels.create('jobs', {}, 'alice')
  await store.messages.append(bodies.map((text) => outgoing('ops', {body: text})))
  await store.subscriptions.put('ops', 'bob', {}, 'bob')
  await store.messages.append([outgoing('jobs', {body: 'a job'}), outgoing('jobs', {body: 'one more'})])
  await store.messages.append([outgoing('jobs', {body: 'later', deliverAt: Date.now() + 3_600_000})])
  const key = {channel: 'jobs', group: 'workers'}
  const {claims} = await store.claims.claim(key, {actor: 'w', limit: 1, lease: 1000, maxAttempts: 5, bound: true})
  await store.claims.settle([{token: claims[0]!.token, as: 'failed', reason: 'no', delay: 0, dead: true}])
  await store.close()
  return path
}

/** What a check of a file that nobody has open finds. */
export async function checkFile(path: string, check: CheckOptions = {}): Promise<{found: Finding[]; checked: Checked}> {
  const found: Finding[] = []
  const checking = (await closedStore(path, options())).check(check)
  for (;;) {
    const {done, value} = await checking.next()
    if (done) return {found, checked: value}
    found.push(value)
  }
}

/** Does something to a store behind leat's back. */
export function tamper(path: string, ...statements: string[]): void {
  const database = new Database(path)
  for (const sql of statements) database.exec(sql)
  database.close()
}

/** A copy with other bytes. */
export function altered(path: string, change: (bytes: Buffer) => Buffer): string {
  const copy = `${path}.altered`
  writeFileSync(copy, change(readFileSync(path)))
  return copy
}
