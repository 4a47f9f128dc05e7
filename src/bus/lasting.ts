import {setTimeout as pause} from 'node:timers/promises'
import {isPassing, type LeatError} from '../model/errors.js'
import type {Store} from '../store/store.js'

/** Milliseconds between two tries. */
const AGAIN = 1_000

export interface LastingOptions {
  /** No more tries from then on. */
  signal?: AbortSignal
  /** Told, once each time, why it waits. */
  onWaiting?: (reason: LeatError) => void
}

/**
 * The same store for who lives long: what can't be done just now for a reason that passes (the disk is full) is tried again
 * until it can be. What failed so did nothing.
 */
export function lasting(store: Store, options: LastingOptions): Store {
  const waiting = {told: false}
  const groups = new Map<unknown, object>()
  return new Proxy(store, {
    get: (target, name) => {
      const found = Reflect.get(target, name)
      if (typeof found === 'function') return found.bind(target)
      if (typeof found !== 'object' || found === null) return found
      const known = groups.get(found) ?? lastingGroup(found, options, waiting)
      groups.set(found, known)
      return known
    },
  })
}

const lastingGroup = (group: object, options: LastingOptions, waiting: {told: boolean}): object =>
  new Proxy(group, {
    get: (target, name) => {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...parameters: unknown[]) => {
        const call = (): unknown => method.apply(target, parameters)
        const result = call()
        return result instanceof Promise ? outlast(result, call, options, waiting) : result
      }
    },
  })

async function outlast<T>(
  first: Promise<T>,
  again: () => unknown,
  {signal, onWaiting}: LastingOptions,
  waiting: {told: boolean},
): Promise<T> {
  for (let attempt = first; ; attempt = again() as Promise<T>)
    try {
      const result = await attempt
      waiting.told = false
      return result
    } catch (error) {
      if (!isPassing(error) || signal?.aborted) throw error
      if (!waiting.told) onWaiting?.(error)
      waiting.told = true
      // It rejects when it is called off, which the next try is told.
      await pause(AGAIN, undefined, {signal}).catch(() => {})
    }
}
