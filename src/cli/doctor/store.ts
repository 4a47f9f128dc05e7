/** The store itself, and the clock that its times are of. */
import type {Vitals} from '../../model/maintenance.js'
import {sizeText} from '../output/size.js'
import {bad, type Diagnosis, ok, warn} from './diagnosis.js'

export interface StoreFacts {
  /** Its path. */
  store: string
  /** Absent: nothing is there. */
  vitals?: Vitals
  /** Why it can't be looked into. */
  error?: {message: string; hint?: string | undefined}
  now: number
}

/** Bytes of a log that nobody empties: a reader keeps it, or the disk is slow. */
const LARGE_LOG = 256 * 1024 * 1024

/** Milliseconds. */
const MINUTE = 60_000
const LONG_AGO = 365 * 24 * 60 * MINUTE

export function aboutStore({store, vitals, error, now}: StoreFacts): Diagnosis[] {
  if (error) return [bad('store', error.message, error.hint ?? 'leat store check says more')]
  if (!vitals) return [ok('store', `${store} is not there yet`)]
  if (!vitals.isStore)
    return [bad('store', `${store} is a database of another program`, 'name another file with --store')]
  return [...aboutSchema(store, vitals), ...aboutHealth(store, vitals), ...aboutClock(vitals, now)]
}

function aboutSchema(store: string, {version, newestVersion}: Vitals): Diagnosis[] {
  if (version > newestVersion)
    return [
      bad(
        'store',
        `${store} was made by a newer leat (schema ${version}, this one knows ${newestVersion})`,
        'update leat',
      ),
    ]
  return version < newestVersion
    ? [
        warn(
          'store',
          `${store} has schema ${version}: the next command makes it ${newestVersion}`,
          'leat store migrate --backup FILE',
        ),
      ]
    : []
}

function aboutHealth(
  store: string,
  {damage, isChecked, isReadonly, isLocked, journal, bytes, logBytes}: Vitals,
): Diagnosis[] {
  if (damage !== undefined)
    return [bad('store', `${store} is damaged: ${damage}`, 'leat store check, then leat store restore BACKUP')]
  const found: Diagnosis[] = []
  if (isReadonly)
    found.push(warn('store', `${store} can only be read by this user`, 'allow writing to the file and its folder'))
  if (isLocked)
    found.push(
      warn('store', `another process has been writing to ${store} for 2 s or more`, 'wait for it; fuser names it'),
    )
  if (!isReadonly && journal !== 'wal')
    found.push(
      warn(
        'store',
        `${store} is in journal mode ${journal}: readers and writers wait for each other`,
        `sqlite3 ${store} 'PRAGMA journal_mode = WAL'`,
      ),
    )
  if (logBytes > LARGE_LOG)
    found.push(
      warn(
        'store',
        `its log has ${sizeText(logBytes)}: somebody reads for long`,
        'leat store compact, when nobody does',
      ),
    )
  if (found.length > 0) return found
  const looked = isChecked ? 'its structure is sound' : 'too large to be checked here: leat store check'
  return [ok('store', `${store}: ${sizeText(bytes)}, ${looked}`)]
}

function aboutClock({newestTime}: Vitals, now: number): Diagnosis[] {
  const clock = new Date(now).toISOString()
  if (newestTime > now + MINUTE)
    return [
      warn(
        'clock',
        `it is ${clock}, but the newest message is of ${new Date(newestTime).toISOString()}`,
        'set the clock; leases and delays go by it',
      ),
    ]
  if (newestTime > 0 && now - newestTime > LONG_AGO)
    return [
      warn(
        'clock',
        `it is ${clock}, more than a year past the newest message`,
        'if that is wrong, set the clock: what expires would be deleted',
      ),
    ]
  return [ok('clock', clock)]
}
