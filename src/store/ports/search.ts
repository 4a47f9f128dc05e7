/** Full text over what is stored. The laws by number stand in `../store.ts`. */
import type {Filter} from '../../model/filter.js'
import type {Message, Place} from '../../model/message.js'
import type {SearchTerms} from '../../model/search-query.js'

export interface Search {
  /**
   * A page of messages that have all the wanted words and none of the unwanted, the newest first in the order of storage.
   * Never misses what was stored before it began, whatever was put into the index; what was redacted or deleted is not
   * found. As `scan`, it passes over direct messages of others, expired messages and what the filter leaves out. A page may
   * have fewer than `limit`, even none, and not be the last, where much has to be looked through: one call is a moment.
   * @throws INVALID `inFrontOf` names no place, `after` is not the `next` of a page
   */
  find(query: SearchQuery): Promise<SearchPage>

  /**
   * Puts some of what isn't in the index yet into it, in one short write, and takes out some of what was deleted. Changes
   * nothing that anyone finds, only how fast. Without `begin` it does nothing until somebody has begun.
   */
  index(options: {limit: number; begin?: boolean}): Promise<Indexed>
}

export interface SearchQuery {
  terms: SearchTerms
  /** `all` as in `Viewer`. Channels that don't exist are passed over. */
  channels: readonly {name: string; all?: boolean}[]
  actor: string
  filter?: Filter
  limit: number
  /** `next` of the page before. */
  after?: string
  /** Only what was stored before this place. */
  inFrontOf?: Place
}

export interface SearchPage {
  messages: Message[]
  /** Where to go on; absent: nothing more is there. */
  next?: string
}

export interface Indexed {
  /** Messages that were put into the index now. */
  done: number
  /** About how many are left; 0: none. Where nothing may be written, they stay. */
  left: number
  /** Whether there is an index to fill: somebody has begun, and it may be written. */
  open: boolean
}
