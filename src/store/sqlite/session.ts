import {Conditions} from './conditions.js'
import type {Connection} from './connection.js'
import {Epoch} from './epoch.js'
import {type Holder, thisProcess} from './holder.js'
import {ACTOR_NAMES, CONVERSATION_NAMES, Names} from './names.js'
import type {OpenFile} from './open-file.js'
import {Turns} from './turns.js'

/** What every function of this engine works with: one open handle. */
export interface Session {
  connection: Connection
  /** How errors name the store. */
  label: string
  /** Absolute path of the database file. */
  path: string
  /** Which file it was when this handle was opened; undefined where the file system can't tell files apart. */
  file: OpenFile | undefined
  clock: () => number
  ids: () => string
  /** Actors, readers, groups. */
  names: Names
  conversations: Names
  conditions: Conditions
  /** Of what takes long. */
  turns: Turns
  /** Holds that this handle has: token → consumer. Closing the handle gives them up. */
  holds: Map<string, HeldReader>
  /** Tokens of claims that end with this handle, and the workers that joined through it. */
  claims: Set<string>
  workers: Set<string>
  /** Tokens of deliveries that this handle has in hand. */
  deliveries: Set<string>
  /** This process, as a holder. */
  self: () => Holder
  /** Of the store: by it a handle knows that the store was restored under it. */
  epoch: Epoch
}

export interface HeldReader {
  channel: string
  reader: string
}

export const openSession = (
  connection: Connection,
  {label, path, file, clock, ids}: Pick<Session, 'label' | 'path' | 'file' | 'clock' | 'ids'>,
): Session => {
  let self: Holder | undefined
  const epoch = new Epoch(connection, label, {bringsDue: true})
  connection.onBegin(() => epoch.check())
  return {
    connection,
    label,
    path,
    file,
    clock,
    ids,
    names: new Names(connection, ACTOR_NAMES),
    conversations: new Names(connection, CONVERSATION_NAMES),
    conditions: new Conditions(connection),
    turns: new Turns(),
    holds: new Map(),
    claims: new Set(),
    workers: new Set(),
    deliveries: new Set(),
    self: () => {
      self ??= thisProcess()
      return self
    },
    epoch,
  }
}
