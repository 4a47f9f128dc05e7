/** What a restore changes of what a backup has: nobody holds anything any more, and no last seq falls. Inside a transaction. */
import type {Connection, Value} from '../connection.js'
import {formerEpochs} from '../epoch.js'

/** The last seqs of a store's channels, of those that are gone too. */
export interface LastSeq {
  name: string
  lastSeq: number
  createdBy: string
}

export const lastSeqs = (connection: Connection): LastSeq[] =>
  connection
    .rows('SELECT name, last_seq, created_by FROM channels JOIN counters ON channel_id = channels.id')
    .map(([name, lastSeq, createdBy]) => ({
      name: String(name),
      lastSeq: Number(lastSeq),
      createdBy: String(createdBy),
    }))

/** A store's epochs, the newest first. */
export const epochsOf = (connection: Connection): string[] => [
  String(connection.row(`SELECT value FROM meta WHERE key = 'epoch'`)?.[0]),
  ...formerEpochs(connection),
]

/** Whose processes are of another life: what they had in hand is free, and is given again. */
export function freeHands(connection: Connection): void {
  connection.run(END_HOLDS)
  connection.run(END_CLAIMS)
  connection.run(END_DELIVERIES)
  connection.run('DELETE FROM workers')
  connection.run('DELETE FROM processes')
}
const END_HOLDS = `
  UPDATE consumers
     SET hold_token = NULL, hold_process = NULL, hold_until = NULL, hold_from = NULL, hold_to = NULL, hold_up_to = NULL
   WHERE hold_token IS NOT NULL`
const END_CLAIMS = `
  UPDATE in_flight SET until = 0, nonce = NULL, actor_id = NULL, process_id = NULL, lost = 1, reason = 'the store was restored'
   WHERE nonce IS NOT NULL`
const END_DELIVERIES = 'UPDATE deliveries SET until = 0, nonce = NULL, process_id = NULL WHERE nonce IS NOT NULL'

/** Law 2: channels go on behind what they had before the restore; of those that the backup doesn't have, the name and last seq stay. */
export function keepNumbers(connection: Connection, before: readonly LastSeq[], now: number): void {
  for (const {name, lastSeq, createdBy} of before) {
    const id = connection.row('SELECT id FROM channels WHERE name = ?', [name])?.[0] as number | undefined
    if (id !== undefined) connection.run(GO_ON_BEHIND, {id, last: lastSeq})
    else {
      const made = connection.insert(TOMBSTONE, {name, now, by: createdBy})
      connection.run('INSERT INTO counters (channel_id, last_seq, first_seq) VALUES (?, ?, ?)', [
        made,
        lastSeq,
        lastSeq + 1,
      ])
    }
  }
}
const GO_ON_BEHIND = `
  UPDATE counters
     SET last_seq = :last,
         first_seq = CASE WHEN message_count = 0 THEN :last + 1 ELSE first_seq END,
         hole_seq = CASE WHEN message_count = 0 THEN hole_seq ELSE :last END
   WHERE channel_id = :id AND last_seq < :last`
const TOMBSTONE = 'INSERT INTO channels (name, created_at, created_by, deleted_at) VALUES (:name, :now, :by, :now)'

/** Epochs that are remembered: a claim of an older one is told from a claim of another store no more. */
const REMEMBERED = 100

/** @param former of the store and of the backup */
export function setEpoch(connection: Connection, epoch: string, former: readonly string[]): void {
  const remembered = [...new Set(former)].slice(0, REMEMBERED)
  for (const [key, value] of [
    ['epoch', epoch],
    ['former_epochs', JSON.stringify(remembered)],
  ] as [string, Value][])
    connection.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [key, value])
}
