import type {ChannelSummary} from '../../model/channel.js'
import type {Message} from '../../model/message.js'
import type {SummaryQuery} from '../store.js'
import {CHANNEL_COLUMNS, toChannel} from './channels.js'
import type {Raw} from './connection.js'
import {type Log, toLog} from './log.js'
import {messagesOf} from './rows.js'
import type {Session} from './session.js'
import {countBetween} from './unread.js'
import {LIVE, viewOf, visibleIf} from './view.js'

/** What `list` shows: one statement for all channels, and counts only for those that subtraction can't answer. */
export function summaries(session: Session, {channels, actor, reader = actor}: SummaryQuery): ChannelSummary[] {
  const {connection, names} = session
  return connection.read(() => {
    const view = viewOf(session, actor)
    const managing = {...view, parameters: {...view.parameters, all: 1}}
    const wanted = JSON.stringify(channels.map(({name, all = false}) => ({name, all: Number(all)})))
    const {actor: viewer, now} = view.parameters
    const rows = connection.rows(SUMMARIES, {channels: wanted, actor: viewer, now, reader: names.idOf(reader)})
    const last = lastMessages(session, rows)
    return rows.map((row, at) => {
      const log = logIn(row)
      const [cursor, manages, subscribers] = row.slice(CURSOR) as number[]
      const newest = last[at]
      return {
        ...toChannel(row),
        messages: countBetween(session, log, 0, log.lastSeq, manages === 1 ? managing : view),
        unread: countBetween(session, log, cursor ?? 0, log.lastSeq, view),
        subscribers: subscribers!,
        ...(newest && {last: newest}),
      }
    })
  })
}
/** Where these begin in a row: cursor, manages, subscribers, last_row. */
const CURSOR = 23
const SUMMARIES = `
  SELECT ${CHANNEL_COLUMNS}, first_seq, message_count, special_seq, hole_seq, newest_time, back_seq,
         consumers.cursor, wanted.value ->> 'all' AS manages,
         (SELECT count(*) FROM subscriptions WHERE subscriptions.channel_id = channels.id) AS subscribers,
         (SELECT row FROM messages
           WHERE messages.channel_id = channels.id AND ${LIVE} AND ${visibleIf(`wanted.value ->> 'all'`)}
           ORDER BY seq DESC LIMIT 1) AS last_row
    FROM json_each(:channels) AS wanted
   CROSS JOIN channels ON channels.name = wanted.value ->> 'name'
          AND channels.name = wanted.value ->> 'name' COLLATE BINARY AND deleted_at IS NULL
    JOIN counters ON counters.channel_id = channels.id
    LEFT JOIN consumers ON consumers.channel_id = channels.id AND consumers.kind = 'reader' AND consumers.name_id = :reader
   ORDER BY wanted.key`

/** The newest message of each channel, where there is one. */
function lastMessages(session: Session, rows: readonly Raw[]): (Message | undefined)[] {
  const wanted = rows.map((row) => row.at(-1) as number | null)
  const found = messagesOf(
    session,
    wanted.filter((row) => row !== null),
  ).values()
  return wanted.map((row) => (row === null ? undefined : found.next().value))
}

function logIn(row: Raw): Log {
  const [id, name, state, , , , , , , maxAge, maxMessages, , , , , , lastSeq, ...counters] = row
  return toLog([id, name, state, maxAge, maxMessages, lastSeq, ...counters])
}
