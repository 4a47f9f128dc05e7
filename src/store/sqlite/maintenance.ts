import type {Maintenance} from '../store.js'
import type {Session} from './session.js'
import type {Steps} from './steps.js'

/** How this engine is looked after. What it takes is loaded when it is first needed. */
export const maintenanceOf = (session: Session, {write, alone}: Steps, patience: number): Maintenance => {
  const {path, label, clock, ids} = session
  return {
    check: async function* (options) {
      return yield* (await rare()).check({path, label}, clock, options)
    },
    backup: async (file, options) => (await rare()).backup(path, file, options),
    prepareRestore: async (file, options) => {
      const {prepareRestore} = await rare()
      const onRestored = (): void => beginAnew(session)
      const prepared = await prepareRestore({path, label, clock, ids, patience}, file, {
        ...options,
        anew: false,
        onRestored,
      })
      // Whoever waits is woken, and told.
      return {
        ...prepared,
        apply: async (options) => {
          const restored = await prepared.apply(options)
          await write(() => {})
          return restored
        },
      }
    },
    compact: async (options) => {
      const {compact} = await rare()
      return alone(() => compact(session, options))
    },
  }
}

const rare = () => import('./maintenance/maintenance.js')

/** The handle that restored the store goes on in it: what it remembers of the store before is worth nothing. */
function beginAnew({names, conversations, holds, claims, workers, deliveries, epoch}: Session): void {
  names.forget()
  conversations.forget()
  for (const own of [holds, claims, workers, deliveries]) own.clear()
  epoch.renew()
}
