import {LeatError} from '../../../model/errors.js'
import type {Restored} from '../../../model/maintenance.js'
import type {LongOptions, PreparedRestore} from '../../store.js'
import {toLeatError} from '../errors.js'
import {dropDraft} from './drafts.js'
import {isDamage} from './findings.js'
import {planAnew, restoreAnew} from './restore-anew.js'
import {planInPlace, restoreInPlace, type Target} from './restore-in-place.js'
import {prepareSource} from './restore-source.js'

export interface RestoreOptions extends LongOptions {
  /** The store's file can't be used: a new one takes its place. */
  anew: boolean
  /** Called when the store is another. */
  onRestored?: () => void
}

/** @throws NOT_FOUND, INVALID, STORAGE, CORRUPT, SCHEMA_NEWER as `Maintenance.prepareRestore` */
export async function prepareRestore(
  target: Target,
  file: string,
  {anew, onRestored = () => {}, ...long}: RestoreOptions,
): Promise<PreparedRestore> {
  const source = await inWords(target, () => prepareSource(file, target.path, {clock: target.clock, ...long}))
  const discard = async (): Promise<void> => dropDraft(source.draft)
  let isOver = false
  try {
    const {plan, isAnew} = await inWords(target, () => {
      try {
        if (!anew) return {plan: planInPlace(target, source), isAnew: false}
      } catch (error) {
        if (!isDamage(error)) throw error
      }
      return {plan: planAnew(target, source), isAnew: true}
    })
    return {
      plan,
      apply: async (options = {}): Promise<Restored> => {
        if (isOver)
          throw new LeatError('CONFLICT', `this restore of ${target.label} is over`, {hint: 'prepare it again'})
        isOver = true
        try {
          const done = await inWords(target, () =>
            isAnew ? restoreAnew(target, source) : restoreInPlace(target, source, {...options, ...long}),
          )
          onRestored()
          const {schemaVersion: _, ...rest} = plan
          return {...rest, ...done}
        } finally {
          await discard()
        }
      },
      discard: async () => {
        isOver = true
        await discard()
      },
    }
  } catch (error) {
    await discard()
    throw error
  }
}

async function inWords<T>({label}: Target, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toLeatError(error, label)
  }
}
