/** What `search` asks of the bus, page by page, and what it says besides its hits. */
import type {Bus} from '../bus/bus.js'
import type {SearchOptions, SearchResult} from '../bus/search.js'
import {historyFilter} from './history.js'
import {hitPrinter} from './output/hits.js'
import type {MessageOutput} from './output/messages.js'
import type {Output} from './output/output.js'

const DEFAULT_LIMIT = 20
/** Messages in memory at once. */
const PAGE = 200
/** So many that have to be put into the index first are worth a word, again after so many milliseconds. */
const MUCH = 20_000
const SAY_EVERY = 3_000

export interface SearchFlags extends MessageOutput {
  channel?: string[]
  type?: string[]
  sender?: string[]
  since?: number
  until?: number
  where?: string[]
  limit?: number
  sort: 'newest' | 'relevance'
}

/** Prints what is found, and says where the limit cut. */
export async function printHits(
  {bus, out, signal}: {bus: Bus; out: Output; signal: AbortSignal},
  query: string,
  flags: SearchFlags,
): Promise<void> {
  const {limit = DEFAULT_LIMIT, sort, channel: channels} = flags
  const print = hitPrinter(out, flags)
  const options = {channels, sort, filter: historyFilter(flags), signal, onIndexing: indexingNote(out)}
  let given = 0
  let result: SearchResult
  let before: string | undefined
  do {
    const left = limit - given
    result = await bus.search(query, {...options, before, limit: sort === 'newest' ? Math.min(left, PAGE) : left})
    print.expect?.(result.messages)
    for (const message of result.messages) {
      print(message, result.terms)
      await out.ease()
    }
    given += result.messages.length
    before = result.next
  } while (before !== undefined && given < limit && !signal.aborted)
  await out.drain()
  noteEnd(out, given, result)
}

function noteEnd(out: Output, given: number, {more, compared, bounded}: SearchResult): void {
  if (bounded) out.note(`compared were the newest ${compared} that fit`)
  if (!out.terminal || out.json) return
  if (given === 0) out.note('nothing found')
  else if (more) out.note(`${compared === undefined ? 'the newest' : 'the best'} ${given}; -n shows more`)
}

/** That a search waits for the index, to a person. */
function indexingNote(out: Output): SearchOptions['onIndexing'] {
  let said = -Infinity
  return (left) => {
    const now = performance.now()
    if (!out.errorTerminal || left < MUCH || now - said < SAY_EVERY) return
    said = now
    out.note(`putting ${left.toLocaleString('en')} messages into the index first`)
  }
}
