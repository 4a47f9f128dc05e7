/** What the store keeps of channels. The laws by number stand in `../store.ts`. */
import type {Channel, ChannelSettings, ChannelState, ChannelSummary, SettingsChange} from '../../model/channel.js'
import type {NewGrant, Outgoing, Pruned, PruneOptions, SummaryQuery} from '../records.js'

export interface Channels {
  /**
   * Makes a channel, with grants on it. A name that was used before goes on with its last seq (law 2).
   * @throws EXISTS the name is taken, be it in other case
   */
  create(name: string, settings: ChannelSettings, by: string, grants?: readonly NewGrant[]): Promise<Channel>

  /** The channel of exactly this name, or undefined. */
  get(name: string): Promise<Channel | undefined>

  /** All channels by name, hidden ones too. */
  all(): Promise<Channel[]>

  /**
   * What `list` shows: for each name that exists, counts as the viewer sees them and the newest visible message.
   * No cost that grows with the messages of a channel, but where direct, expired or deleted ones make counting necessary.
   */
  summaries(query: SummaryQuery): Promise<ChannelSummary[]>

  /** @throws NOT_FOUND */
  update(name: string, change: SettingsChange): Promise<Channel>

  /**
   * Opens, drains or closes. A channel set to `draining` with nothing outstanding (messages claimed or waiting for
   * their next attempt, deliveries, delayed messages) is closed at once; else it closes itself when the last is done.
   * With `last`, that message of the channel is stored in the same step, whatever the state was: nothing gets between.
   * @throws NOT_FOUND
   */
  setState(name: string, state: ChannelState, last?: Outgoing): Promise<Channel>

  /** Gives another name; messages, cursors, subscriptions and grants go along, the old name's last seq stays behind, and the new name's, if it was used before, still counts (law 2). @throws NOT_FOUND, EXISTS */
  rename(name: string, to: string): Promise<Channel>

  /** Deletes the channel with messages, cursors, claims, dead letters, subscriptions and grants; name and last seq stay behind. Returns how many messages went. @throws NOT_FOUND */
  delete(name: string): Promise<number>

  /**
   * Deletes oldest messages first, and expired ones, but never what is claimed, waits for its next attempt or for
   * delivery. With `dryRun` it only counts.
   * @throws NOT_FOUND
   */
  prune(name: string, options: PruneOptions): Promise<Pruned>
}
