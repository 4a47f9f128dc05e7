import type {ChannelSummary} from '../../model/channel.js'
import type {Message} from '../../model/message.js'
import type {SummaryQuery} from '../store.js'
import {CHANNEL_COLUMNS, toChannel} from './channels.js'
import type {Value} from './connection.js'
import type {Log} from './log.js'
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
    const rows = connection.all(SUMMARIES, {channels: wanted, actor: viewer, now, reader: names.idOf(reader)})
    const last = lastMessages(session, rows)
    return rows.map((row) => {
      const log = toLog(row)
      const newest = last.get(row['last_row'] as number)
      return {
        ...toChannel(row),
        messages: countBetween(session, log, 0, log.lastSeq, row['manages'] === 1 ? managing : view),
        unread: countBetween(session, log, (row['cursor'] as number | null) ?? 0, log.lastSeq, view),
        subscribers: row['subscribers'] as number,
        ...(newest && {last: newest}),
      }
    })
  })
}
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

function lastMessages(session: Session, rows: readonly Record<string, Value>[]): Map<number, Message> {
  const wanted = rows.flatMap(({last_row: row}) => (typeof row === 'number' ? [row] : []))
  const messages = messagesOf(session, wanted)
  return new Map(wanted.map((row, index) => [row, messages[index]!]))
}

const toLog = (row: Record<string, Value>): Log => ({
  id: row['id'] as number,
  name: row['name'] as string,
  state: row['state'] as Log['state'],
  maxAge: (row['max_age'] as number | null) ?? undefined,
  maxMessages: (row['max_messages'] as number | null) ?? undefined,
  lastSeq: row['last_seq'] as number,
  firstSeq: row['first_seq'] as number,
  count: row['message_count'] as number,
  specialSeq: row['special_seq'] as number,
  holeSeq: row['hole_seq'] as number,
  newestTime: row['newest_time'] as number,
  backSeq: row['back_seq'] as number,
})
