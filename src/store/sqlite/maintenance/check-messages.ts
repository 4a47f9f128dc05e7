/** Every message: its fields, its place among the others, its links, and with `deep` its content. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import type {Raw} from '../connection.js'
import {isDamage} from '../errors.js'
import {toId} from '../ids.js'
import {type ChannelRow, channelRows} from './check-channels.js'
import {contentProblem} from './content.js'
import {breath, damage, finding, type Patient, reasonOf} from './findings.js'

/** Messages in one snapshot: fewer where their content, up to 16 MiB each, is read. */
const PAGE = 1000
const DEEP_PAGE = 100

export async function* checkMessages(patient: Patient): AsyncGenerator<Finding> {
  const {connection, options} = patient
  const total = Number(connection.row('SELECT coalesce(sum(message_count), 0) FROM counters')?.[0])
  let done = 0
  for (const channel of channelRows(connection)) {
    const walk = new Walk(patient, channel)
    for (let after = 0; ; ) {
      const page = connection.read(() => walk.page(after))
      yield* page.found
      done += page.count
      options.onProgress?.({what: 'messages', done, total: Math.max(total, done)})
      await breath()
      if (page.count < walk.size) break
      after = page.last
    }
    yield* connection.read(() => walk.end())
  }
  yield* duplicates(patient)
  yield* strayReferences(patient)
}

/** One channel from its first message to its last. What others append or delete meanwhile confuses nothing. */
class Walk {
  /** Messages of a page. */
  readonly size: number
  readonly #patient: Patient
  readonly #channel: ChannelRow
  readonly #names = new Set<number>()
  readonly #conversations = new Set<number>()
  /** Of the messages so far. */
  #high = -Infinity
  #newest = 0
  /** The last seq with a time before that of one in front of it. */
  #back = 0
  /** Links to what isn't stored. */
  #lostParents = 0
  #lostReferences = 0

  constructor(patient: Patient, channel: ChannelRow) {
    this.size = patient.options.deep ? DEEP_PAGE : PAGE
    this.#patient = patient
    this.#channel = channel
  }

