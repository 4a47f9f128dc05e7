import type {Scheduler} from 'fast-check'
import type {Store} from '../../../src/store/store.js'

/** The same store, each call of which waits until it is its turn: the steps of a use case are calls of the port. */
export function stepped(store: Store, scheduler: Scheduler): Store {
  const groups = Object.entries(store).map(([group, methods]) =>
    typeof methods !== 'object' || methods === null
      ? [group, methods]
      : [group, Object.fromEntries(Object.keys(methods).map((name) => [name, waiting(methods, name, scheduler)]))],
  )
  return {...store, ...Object.fromEntries(groups)}
}

type Method = (...given: unknown[]) => unknown

function waiting(methods: object, name: string, scheduler: Scheduler): Method {
  const method = (methods as Record<string, Method>)[name] as Method
  return async (...given) => {
    await scheduler.schedule(Promise.resolve(), name)
    return method.apply(methods, given)
  }
}
