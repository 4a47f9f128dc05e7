import {LeatError} from '../../model/errors.js'
import type {Filter} from '../../model/filter.js'
import type {Place} from '../../model/message.js'
import type {SearchTerm, SearchTerms} from '../../model/search-query.js'
import type {Search, SearchPage, SearchQuery} from '../store.js'
import {findLog, type Log, logsOf} from './log.js'
import {messagesWithin} from './rows.js'
import {indexSome, lastRow, searchState} from './search-index.js'
import {searchTail} from './search-tail.js'
import type {Session} from './session.js'
import type {Steps} from './steps.js'
import {firstAtOrAfter} from './times.js'
import {LIVE, MATCHES, type View, viewOf} from './view.js'

/** Candidates that one call looks at, and milliseconds after which it looks at no more. */
const CANDIDATES = 5_000
const TIME = 50
/**
 * Of which the index is asked for a few, then for so many times those so far; where a search goes on, for so many at once.
 * It walks from the newest row down to where it is asked from, each time anew.
 */
const GROWTH = 4
const GOING_ON = 2_000
/** Of which so many are looked at between two looks at the time. */
const PIECE = 500
/** Rows that one call walks along in the index, where words are rare together. */
const WINDOW = 1_000_000
/** Channels that are looked for by the index, and whose times bound a search; of more the hits are sorted out. */
const FEW_CHANNELS = 32

/** The port's methods over one session. */
export const searching = (session: Session, {step, look}: Pick<Steps, 'step' | 'look'>): Search => ({
  find: async (query) => {
    await session.turns.next()
    await session.conditions.prepare(query.filter)
    return look(() => session.connection.read(() => find(session, query)))
  },
  // Not a write of which anyone has to hear.
  index: async (options) => {
    await session.turns.next()
    return step(() => indexSome(session, options))
  },
})

/** Rows to look at: at or behind `low`, in front of `below`. */
interface Stretch {
  low: number
  below: number
}

function find(session: Session, query: SearchQuery): SearchPage {
  const {actor, limit, filter = {}} = query
  const names = query.channels.map(({name}) => name)
  const logs = [...logsOf(session, names).values()]
  const managed = new Set(query.channels.filter(({all}) => all).map(({name}) => name))
  const channels = new Map(logs.map(({id, name}) => [id, managed.has(name)]))
  const view = viewOf(session, actor, filter)
  const match = matchOf(query.terms, filter, isEverything(session, logs) ? [] : logs)
  const {low, below} = stretchOf(session, query, logs)
  const {indexed} = searchState(session)
  const hasPrefix = [...query.terms.wanted, ...query.terms.unwanted].some(({prefix}) => prefix)
  const found: number[] = []
  let at = below
  const floor = hasPrefix ? low : Math.max(low, Math.min(at, indexed + 1) - WINDOW)
  const end = performance.now() + TIME
  let looked = 0
  do {
    if (at <= floor || logs.length === 0) break
    if (at > indexed + 1) {
      const {rows, from} = searchTail(session, match, {above: Math.max(indexed, low - 1), below: at})
      found.push(...shown(session, rows, channels, view))
      at = from
      break // a piece of what isn't indexed is enough for one call
    }
    const count = Math.min(
      CANDIDATES,
      Math.max(2 * (limit + 1), query.after === undefined ? GROWTH * looked : GOING_ON),
    )
    const rows = session.connection.rows(INDEXED, {match, low: floor, at, count}).map(([row]) => row as number)
    // Where JSON is looked into, which may be large, twice as many after each look at the time: so it is never far behind.
    let piece = filter.where === undefined ? PIECE : 1
    let done = 0
    do {
      found.push(...shown(session, rows.slice(done, done + piece), channels, view))
      done += piece
      piece = Math.min(PIECE, 2 * piece)
    } while (done < rows.length && found.length <= limit && performance.now() < end)
    looked += rows.length
    at = done < rows.length ? rows[done - 1]! : rows.length < count ? floor : rows.at(-1)!
  } while (found.length <= limit && looked < CANDIDATES && performance.now() < end)
  const messages = messagesWithin(session, found.slice(0, limit))
  const last = found[messages.length - 1]
  const isAll = found.length <= messages.length
  const next = isAll ? (at <= low || logs.length === 0 ? undefined : at) : last
  return {messages, ...(next !== undefined && {next: `${next}`})}
}
const INDEXED = `
  SELECT rowid FROM search WHERE search MATCH :match AND rowid >= :low AND rowid < :at ORDER BY rowid DESC LIMIT :count + 0`

/** Whether there are no other channels: then it needn't be looked for. */
const isEverything = ({connection}: Session, logs: readonly Log[]): boolean =>
  connection.row('SELECT count(*) FROM channels WHERE deleted_at IS NULL')?.[0] === logs.length

