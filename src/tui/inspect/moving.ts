/** Moving through a list. */
import type {Command} from './bindings.js'
import {layoutOf} from './layout.js'
import type {Choice, State, View} from './state.js'

/** A choice that is in the list, and shown. */
export function settled<T extends Choice>(view: T, length: number, height: number): T {
  const at = Math.max(0, Math.min(view.at, length - 1))
  const top = Math.max(0, Math.min(Math.max(Math.min(view.top, at), at - height + 1), length - height))
  return {...view, at, top}
}

/** Where a command leads in a list; undefined for one that doesn't move. */
export function destination(command: Command, at: number, length: number, height: number): number | undefined {
  const page = Math.max(1, height - 1)
  switch (command) {
    case 'up':
      return at - 1
    case 'down':
      return at + 1
    case 'page-up':
      return at - page
    case 'page-down':
      return at + page
    case 'first':
      return 0
    case 'last':
      return length - 1
    default:
      return undefined
  }
}

export const heightOf = (state: State, view: View): number => layoutOf(state.size, view.kind).body

/** The view with its choice where it can be. */
export const settledView = <T extends View>(state: State, view: T): T =>
  settled(view, view.rows.length, heightOf(state, view))
