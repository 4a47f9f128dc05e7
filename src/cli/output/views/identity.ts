import type {View} from '../output.js'

/** Who acts on which store, and what says so. */
export interface IdentityRow {
  actor: string
  actorFrom: string
  reader: string
  /** Absent: it is the actor. */
  readerFrom?: string
  /** The context in force. */
  context?: string
  contextFrom?: string
  store: string
  storeFrom: string
  exists: boolean
}

export const identityView: View<IdentityRow> = {
  columns: [
    {head: 'ACTOR', plain: ({actor}) => actor, shown: ({actor, actorFrom}) => `${actor} (${actorFrom})`},
    {head: 'ACTOR FROM', plain: ({actorFrom}) => actorFrom, shown: () => ''},
    // Only where it isn't what one expects.
    {
      head: 'READER',
      plain: ({reader}) => reader,
      shown: ({reader, readerFrom}) => (readerFrom === undefined ? '' : `${reader} (${readerFrom})`),
    },
    {
      head: 'CONTEXT',
      plain: ({context}) => context ?? '',
      shown: ({context, contextFrom}) => (context === undefined ? '' : `${context} (${contextFrom})`),
    },
    {
      head: 'STORE',
      plain: ({store}) => store,
      shown: ({store, storeFrom, exists}) => `${store} (${storeFrom}${exists ? '' : ', not there yet'})`,
    },
    {head: 'STORE FROM', plain: ({storeFrom}) => storeFrom, shown: () => ''},
    {head: 'EXISTS', plain: ({exists}) => (exists ? 'yes' : 'no'), shown: () => ''},
  ],
}
