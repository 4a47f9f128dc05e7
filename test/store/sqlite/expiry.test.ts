import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {append} from '../../../src/store/sqlite/append.js'
import {createChannel} from '../../../src/store/sqlite/channels.js'
import {logOf} from '../../../src/store/sqlite/log.js'
import {openFile} from '../../../src/store/sqlite/open.js'
import {prune} from '../../../src/store/sqlite/retention.js'
import type {Session} from '../../../src/store/sqlite/session.js'
import {countBetween} from '../../../src/store/sqlite/unread.js'
import {viewOf} from '../../../src/store/sqlite/view.js'
import {HOUR, SECOND, START, testClock} from '../contract/harness.js'
import {seededRandom} from '../contract/random.js'
import {folder, options, outgoing} from './files.js'

function newSession() {
  const clock = testClock()
  const session = openFile(join(folder(), 'store.db'), options({create: true, clock: clock.now}))
  onTestFinished(() => session.connection.close())
  createChannel(session, 'ops', {}, 'alice')
  return {session, clock}
}

const seqsOf = ({connection}: Session): number[] =>
  connection.rows('SELECT seq FROM messages ORDER BY seq').map(([seq]) => seq as number)

test('an append deletes 1,000 of what has expired, the next one more of it, prune all', () => {
  const {session, clock} = newSession()
  const soon = (count: number) => Array.from({length: count}, () => outgoing('ops', {expiresAt: START + SECOND}))
  append(session, soon(2500))
  clock.advance(SECOND)
  append(session, [outgoing('ops')])
  expect(seqsOf(session)).toHaveLength(1501)
  append(session, [outgoing('ops')])
  expect(seqsOf(session)).toHaveLength(502)
  expect(prune(session, 'ops', {keep: 1})).toMatchObject({deleted: 501, kept: 1})
})

test('where nothing expires nothing is asked', () => {
  const {session} = newSession()
  append(session, [outgoing('ops'), outgoing('ops', {recipient: 'bob'})])
  prune(session, 'ops', {keep: 2})
  const before = session.connection.prepared.filter((sql) => sql.includes('messages_expiry'))
  prune(session, 'ops', {keep: 0})
  append(session, [outgoing('ops')])
  expect(before).not.toEqual([])
  const quiet = newSession().session
  append(quiet, [outgoing('ops')])
  append(quiet, [outgoing('ops')])
  prune(quiet, 'ops', {})
  expect(quiet.connection.prepared.filter((sql) => sql.includes('messages_expiry'))).toEqual([])
})

test('whatever is deleted in between, a dry run says it before, and the counters count what is there', () => {
  const {session, clock} = newSession()
  const {connection} = session
  const random = seededRandom(7)
  const upTo = (limit: number): number => Math.floor(random() * limit)
  const hold = (seq: number, on: boolean): void => {
    connection.run('DELETE FROM in_flight WHERE seq = ?', [seq])
    if (on)
      connection.run('INSERT INTO in_flight (channel_id, seq, name_id, attempt, until) VALUES (?, ?, 1, 1, 0)', [
        logOf(session, 'ops').id,
        seq,
      ])
  }
  for (let step = 0; step < 600; step++) {
    const stored = seqsOf(session)
    const held = new Set(connection.rows('SELECT seq FROM in_flight').map(([seq]) => seq as number))
    const dice = random()
    if (dice < 0.5) {
      const expiresAt = random() < 0.5 ? clock.now() + upTo(10) * SECOND : undefined
      append(session, [outgoing('ops', {expiresAt, ...(random() < 0.2 && {recipient: 'bob'})})])
    } else if (dice < 0.7) clock.advance(upTo(4) * SECOND)
    else if (dice < 0.85 && stored.length > 0) hold(stored[upTo(stored.length)]!, random() < 0.6)
    else {
      const options = [{}, {keep: upTo(8)}, {before: clock.now() - upTo(8) * SECOND}, {keep: upTo(8), keepUnread: true}]
      const chosen = options[upTo(options.length)]!
      const said = prune(session, 'ops', {...chosen, dryRun: true})
      expect([step, chosen, prune(session, 'ops', chosen)]).toEqual([step, chosen, said])
    }
    const left = seqsOf(session)
    for (const seq of held) if (stored.includes(seq)) expect(left).toContain(seq)
    const log = logOf(session, 'ops')
    expect([log.count, log.firstSeq]).toEqual([left.length, left[0] ?? log.lastSeq + 1])
    const view = viewOf(session, 'zoe')
    const after = upTo(log.lastSeq + 1)
    const live = connection.row(
      `SELECT count(*) FROM messages WHERE seq > ? AND recipient_id IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
      [after, clock.now()],
    )
    expect([step, after, countBetween(session, log, after, log.lastSeq, view)]).toEqual([step, after, live?.[0]])
  }
  clock.advance(HOUR)
  connection.run('DELETE FROM in_flight')
  expect(prune(session, 'ops', {keep: 0})).toMatchObject({kept: 0})
})
