import type {Connection} from './connection.js'
import {ACTOR_NAMES, CONVERSATION_NAMES, Names} from './names.js'

/** What every function of this engine works with: one open handle. */
export interface Session {
  connection: Connection
  /** How errors name the store. */
  label: string
  /** Absolute path of the database file. */
  path: string
  clock: () => number
  ids: () => string
  /** Actors, readers, groups. */
  names: Names
  conversations: Names
  /** Holds that this handle has: token → consumer. Closing the handle gives them up. */
  holds: Map<string, HeldReader>
}

export interface HeldReader {
  channel: string
  reader: string
}

export const openSession = (
  connection: Connection,
  {label, path, clock, ids}: Pick<Session, 'label' | 'path' | 'clock' | 'ids'>,
): Session => ({
  connection,
  label,
  path,
  clock,
  ids,
  names: new Names(connection, ACTOR_NAMES),
  conversations: new Names(connection, CONVERSATION_NAMES),
  holds: new Map(),
})
