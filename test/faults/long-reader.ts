/** Readers that stand in the middle of what they read, while others write a lot: the log of SQLite stays small. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {rmSync, statSync} from 'node:fs'
import {get} from 'node:http'
import {dirname, join} from 'node:path'
import {inRoom, lines, type Room} from '../live/room.js'
import type {Figures} from './figures.js'
import {BIN} from './program.js'

const MEBIBYTE = 1024 * 1024
/** Bytes. */
const MOST_LOG = 64 * MEBIBYTE
const SIZE = 3_000
/** Messages of one transaction. */
const CHUNK = 200

/** @param megabytes that are written meanwhile */
export const longReader = (megabytes: number): Promise<Figures> =>
  inRoom(['ops'], async (room) => {
    const {bus, store} = room
    // More than fits into a pipe.
    await bus.sendAll('ops', texts(2_000))
    const children: ChildProcess[] = []
    const start = (...words: string[]): ChildProcess => {
      const env = {...process.env, LEAT_STORE: store, LEAT_AS: 'bob'}
      const child = spawn(process.execPath, [BIN, ...words], {env, stdio: ['ignore', 'pipe', 'ignore']})
      children.push(child)
      return child
    }
    try {
      // Each has begun to write, and then nobody reads.
      for (const words of [
        ['read', 'ops', '--all', '--json'],
        ['export', 'ops'],
        ['log', 'ops', '--all', '--json'],
      ])
        await begun(start(...words))
      const follower = start('follow', 'ops', '--from', 'start', '--json')
      await begun(follower)
      follower.kill('SIGSTOP')
      const server = start('serve', '--no-auth', '--no-deliver', '--port', '0')
      const [line] = (await once(server.stdout!, 'data')) as [Buffer]
      const url = /ready (\S+)/.exec(line.toString())?.[1]
      const streams = await Promise.all([1, 2, 3].map(() => stalled(`${url}/v1/channels/ops/stream?from=start`)))

      const looking = new AbortController()
      const looks = lookMeanwhile(room, looking.signal)
      let largest = 0
      let transactions = 0
      const total = Math.ceil((megabytes * 1e6) / SIZE)
      for (let sent = 0; sent < total; sent += CHUNK) {
        await bus.sendAll('ops', texts(CHUNK), {chunk: CHUNK})
        transactions++
        const size = statSync(`${store}-wal`).size
        largest = Math.max(largest, size)
      }
      looking.abort()
      const done = await looks
      for (const stream of streams) stream.destroy()
      assert.ok(largest <= MOST_LOG, `the log grew to ${Math.round(largest / MEBIBYTE)} MiB`)
      for (const child of children) assert.equal(child.exitCode, null, 'who stands still is still there')
      return {
        writtenMiB: Math.round((total * SIZE) / MEBIBYTE),
        largestLogMiB: Math.round(largest / MEBIBYTE),
        transactions,
        ...done,
      }
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  })

const texts = (count: number) => lines(count, (line) => `${line} `.padEnd(SIZE, 'x'))

/** Waits until it says something, and reads no more. */
async function begun({stdout}: ChildProcess): Promise<void> {
  await once(stdout!, 'readable')
}

/** A stream that was opened, and that nobody reads. */
const stalled = (url: string) =>
  new Promise<{destroy(): void}>((resolve, reject) => {
    const request = get(url, (response) => {
      response.pause()
      response.on('error', () => {})
      resolve({destroy: () => request.destroy()})
    })
    request.on('error', reject)
  })

/** Searches, threads and backups one after the other, each on a handle of its own. */
async function lookMeanwhile({bus, store}: Room, signal: AbortSignal): Promise<{searches: number; backups: number}> {
  const done = {searches: 0, backups: 0}
  const copy = join(dirname(store), 'copy.db')
  while (!signal.aborted) {
    await bus.search('xxx OR 17', {limit: 10})
    await bus.thread('ops/1')
    done.searches++
    await bus.backup(copy)
    rmSync(copy)
    done.backups++
  }
  return done
}
