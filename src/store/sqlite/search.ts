import type {Search, SearchPage, SearchQuery} from '../store.js'
import {logsOf} from './log.js'
import {messagesWithin} from './rows.js'
import {indexSome} from './search-index.js'
import {FEW} from './search-match.js'
import {Source} from './search-source.js'
import {stretchOf} from './search-stretch.js'
import type {Session} from './session.js'
import type {Steps} from './steps.js'
import {LIVE, MATCHES, type View, viewOf} from './view.js'

/** Candidates that one call looks at, and milliseconds after which it looks at no more. */
const CANDIDATES = 5_000
const TIME = 50
/** Of which the index is asked for a few, then for so many times those so far. */
const GROWTH = 4
/** Of which so many are looked at between two looks at the time. */
const PIECE = 500

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

function find(session: Session, query: SearchQuery): SearchPage {
  const {actor, limit, terms, filter = {}} = query
  const stretch = stretchOf(session, query)
  const channels = channelsToAskFor(session, query)
  if (channels === undefined) return {messages: []}
  const source = new Source(session, {terms, filter, channels}, stretch)
  const isManaged = managementOf(session, query)
  const view = viewOf(session, actor, filter)
  const found: number[] = []
  const end = performance.now() + TIME
  let at = stretch.below
  let looked = 0
  while (at > source.floor) {
    const {rows, from, isMuch} = source.next(at, Math.min(CANDIDATES, Math.max(2 * (limit + 1), GROWTH * looked)))
    // Where JSON is looked into, which may be large, twice as many after each look at the time: so it is never far behind.
    let piece = filter.where === undefined ? PIECE : 1
    let done = 0
    do {
      found.push(...shown(session, rows.slice(done, done + piece), isManaged, view))
      done += piece
      piece = Math.min(PIECE, 2 * piece)
    } while (done < rows.length && found.length <= limit && performance.now() < end)
    looked += rows.length
    at = done < rows.length ? rows[done - 1]! : from
    if (isMuch || found.length > limit || looked >= CANDIDATES || performance.now() >= end) break
  }
  const messages = messagesWithin(session, found.slice(0, limit))
  const last = found[messages.length - 1]
  const isAll = found.length <= messages.length
  const next = isAll ? (at <= stretch.low ? undefined : at) : last
  return {messages, ...(next !== undefined && {next: `${next}`})}
}

/**
 * The numbers of the channels that the index is asked for; none: of all, because they are all or many, and hits are sorted
 * out. Undefined: none of those wanted is there.
 */
function channelsToAskFor(session: Session, {channels}: SearchQuery): number[] | undefined {
  if (channels.length > FEW) return []
  const logs = logsOf(
    session,
    channels.map(({name}) => name),
  )
  if (logs.size === 0) return undefined
  const [count] = session.connection.row('SELECT count(*) FROM channels WHERE deleted_at IS NULL')!
  return logs.size === count ? [] : [...logs.values()].map(({id}) => id)
}

/** Whether the viewer manages a channel, by its number; undefined: it isn't searched. Names are looked up as hits come. */
function managementOf({connection}: Session, {channels}: SearchQuery): (id: number) => boolean | undefined {
  const byName = new Map(channels.map(({name, all = false}) => [name, all]))
  const byId = new Map<number, boolean | undefined>()
  return (id) => {
    if (!byId.has(id)) byId.set(id, byName.get(connection.row(NAME, [id])?.[0] as string))
    return byId.get(id)
  }
}
const NAME = 'SELECT name FROM channels WHERE id = ? AND deleted_at IS NULL'

/** What of some rows the actor may see and the filter lets through, the newest first. */
function shown(
  session: Session,
  rows: number[],
  isManaged: (channel: number) => boolean | undefined,
  view: View,
): number[] {
  if (rows.length === 0) return []
  const {actor} = view.parameters
  const parameters = {...view.parameters, rows: JSON.stringify(rows)}
  const found = session.connection.rows(view.filtered ? WANTED : VISIBLE, parameters) as (number | null)[][]
  return found.flatMap(([row, channel, sender, recipient]) => {
    const all = isManaged(channel!)
    if (all === undefined) return []
    return all || recipient === null || recipient === actor || sender === actor ? [row!] : []
  })
}
const OF_ROWS = `
  SELECT row, channel_id, sender_id, recipient_id FROM messages
   WHERE row IN (SELECT value FROM json_each(:rows)) AND redacted_at IS NULL AND ${LIVE}`
const VISIBLE = `${OF_ROWS} ORDER BY row DESC`
const WANTED = `${OF_ROWS} AND ${MATCHES} ORDER BY row DESC`
