/** The ways in which a method of the port runs: each body is one step, with no `await` inside. */
import {setTimeout as pause} from 'node:timers/promises'
import {LeatError} from '../../model/errors.js'
import {isBusy, toLeatError} from './errors.js'
import {isDue, storeDueBeforeRead} from './scheduled.js'
import type {Session} from './session.js'
import type {Waking} from './waking.js'

export interface Steps {
  /** Nothing around it. */
  step<T>(work: () => T): Promise<T>
  /** Afterwards whoever waits is woken. */
  write<T>(work: () => T): Promise<T>
  /** A look that may have to write: it makes its own transactions, behind what fell due. */
  give<T>(work: () => T): Promise<T>
  /** A read for which what fell due is stored first. */
  look<T>(work: () => T): Promise<T>
}

export function stepsOf(session: Session, waking: Waking, patience: number): Steps {
  const step = <T>(work: () => T): Promise<T> => patiently(session, patience, work)
  return {
    step,
    write: async (work) => {
      const result = await step(work)
      waking.wrote()
      return result
    },
    give: (work) =>
      step(() => {
        if (isDue(session)) {
          storeDueBeforeRead(session)
          waking.wrote()
        }
        return work()
      }),
    look: (work) =>
      step(() => {
        const found = session.connection.read(() => (isDue(session) ? undefined : {result: work()}))
        if (found) return found.result
        storeDueBeforeRead(session)
        waking.wrote()
        return work()
      }),
  }
}

/** Milliseconds between two tries while another process writes: from, up to. */
const RETRY = [5, 50] as const

/**
 * Runs one step. SQLite itself waits only a moment for another writer, so that a long-lived process isn't blocked;
 * after that the step is tried again until the patience is over (law 11). A step that found the store busy did nothing.
 */
async function patiently<T>(session: Session, patience: number, work: () => T): Promise<T> {
  const {connection, label, file, epoch} = session
  if (!connection.isOpen) throw new LeatError('STORAGE', `${label} was closed`)
  const deadline = performance.now() + patience
  for (let delay: number = RETRY[0]; ; delay = Math.min(delay * 1.5, RETRY[1])) {
    try {
      file?.checkNowAndThen()
      const result = work()
      epoch.checkAfterwards()
      return result
    } catch (error) {
      // What went wrong may have gone wrong because the store was restored meanwhile.
      if (!isBusy(error)) epoch.checkAfterwards()
      if (!isBusy(error) || performance.now() >= deadline) throw toLeatError(error, label)
      await pause(delay * (0.5 + Math.random()))
    }
  }
}
