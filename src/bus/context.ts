import type {Clock} from '../model/time.js'
import type {Store} from '../store/store.js'
import type {Schemas} from './schema.js'

export type {Store, StoreInfo} from '../store/store.js'

/** What the bus is made of: the store, who acts, and the sources of time and ids. */
export interface Foundation {
  store: Store
  /** The actor. */
  actor: string
  clock: Clock
  /** A new UUID v7. */
  ids: () => string
}

/** What every use case works with. */
export interface Context extends Foundation {
  /** Compiled schemas, kept as long as the bus. */
  schemas: Schemas
}
