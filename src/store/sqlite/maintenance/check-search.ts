/** The index of the full text search against the messages. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import {checkSearchIndex} from '../search-check.js'
import {openSession} from '../session.js'
import {damage, finding, type Patient} from './findings.js'

/** What is lost of the index is lost of nothing else: it is made again from the messages. */
const MADE_AGAIN = 'leat store compact makes the index again'

export async function* checkSearch({connection, label, clock, options}: Patient): AsyncGenerator<Finding> {
  const {deep = false, onProgress} = options
  onProgress?.({what: 'search index', done: 0, total: 0})
  const session = openSession(connection, {label, path: label, file: undefined, clock, ids: noIds})
  // A table of its own, which lasts for a moment, is all that is written.
  if (!connection.isReadonly) connection.pragma('query_only = OFF')
  const flaws = checkSearchIndex(session, {deep: deep && !connection.isReadonly})
  if (flaws.damage !== undefined)
    yield damage('search', `the search index is damaged: ${flaws.damage}`, undefined, MADE_AGAIN)
  for (const [count, what] of [
    [flaws.missing, 'missing from the search index'],
    [flaws.leftOver, 'found by a search, but gone'],
    [flaws.different, 'found by a search with other words'],
  ] as const)
    if (count > 0) yield finding('damage', 'search', `${counted(count, 'message')} ${what}`, {hint: MADE_AGAIN})
}

const noIds = (): string => {
  throw new Error('a check makes nothing')
}
