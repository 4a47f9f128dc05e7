/** The ways in which a method of the port runs: each body is one step, with no `await` inside. */
import {setTimeout as pause} from 'node:timers/promises'
import type {Breath} from './breath.js'
import {isBusy, toLeatError} from './errors.js'
import {closed, Gathering, RETRY} from './gathering.js'
import {isDue, storeDueBeforeRead} from './scheduled.js'
import type {Session} from './session.js'
import type {Waking} from './waking.js'

export interface Steps {
  /** Nothing around it. */
  step<T>(work: () => T): Promise<T>
  /** One transaction, which it may share with others that come at the same time. Afterwards whoever waits is woken. */
  write<T>(work: () => T): Promise<T>
  /** The same, of which nobody has to hear. */
  note<T>(work: () => T): Promise<T>
  /** What makes its own transactions, and settings around them, behind the writes before it. Afterwards whoever waits is woken. */
  alone<T>(work: () => T): Promise<T>
  /** A look that may have to write: it makes its own transactions, behind what fell due. */
  give<T>(work: () => T): Promise<T>
  /** A read for which what fell due is stored first. */
  look<T>(work: () => T): Promise<T>
  /** Before the handle is closed: no write waits any more. */
  end(): void
}

export function stepsOf(
  session: Session,
  waking: Waking,
  {patience, breath}: {patience: number; breath: Breath},
): Steps {
  const step = <T>(work: () => T, isChecked?: boolean): Promise<T> =>
    breath.isDue
      ? breath.take().then(() => patiently(session, patience, work, isChecked))
      : patiently(session, patience, work, isChecked)
  const gathering = new Gathering(session, patience, () => waking.wrote())
  return {
    step,
    write: (work) => gathering.write(work, {isNews: true}),
    note: (work) => gathering.write(work, {isNews: false}),
    alone: (work) => gathering.write(work, {isNews: true, isAlone: true}),
    end: () => gathering.end(),
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
        // The transaction begins with a check of the epoch: what is due is known as of it.
        const found = session.connection.read(() =>
          isDue(session, session.epoch.nextDue) ? undefined : {result: work()},
        )
        if (found) return found.result
        storeDueBeforeRead(session)
        waking.wrote()
        return session.connection.read(work)
      }, true),
  }
}

/**
 * Runs one step. SQLite itself waits only a moment for another writer, so that a long-lived process isn't blocked;
 * after that the step is tried again until the patience is over (law 11). A step that found the store busy did nothing.
 * @param isChecked the work itself sees to it that what it gives is of this epoch: a check of it begins each transaction
 */
async function patiently<T>(session: Session, patience: number, work: () => T, isChecked = false): Promise<T> {
  const {connection, label, file, epoch} = session
  if (!connection.isOpen) throw closed(label)
  const deadline = performance.now() + patience
  for (let delay: number = RETRY[0]; ; delay = Math.min(delay * 1.5, RETRY[1])) {
    try {
      file?.checkNowAndThen()
      const result = work()
      if (!isChecked) epoch.checkAfterwards()
      return result
    } catch (error) {
      // What went wrong may have gone wrong because the store was restored meanwhile.
      if (!isBusy(error)) epoch.checkAfterwards()
      if (!isBusy(error) || performance.now() >= deadline) throw toLeatError(error, label)
      await pause(delay * (0.5 + Math.random()))
    }
  }
}
