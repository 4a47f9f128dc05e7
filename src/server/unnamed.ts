/** The store as doors speak of it: where it lies is for who is on this machine. */
import type {Store} from '../bus/context.js'
import {LeatError} from '../model/errors.js'

/** What clients are told instead of a path. */
const NAME = 'the store'

/** The same store, but its errors don't say where it lies. */
export const unnamedStore = (store: Store): Store => ({...guarded(store, store.label), label: NAME})

/** A function that asks the store; its errors don't say where that lies. */
export const unnamedCall =
  <Given extends unknown[], Result>(
    label: string,
    call: (...given: Given) => Promise<Result>,
  ): ((...given: Given) => Promise<Result>) =>
  async (...given) => {
    try {
      return await call(...given)
    } catch (error) {
      throw unnamed(error, label)
    }
  }

/** Every function of an object, and of the objects in it. */
function guarded<T extends object>(target: T, label: string): T {
  const members = Object.entries(target).map(([name, member]: [string, unknown]) => {
    if (typeof member === 'function') return [name, unnamedCall(label, member.bind(target))]
    return [name, typeof member === 'object' && member !== null ? guarded(member, label) : member]
  })
  return Object.fromEntries(members)
}

function unnamed(error: unknown, label: string): unknown {
  // A word without a dot or a slash is nobody's secret, and may stand in any sentence.
  if (!(error instanceof LeatError) || !/[./\\]/.test(label)) return error
  const {code, message, hint, violations} = error
  if (!`${message}${hint}`.includes(label)) return error
  const without = (text: string): string => text.replaceAll(label, NAME)
  return new LeatError(code, without(message), {
    ...(hint !== undefined && {hint: without(hint)}),
    ...(violations && {violations}),
    cause: error,
  })
}
