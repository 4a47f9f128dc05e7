import {statSync} from 'node:fs'
import type {Checked, CheckOptions, Finding} from '../../../model/maintenance.js'
import {closeLooking} from '../close-looking.js'
import {APPLICATION_ID, Connection} from '../connection.js'
import {Epoch} from '../epoch.js'
import {isDamage, toLeatError} from '../errors.js'
import {SCHEMA_VERSION} from '../migrate.js'
import {openUnwritable} from '../unwritable.js'
import {checkChannels} from './check-channels.js'
import {checkCopies} from './check-copies.js'
import {checkMessages} from './check-messages.js'
import {checkNames} from './check-names.js'
import {checkSearch} from './check-search.js'
import {checkStructure, checkTables} from './check-structure.js'
import {checkWork} from './check-work.js'
import {damage, finding, type Part, type Patient, reasonOf} from './findings.js'

/** Milliseconds that SQLite waits where a file has to be locked for a moment. */
const PATIENCE = 10_000

/** What a check is made of, in its order. Each part is made whatever the others found. */
const PARTS: readonly Part[] = [
  checkTables,
  checkChannels,
  checkMessages,
  checkCopies,
  checkNames,
  checkWork,
  checkSearch,
]

/**
 * Looks for what is wrong with the file at a path, whatever it is, on a connection of its own. Each step reads one snapshot and
 * lets it go, so that the WAL can be checkpointed; SQLite's own check alone is one step.
 * @throws NOT_FOUND, BUSY, CONFLICT (it was restored meanwhile), STORAGE (it may not be read)
 */
export async function* check(
  place: Place,
  clock: () => number,
  options: CheckOptions = {},
): AsyncGenerator<Finding, Checked> {
  const checked: Checked = {
    store: place.label,
    deep: options.deep ?? false,
    channels: 0,
    messages: 0,
    damage: 0,
    warnings: 0,
    notes: 0,
  }
  const seen = {damage: 'damage', warning: 'warnings', note: 'notes'} as const
  try {
    for await (const found of lookAt(place, clock, options, checked)) {
      checked[seen[found.severity]]++
      yield found
    }
  } catch (error) {
    throw toLeatError(error, place.label)
  }
  return checked
}

/** Where a store is, and how it is named. */
export interface Place {
  path: string
  label: string
}

async function* lookAt(
  {path, label}: Place,
  clock: () => number,
  options: CheckOptions,
  checked: Checked,
): AsyncGenerator<Finding> {
  const wrong = whatItIs(path)
  if (wrong !== undefined) return yield damage('file', `${label}: ${wrong}`, undefined, ANOTHER)
  let connection: Connection | undefined
  try {
    connection = openUnwritable(path, label, PATIENCE) ?? new Connection(path, PATIENCE)
    connection.pragma('query_only = ON')
    yield* lookInto({connection, label, clock, options}, checked)
  } catch (error) {
    if (!isDamage(error)) throw error
    yield damage('file', `${label}: ${reasonOf(error)}`)
  } finally {
    if (connection) closeLooking(connection, path)
  }
}
const ANOTHER = 'name another file with --store, or put the store back: leat store restore BACKUP'

/** What isn't even a file with something in it. */
function whatItIs(path: string): string | undefined {
  const found = statSync(path)
  if (found.isDirectory()) return 'a folder, not a store'
  if (!found.isFile()) return 'not a regular file'
  return found.size === 0 ? 'an empty file, not a store' : undefined
}

async function* lookInto(patient: Patient, checked: Checked): AsyncGenerator<Finding> {
  const {connection, label} = patient
  const version = Number(connection.pragma('user_version'))
  if (Number(connection.pragma('application_id')) !== APPLICATION_ID)
    return yield damage('file', `${label}: a SQLite database, but not a leat store`, undefined, ANOTHER)
  yield* checkStructure(patient)
  if (version < 1) return yield damage('schema', `schema ${version} is none that leat ever wrote`)
  if (version > SCHEMA_VERSION)
    return yield damage(
      'schema',
      `made by a newer leat (schema ${version}, this one knows ${SCHEMA_VERSION}): nothing but the structure was checked`,
      undefined,
      'update leat, or put a backup of this version back: leat store restore BACKUP',
    )
  if (version < SCHEMA_VERSION)
    return yield finding(
      'note',
      'schema',
      `made by an older leat (schema ${version}, this one writes ${SCHEMA_VERSION}): nothing but the structure was checked`,
      {hint: 'leat store migrate'},
    )
  const epoch = new Epoch(connection, label)
  connection.onBegin(() => epoch.check())
  for (const part of PARTS) yield* guarded(part, patient)
  const counts = guardedCounts(connection)
  checked.channels = counts?.[0] ?? 0
  checked.messages = counts?.[1] ?? 0
}

/** A part that met damage in the file's structure says so; the others are made all the same. */
async function* guarded(part: Part, patient: Patient): AsyncGenerator<Finding> {
  try {
    yield* part(patient)
  } catch (error) {
    if (!isDamage(error)) throw error
    yield damage('structure', `something can't be read: ${reasonOf(error)}`)
  }
}

function guardedCounts(connection: Connection): number[] | undefined {
  try {
    return connection.row(COUNTS) as number[]
  } catch (error) {
    if (!isDamage(error)) throw error
    return undefined // said above
  }
}
const COUNTS = `
  SELECT (SELECT count(*) FROM channels WHERE deleted_at IS NULL), (SELECT coalesce(sum(message_count), 0) FROM counters)`
