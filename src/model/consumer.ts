import type {Message, Seq} from './message.js'

export type ConsumerKind = 'reader' | 'workers' | 'push'

/** A named position in a channel. */
export interface ConsumerKey {
  channel: string
  kind: ConsumerKind
  name: string
}

export interface Consumer extends ConsumerKey {
  /** The seq of the last message taken and finished; 0 before the first. Of a group: of the last that it was given. */
  cursor: Seq
  /** ISO 8601. */
  createdAt: string
  /** When the cursor last moved. */
  movedAt: string
  /** Someone is being handed messages now. */
  held?: {
    /** Who, as far as the engine knows: a process. */
    holder: string
    /** ISO 8601: when the lease ends if it isn't extended. */
    until: string
    /** The seqs handed over. */
    from: Seq
    to: Seq
  }
  /** Of a group: the workers that are there now. */
  workers?: Worker[]
}

/** A worker of a group, as far as the engine knows: a process. */
export interface Worker {
  actor: string
  holder: string
  /** ISO 8601. */
  since: string
}

/** A reader's messages while they are handed over. */
export interface Batch {
  /** Names the hold in `commit`, `extend` and `release`. */
  hold: string
  messages: Message[]
  /** The cursor before. */
  after: Seq
  /** How far the batch looked: committing it finishes everything up to here, what was passed over too. */
  upTo: Seq
  /** Nothing more was there for this reader. */
  end: boolean
  /** The reader didn't exist before. */
  created: boolean
  /** How many seqs between the cursor and the first stored message were pruned. */
  pruned: number
}

/** What moving a cursor by hand does: how many stored messages will come again, or are skipped. */
export interface Move {
  channel: string
  reader: string
  from: Seq
  to: Seq
  again: number
  skipped: number
}
