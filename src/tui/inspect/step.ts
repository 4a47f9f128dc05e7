/** What can happen, and what is to be done about it. */
import type {MessageDetails} from '../../bus/show.js'
import type {ThreadNode} from '../../bus/thread.js'
import type {Seq} from '../../model/message.js'
import type {Key} from '../screen/keys.js'
import type {ChannelRow, LetterRow, MessageRow, Size, State} from './state.js'

/** What the rows that were found are. */
export interface Found {
  view: number
  load: number
  /** `all`: instead of what was there. `older`: in front of it. `newer`: behind it. */
  for: 'all' | 'older' | 'newer'
  /** By seq. */
  rows: readonly MessageRow[]
  /** Of `all`: whether nothing is in front, or behind. Of the others: whether nothing more is there in that direction. */
  atStart?: boolean
  atEnd?: boolean
  /** Up to where the channel was looked at: for live news. */
  looked?: Seq
  /** A long look goes on: how far it has come. */
  reached?: Seq
  /** Of `all`: the message to choose, or the next behind it; absent: the last. */
  choose?: Seq
}

export type Event =
  | {type: 'key'; key: Key}
  | {type: 'resized'; size: Size}
  /** Time went by. */
  | {type: 'ticked'; now: number}
  /** Something in the store is not as it was. */
  | {type: 'changed'}
  | {type: 'channels'; rows: readonly ChannelRow[]}
  | {type: 'found'; found: Found}
  | {type: 'cursor'; view: number; cursor: Seq}
  | {type: 'details'; view: number; details: MessageDetails; nodes: readonly ThreadNode[]}
  | {type: 'letters'; view: number; rows: readonly LetterRow[]; more: boolean}
  /** What was looked for by name is there. */
  | {type: 'resolved'; target: Target; isInstead: boolean}
  /** An act succeeded. `redacted`: the id of the message that lost its content. */
  | {type: 'done'; text: string; redacted?: string}
  | {type: 'failed'; text: string}
  /** A remark. */
  | {type: 'said'; text: string}

export type Target = {channel: string} | {message: string}

export type Effect =
  | {do: 'channels'}
  | {do: 'look'; view: number; load: number; channel: string; filter: string; from: LookFrom}
  | {do: 'cursor'; view: number; channel: string}
  | {do: 'details'; view: number; ref: string}
  | {do: 'letters'; view: number; channel?: string}
  | {do: 'neighbour'; channel: string; seq: Seq; side: 'earlier' | 'later'}
  | {do: 'go'; text: string}
  | {do: 'reply'; to: string; body: string}
  | {do: 'compose'; to: string}
  | {do: 'ack'; place: string}
  | {do: 'redrive'; letter: string}
  | {do: 'redact'; message: string}
  | {do: 'copy'; text: string}
  | {do: 'quit'}
  | {do: 'interrupt'}
  | {do: 'suspend'}

/** Where a look begins: at the newest, around a position, in front of a seq or behind one. */
export type LookFrom = 'newest' | {around: string} | {before: Seq} | {after: Seq}

export interface Step {
  state: State
  effects: readonly Effect[]
}

export const step = (state: State, ...effects: Effect[]): Step => ({state, effects})
