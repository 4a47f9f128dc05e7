/** What goes on in channels, in numbers. The laws by number stand in `../store.ts`. */
import type {Backlog, Makeup, Traffic} from '../../model/statistics.js'
import type {BacklogQuery, MakeupQuery, TrafficQuery} from '../records.js'

/**
 * Numbers about channels as a viewer sees them: direct messages of others and what has expired are in none of them.
 * Channels that don't exist are passed over. A message counts for the latest time stored up to it in its channel, so that
 * a clock that was set back moves nothing in front of what came before.
 */
export interface Statistics {
  /** How many messages were stored between points in time (ms, rising). No cost that grows with the messages, but where direct, expired or deleted ones make counting necessary. */
  traffic(query: TrafficQuery): Promise<Traffic[]>

  /** Who sent what in a window. Looks at the newest `limit` messages of each channel there and at none of their content. */
  makeup(query: MakeupQuery): Promise<Makeup[]>

  /**
   * How far everyone is. What waits for somebody else is counted with the viewer's eyes, or where it manages the channel
   * with theirs; for a group or a subscription whatever types they want.
   */
  backlog(query: BacklogQuery): Promise<Backlog[]>
}
