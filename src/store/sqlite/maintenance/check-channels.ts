/** Channels: their counters against their messages, and rows of channels that aren't there. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import type {Connection} from '../connection.js'
import {breath, damage, type Patient} from './findings.js'

export interface ChannelRow {
  id: number
  name: string
  deleted: boolean
}

export const channelRows = (connection: Connection): ChannelRow[] =>
  connection
    .rows('SELECT id, name, deleted_at IS NOT NULL FROM channels ORDER BY name')
    .map(([id, name, deleted]) => ({id: id as number, name: name as string, deleted: deleted === 1}))

export async function* checkChannels(patient: Patient): AsyncGenerator<Finding> {
  const {connection, options} = patient
  const rows = channelRows(connection)
  for (const [index, row] of rows.entries()) {
    options.onProgress?.({what: 'channels', done: index, total: rows.length})
    for (const what of connection.read(() => countersOf(connection, row)))
      yield damage('counter', `${row.name}: ${what}`, row.name)
    await breath()
  }
  for (const [name, state] of connection.rows(STATES))
    yield damage('channel', `${name}: it is "${state}"`, String(name))
  for (const [name] of connection.rows(METADATA))
    yield damage('channel', `${name}: its metadata is no JSON object`, String(name))
  yield* orphans(patient)
}
const STATES = `SELECT name, state FROM channels WHERE state NOT IN ('open', 'draining', 'closed')`
const METADATA = 'SELECT name FROM channels WHERE NOT json_valid(metadata)'

/** Where the counters of a channel say something else than its messages, in one snapshot. */
function countersOf(connection: Connection, {id, deleted}: ChannelRow): string[] {
  const counters = connection.row(COUNTERS, [id]) as number[] | undefined
  if (!counters) return ['its counters are missing']
  const [last = 0, first = 0, count = 0, special = 0, hole = 0] = counters
  const [stored = 0, lowest, highest] = connection.row(STORED, [id]) as [number, number | null, number | null]
  const wrong: string[] = []
  if (deleted && stored > 0) wrong.push(`it was deleted, but ${counted(stored, 'message')} stayed behind`)
  if (count !== stored) wrong.push(`${counted(stored, 'message')} stored, but it counts ${count}`)
  if (highest !== null && highest > last) wrong.push(`its last number is ${last}, but there is a message ${highest}`)
  if (first !== (lowest ?? last + 1)) wrong.push(`it begins at ${lowest ?? last + 1}, not at ${first}`)
  const marked = connection.row(SPECIAL, {channel: id})?.[0] as number
  if (marked > special) wrong.push(`message ${marked} is direct or expires, but nothing behind ${special} is said to`)
  // Behind the last hole numbers are counted instead of messages.
  const solid = Math.max(hole, first - 1)
  const behind = connection.row(BEHIND, [id, solid])?.[0] as number
  if (behind !== last - solid && highest !== null && highest <= last)
    wrong.push(`there are ${counted(behind, 'message')} behind ${solid}, not ${last - solid}`)
  return wrong
}
const COUNTERS = 'SELECT last_seq, first_seq, message_count, special_seq, hole_seq FROM counters WHERE channel_id = ?'
const STORED = 'SELECT count(*), min(seq), max(seq) FROM messages INDEXED BY messages_seq WHERE channel_id = ?'
const SPECIAL = `
  SELECT max(coalesce((SELECT max(seq) FROM messages INDEXED BY messages_direct
                        WHERE channel_id = :channel AND recipient_id IS NOT NULL), 0),
             coalesce((SELECT max(seq) FROM messages INDEXED BY messages_expiry
                        WHERE channel_id = :channel AND expires_at IS NOT NULL), 0))`
const BEHIND = 'SELECT count(*) FROM messages INDEXED BY messages_seq WHERE channel_id = ? AND seq > ?'

/** What belongs to channels, and what one of it is called. */
const BELONGINGS: readonly [table: string, one: string][] = [
  ['counters', 'counter'],
  ['scheduled', 'delayed message'],
  ['consumers', 'cursor'],
  ['in_flight', 'claimed or waiting message'],
  ['workers', 'worker'],
  ['deliveries', 'delivery'],
  ['dead_letters', 'dead letter'],
  ['subscriptions', 'subscription'],
  ['grants', 'grant'],
]

async function* orphans({connection}: Patient): AsyncGenerator<Finding> {
  const known = new Map(channelRows(connection).map((row) => [row.id, row]))
  for (const [id] of connection.rows(MESSAGE_CHANNELS))
    if (id !== null && !known.has(id as number))
      yield damage('orphan', `there are messages of a channel (number ${id}) that doesn't exist`)
  for (const [table, one] of BELONGINGS) {
    for (const [id, count] of connection.rows(`SELECT channel_id, count(*) FROM ${table} GROUP BY channel_id`)) {
      const channel = known.get(id as number)
      const isAll = table === 'grants' && id === 0
      if (isAll || (channel && (!channel.deleted || table === 'counters'))) continue
      const whose = channel ? `${channel.name}, which was deleted` : `a channel (number ${id}) that doesn't exist`
      yield damage('orphan', `there is ${counted(count as number, one)} of ${whose}`, channel?.name)
    }
    await breath()
  }
}
/** Each channel that has messages, by a jump in the index from one to the next. */
const MESSAGE_CHANNELS = `
  WITH RECURSIVE found(id) AS (
    SELECT min(channel_id) FROM messages
     UNION ALL
    SELECT (SELECT min(channel_id) FROM messages WHERE channel_id > found.id) FROM found WHERE found.id IS NOT NULL)
  SELECT id FROM found`