/** What of some rows the actor may see and the filter lets through, the newest first. */
function shown(session: Session, rows: number[], channels: ReadonlyMap<number, boolean>, view: View): number[] {
  if (rows.length === 0) return []
  const {actor} = view.parameters
  const parameters = {...view.parameters, rows: JSON.stringify(rows)}
  const found = session.connection.rows(view.filtered ? WANTED : VISIBLE, parameters) as (number | null)[][]
  return found.flatMap(([row, channel, sender, recipient]) => {
    const all = channels.get(channel!)
    if (all === undefined) return []
    return all || recipient === null || recipient === actor || sender === actor ? [row!] : []
  })
}
const OF_ROWS = `
  SELECT row, channel_id, sender_id, recipient_id FROM messages
   WHERE row IN (SELECT value FROM json_each(:rows)) AND redacted_at IS NULL AND ${LIVE}`
const VISIBLE = `${OF_ROWS} ORDER BY row DESC`
const WANTED = `${OF_ROWS} AND ${MATCHES} ORDER BY row DESC`

/**
 * The query as FTS5 reads it. Every text of the user's is a quoted one: no sign in it means anything. Sender, type and
 * channel are looked for in the index too, so that a search that is limited to them doesn't pass by all others.
 */
function matchOf({wanted, unwanted}: SearchTerms, {senders, types}: Filter, logs: readonly Log[]): string {
  const text = (term: SearchTerm): string => `{content sender type} : ${quoted(term.text)}${term.prefix ? ' *' : ''}`
  const parts = wanted.map(text)
  const channels = logs.map(({id}) => `${id}`)
  if (channels.length > 0 && channels.length <= FEW_CHANNELS) parts.push(anyOf('channel', channels))
  // A sender is one word or more, and so is a type, mostly. What they are exactly is looked at afterwards.
  if (isFew(senders)) parts.push(anyOf('sender', senders))
  if (isFew(types)) parts.push(anyOf('type', types))
  const all = parts.join(' AND ')
  return unwanted.length === 0 ? all : `(${all}) NOT (${unwanted.map(text).join(' OR ')})`
}

const isFew = (names: readonly string[] | undefined): names is readonly string[] =>
  names !== undefined &&
  names.length > 0 &&
  names.length <= FEW_CHANNELS &&
  names.every((name) => /[a-z0-9]/i.test(name))

const anyOf = (column: string, texts: readonly string[]): string => `${column} : (${texts.map(quoted).join(' OR ')})`

const quoted = (text: string): string => `"${text.replaceAll('"', '""').replaceAll('\0', ' ')}"`

/** @throws INVALID */
function stretchOf(session: Session, {after, inFrontOf, filter = {}}: SearchQuery, logs: readonly Log[]): Stretch {
  const begin = after !== undefined ? positionOf(after) : inFrontOf ? rowOf(session, inFrontOf) : lastRow(session) + 1
  const {since, until} = filter
  if (logs.length > FEW_CHANNELS || (since === undefined && until === undefined)) return {low: 1, below: begin}
  const lows = since === undefined ? [1] : logs.map((log) => rowAt(session, log, firstAtOrAfter(session, log, since)))
  // Behind the last set-back of the clock times only rise: from the first that is too late on, all are.
  const highs =
    until === undefined
      ? [begin]
      : logs.map((log) => rowUpTo(session, log, firstAtOrAfter(session, log, until, log.backSeq)) + 1)
  return {low: Math.min(...lows), below: Math.min(begin, Math.max(0, ...highs))}
}

/** @throws INVALID */
function positionOf(next: string): number {
  const row = Number(next)
  if (/^\d+$/.test(next) && Number.isSafeInteger(row)) return row
  throw new LeatError('INVALID', `${JSON.stringify(next)} is not where a search goes on`)
}

/** The row of a place; if it is gone, of the next one in its channel. @throws INVALID there is no such place */
function rowOf(session: Session, {channel, seq}: Place): number {
  const log = findLog(session, channel)
  if (log && seq > 0 && seq <= log.lastSeq) return rowAt(session, log, seq)
  throw new LeatError('INVALID', `${channel} has no place ${seq}`, {hint: 'begin again without it'})
}

/** The row of the first message at or behind a seq; without one, behind all rows. */
function rowAt(session: Session, log: Log, seq: number | undefined): number {
  const row =
    seq === undefined ? undefined : (session.connection.row(ROW_FROM, [log.id, seq])?.[0] as number | undefined)
  return row ?? lastRow(session) + 1
}
const ROW_FROM = 'SELECT row FROM messages WHERE channel_id = ? AND seq >= ? ORDER BY seq LIMIT 1'

/** The row of the last message in front of a seq; without one, of the last of the channel. 0: there is none. */
const rowUpTo = ({connection}: Session, {id, lastSeq}: Log, seq = lastSeq + 1): number =>
  (connection.row(ROW_UP_TO, [id, seq])?.[0] as number | undefined) ?? 0
const ROW_UP_TO = 'SELECT row FROM messages WHERE channel_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1'
