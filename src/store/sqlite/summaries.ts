import type {ChannelSummary} from '../../model/channel.js'
import type {Message} from '../../model/message.js'
import type {SummaryQuery} from '../store.js'
import {CHANNEL_COLUMNS, toChannel} from './channels.js'
import type {Raw} from './connection.js'
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
    const rows = connection.rows(SUMMARIES, {channels: wanted, actor: viewer, now, reader: names.idOf(reader)})
    const last = lastMessages(session, rows)
    return rows.map((row) => {
      const log = toLog(row)
      const [cursor, manages, subscribers, lastRow] = row.slice(LOOKED_UP)
      const newest = last.get(lastRow as number)
      return {
        ...toChannel(row),
        messages: countBetween(session, log, 0, log.lastSeq, manages === 1 ? managing : view),
        unread: countBetween(session, log, (cursor as number | null) ?? 0, log.lastSeq, view),
        subscribers: subscribers as number,
        ...(newest && {last: newest}),
      }
    })
  })
}
/** Where the columns begin that a viewer makes different. */
const LOOKED_UP = 23
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

function lastMessages(session: Session, rows: readonly Raw[]): Map<number, Message> {
  const wanted = rows.flatMap((row) => (typeof row.at(-1) === 'number' ? [row.at(-1) as number] : []))
  const messages = messagesOf(session, wanted)
  return new Map(wanted.map((row, index) => [row, messages[index]!]))
}

function toLog(row: Raw): Log {
  const [lastSeq, firstSeq, count, specialSeq, holeSeq, newestTime, backSeq] = row.slice(16, LOOKED_UP) as number[]
  return {
    id: row[0] as number,
    name: row[1] as string,
    state: row[2] as Log['state'],
    maxAge: (row[9] as number | null) ?? undefined,
    maxMessages: (row[10] as number | null) ?? undefined,
    lastSeq: lastSeq!,
    firstSeq: firstSeq!,
    count: count!,
    specialSeq: specialSeq!,
    holeSeq: holeSeq!,
    newestTime: newestTime!,
    backSeq: backSeq!,
  }
}
