import type {Clock} from '../model/time.js'
import type {Store} from '../store/store.js'
import type {Schemas} from './schema.js'

export type {Store, StoreInfo} from '../store/store.js'

/** What the bus is made of: the store, who acts, and the sources of time and ids. */
export interface Foundation {
  store: Store
  /** The actor. */
  actor: string
  /**
   * The network door through which the actor came: `http`, `websocket` or `socket`. Absent: a command line or a program
   * on this machine, which may do what no door may: run commands, push to private addresses, set up who administers the store.
   */
  door?: string
  clock: Clock
  /** A new UUID v7. */
  ids: () => string
  /** The store as streams look at it, where there are many. Default: the store. */
  streams?: Store
}

/** What every use case works with. */
export interface Context extends Foundation {
  /** Compiled schemas, kept as long as the bus. */
  schemas: Schemas
}
