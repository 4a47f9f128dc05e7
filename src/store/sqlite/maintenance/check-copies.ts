/** Messages that aren't in a channel: delayed ones, and the copies of dead letters. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import {isDamage} from '../errors.js'
import {toId} from '../ids.js'
import {contentProblem} from './content.js'
import {breath, damage, finding, type Patient, reasonOf} from './findings.js'

const PAGE = 1000

/** Milliseconds after which a delayed message that is due is worth a word. */
const OVERDUE = 60_000

export async function* checkCopies(patient: Patient): AsyncGenerator<Finding> {
  const {connection, clock} = patient
  yield* copies(patient, 'scheduled', 'the delayed message')
  yield* copies(patient, 'dead_letters', 'the dead letter')
  const overdue = connection.row('SELECT count(*) FROM scheduled WHERE deliver_at < ?', [
    clock() - OVERDUE,
  ])?.[0] as number
  if (overdue > 0)
    yield finding('note', 'delayed', `${counted(overdue, 'delayed message')} fell due while nobody looked`, {
      hint: 'leat list: whoever looks next stores them',
    })
}

async function* copies(patient: Patient, table: 'scheduled' | 'dead_letters', what: string): AsyncGenerator<Finding> {
  const {connection, options} = patient
  for (let after = 0; ; ) {
    const rows = connection.rows(PAGES[table], [after, PAGE]) as [number, Buffer, number][]
    for (const [row, id, isValid] of rows) {
      const name = `${what} ${toId(id)}`
      try {
        if (!isValid) yield damage('content', `${name}: what is kept of it is no JSON`)
        const problem = options.deep && isValid ? contentProblem(connection, table, row) : undefined
        if (problem !== undefined) yield damage('content', `${name}: ${problem}`)
      } catch (error) {
        if (!isDamage(error)) throw error
        yield damage('content', `${name} can't be read: ${reasonOf(error)}`)
      }
    }
    await breath()
    if (rows.length < PAGE) return
    after = rows.at(-1)![0]
  }
}
const PAGES = {
  scheduled: 'SELECT row, id, json_valid(rest) FROM scheduled WHERE row > ? ORDER BY row LIMIT ? + 0',
  dead_letters: `
    SELECT row, message_id, headers IS NULL OR json_valid(headers) FROM dead_letters WHERE row > ? ORDER BY row LIMIT ? + 0`,
}
