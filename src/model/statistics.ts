/** What goes on in channels, in numbers: only of what the viewer may see. */
import type {ConsumerKind} from './consumer.js'

/** How many messages were stored between points in time. */
export interface Traffic {
  channel: string
  /** Between the first point and the second, the second and the third, … */
  counts: number[]
  /** ISO 8601: when the newest message of the channel was stored, whenever that was. */
  last?: string
}

/** One sender, or one type: how much of what was looked at. */
export interface Share {
  name: string
  messages: number
  /** Of content. */
  bytes: number
}

/** What the messages of a window are. */
export interface Makeup {
  channel: string
  /** In the window. */
  messages: number
  /** Of these, how many of the newest were looked at: all the rest is about them. */
  looked: number
  /** ISO 8601: the oldest that was looked at. */
  from?: string
  /** Of content. */
  bytes: number
  /** Everyone, the most messages first. */
  senders: Share[]
  types: Share[]
  /** The largest, by the ids of their roots, of more than one message. */
  threads: {thread: string; messages: number}[]
}

/** How far a consumer is behind. */
export interface Standing {
  kind: ConsumerKind
  name: string
  /** What it isn't done with: a reader's unread, what a group or a subscription has in hand or has not been given yet. */
  waiting: number
  /** ISO 8601: when the oldest of these was stored. */
  oldest?: string
}

/** What is still to be done in a channel. */
export interface Backlog {
  channel: string
  /** By kind and name. */
  consumers: Standing[]
  /** Messages in the hands of workers. */
  claimed: number
  /** Messages that wait for their next attempt with a group. */
  retrying: number
  deadLetters: number
  /** Delayed messages that are not due yet. */
  scheduled: number
}
