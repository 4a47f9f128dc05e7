/** plainjob: a queue of jobs over better-sqlite3. As it comes it isn't synced; here it is measured both ways. */
import {join} from 'node:path'
import Database from 'better-sqlite3'
import {client} from './installed.js'

/** @param {'FULL' | 'NORMAL'} synchronous */
export async function plainjob({folder, bodies}, synchronous) {
  const {better, defineQueue} = await client('plainjob/dist/plainjob.js')
  const database = new Database(join(folder, `plainjob-${synchronous}.db`))
  const silent = () => {}
  const logger = {error: silent, warn: silent, info: silent, debug: silent}
  const queue = defineQueue({connection: better(database), logger})
  database.pragma(`synchronous = ${synchronous}`) // it has set its own
  return {
    name: `plainjob, synchronous ${synchronous}`,
    synced: synchronous === 'FULL',
    enqueue: () => queue.add('jobs', bodies[0]),
    queue: {
      fill: async (count) => {
        queue.addMany('jobs', bodies.slice(0, count))
      },
      take: async () => queue.markJobAsDone(queue.getAndMarkJobAsProcessing('jobs').id),
    },
    close: async () => queue.close(),
  }
}