  /** The next messages. Each row is found by the index and read by itself: one that can't be read doesn't hide the others. */
  page(after: number): {found: Finding[]; count: number; last: number} {
    const {connection} = this.#patient
    const found: Finding[] = []
    const rows = connection.rows(PAGE_OF, [this.#channel.id, after, this.size]) as [number, number][]
    for (const [row, seq] of rows) {
      const place = `${this.#channel.name}/${seq}`
      try {
        for (const what of this.#look(row, seq)) found.push(damage('message', `${place}: ${what}`, place))
        const content = this.#patient.options.deep ? contentProblem(connection, 'messages', row) : undefined
        if (content !== undefined) found.push(damage('content', `${place}: ${content}`, place))
      } catch (error) {
        if (!isDamage(error)) throw error
        found.push(damage('content', `${place} can't be read: ${reasonOf(error)}`, place))
      }
    }
    return {found, count: rows.length, last: rows.at(-1)?.[1] ?? after}
  }

  #look(row: number, seq: number): string[] {
    const {connection} = this.#patient
    const raw = connection.row(FIELDS, [row])
    if (!raw || raw[0] !== this.#channel.id || raw[1] !== seq) return ['the index leads to another message']
    const [, , id, sender, recipient, conversation, time, timeHigh, replyTo, thread, refs, headers] = raw
    this.#names.add(sender as number)
    if (recipient !== null) this.#names.add(recipient as number)
    if (conversation !== null) this.#conversations.add(conversation as number)
    return [
      ...this.#timeProblems(seq, time as number, timeHigh as number | null),
      ...((id as Buffer).length === 16 ? [] : [`its id has ${(id as Buffer).length} bytes, not 16`]),
      ...(headers === 0 ? ['its headers are no JSON'] : []),
      ...this.#threadProblems(replyTo as Buffer | null, thread as Buffer | null),
      ...this.#referenceProblems(row, refs as Buffer | null),
    ]
  }

  #timeProblems(seq: number, time: number, timeHigh: number | null): string[] {
    const high = timeHigh ?? time
    const falls = high < this.#high
    if (time < this.#newest) this.#back = seq
    this.#newest = Math.max(this.#newest, time)
    this.#high = Math.max(this.#high, high)
    return falls || (timeHigh !== null && timeHigh < time) ? ['it can be missed by a search by time'] : []
  }

  #threadProblems(replyTo: Buffer | null, thread: Buffer | null): string[] {
    if (replyTo === null) return []
    if (thread === null) return ['it answers a message, but is in no thread']
    const parent = this.#patient.connection.row(PARENT, {id: replyTo})
    if (!parent) this.#lostParents++
    else if (!thread.equals((parent[0] ?? replyTo) as Buffer))
      return ['it is in another thread than the message that it answers']
    return []
  }

  #referenceProblems(row: number, refs: Buffer | null): string[] {
    if (refs === null) return []
    const {connection} = this.#patient
    const listed = connection.rows(REFERENCES_OF, [row]).map(([to]) => toId(to as Buffer))
    const own = new Set(Array.from({length: Math.floor(refs.length / 16)}, (_, at) => toId(refs, at * 16)))
    for (const id of own)
      if (!connection.row(PARENT, {id: Buffer.from(id.replaceAll('-', ''), 'hex')})) this.#lostReferences++
    const same = refs.length % 16 === 0 && listed.length === own.size && listed.every((id) => own.has(id))
    return same ? [] : ['its references are not found from the other side']
  }

  /** What is known only at the end. */
  end(): Finding[] {
    const {connection} = this.#patient
    const {name, id} = this.#channel
    const [newest = 0, back = 0] = (connection.row(TIMES, [id]) ?? []) as number[]
    const found: Finding[] = []
    if (this.#newest > newest)
      found.push(damage('counter', `${name}: its newest time is not its newest message's`, name))
    if (this.#back > back)
      found.push(damage('counter', `${name}: times are said to rise behind ${back}, but fall at ${this.#back}`, name))
    for (const [what, table, ids] of [
      ['names', 'names', this.#names],
      ['conversations', 'conversations', this.#conversations],
    ] as const) {
      const known = connection.row(`SELECT count(*) FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`, [
        JSON.stringify([...ids]),
      ])?.[0]
      if (known !== ids.size) found.push(damage('name', `${name}: ${what} of its messages are missing`, name))
    }
    const gone = {place: name, hint: 'nothing: it was pruned, or its channel deleted'}
    if (this.#lostParents > 0)
      found.push(
        finding(
          'note',
          'link',
          `${name}: ${counted(this.#lostParents, 'message')} answer one that isn't stored any more`,
          gone,
        ),
      )
    if (this.#lostReferences > 0)
      found.push(
        finding(
          'note',
          'link',
          `${name}: ${counted(this.#lostReferences, 'reference')} to what isn't stored any more`,
          gone,
        ),
      )
    return found
  }
}
const PAGE_OF = `
  SELECT row, seq FROM messages INDEXED BY messages_seq WHERE channel_id = ? AND seq > ? ORDER BY seq LIMIT ? + 0`
// What is behind content in a row costs a walk over all of it: nothing is.
const FIELDS = `
  SELECT channel_id, seq, id, sender_id, recipient_id, conversation_id, time, time_high, reply_to, thread, refs,
         json_valid(headers)
    FROM messages WHERE row = ?`
const PARENT = 'SELECT thread FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id'
const REFERENCES_OF = 'SELECT to_id FROM message_references WHERE row = ?'
const TIMES = 'SELECT newest_time, back_seq FROM counters WHERE channel_id = ?'

/** Messages of one channel with the same id, which appending alone prevents: of ids with the same end, which are few. */
async function* duplicates({connection}: Patient): AsyncGenerator<Finding> {
  for (let after: Buffer = Buffer.alloc(0); ; ) {
    const groups = connection.rows(SAME_TAIL, [after, PAGE]) as Raw[]
    for (const [tail, count] of groups)
      if ((count as number) > 1)
        for (const [name, id, seqs] of connection.rows(SAME_ID, [tail as Buffer]))
          yield damage('message', `${name}: messages ${seqs} have the same id, ${toId(id as Buffer)}`, String(name))
    await breath()
    if (groups.length < PAGE) return
    after = groups.at(-1)![0] as Buffer
  }
}
const SAME_TAIL = `
  SELECT substr(id, 14, 3) AS tail, count(*) FROM messages WHERE substr(id, 14, 3) > ?
   GROUP BY tail ORDER BY tail LIMIT ? + 0`
const SAME_ID = `
  SELECT name, messages.id, group_concat(seq, ', ')
    FROM messages JOIN channels ON channels.id = channel_id
   WHERE substr(messages.id, 14, 3) = ? GROUP BY channel_id, messages.id HAVING count(*) > 1`

async function* strayReferences({connection}: Patient): AsyncGenerator<Finding> {
  const stray = connection.row(STRAY)?.[0] as number
  if (stray > 0) yield damage('message', `${counted(stray, 'reference')} of messages that aren't there`)
}
const STRAY = `
  SELECT count(*) FROM message_references
   WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.row = message_references.row)`
