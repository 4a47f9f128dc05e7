/** A follower that is stopped in the middle of a message holds no read transaction: the log of SQLite stays small. */
import assert from 'node:assert/strict'
import {statSync} from 'node:fs'
import {inRoom, lines} from './room.js'

const MIB = 1024 * 1024
/** SQLite checkpoints after 4,000 pages of 4 KiB; then it begins the log again, unless somebody still reads from it. */
const MOST = 24 * MIB
const CHUNK = 500

/** @param bytes of each message */
export const sleepingFollower = (messages: number, bytes: number) =>
  inRoom(['stream'], async ({bus, start, log, notes, store}) => {
    await bus.send('stream', {body: 'stop'})
    const follower = start('follower', {name: 'bob', log: log('seen'), count: messages + 1})
    await follower.heard('stopping')
    let largest = 0
    for (let sent = 0; sent < messages; sent += CHUNK) {
      const chunk = Math.min(CHUNK, messages - sent)
      await bus.sendAll(
        'stream',
        lines(chunk, (line) => `${sent + line} `.padEnd(bytes, 'x')),
      )
      largest = Math.max(largest, statSync(`${store}-wal`).size)
    }
    const written = messages * bytes
    assert.ok(written > 2 * MOST, 'enough was written to show it')
    assert.ok(largest < MOST, `the log grew to ${Math.round(largest / MIB)} MiB`)
    follower.signal('SIGCONT')
    assert.equal(await follower.ended, 0)
    assert.deepEqual(
      notes('seen').map(([seq]) => Number(seq)),
      Array.from({length: messages + 1}, (_, at) => at + 1),
    )
    return {messages, writtenMiB: Math.round(written / MIB), largestLogMiB: Math.round((10 * largest) / MIB) / 10}
  })
