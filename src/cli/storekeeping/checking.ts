/** What `store check` does: finds, prints as it finds, and says how it went. */
import type {Bus} from '../../bus/bus.js'
import {LeatError} from '../../model/errors.js'
import type {Checked, CheckOptions, Finding} from '../../model/maintenance.js'
import type {Output} from '../output/output.js'
import {FINDING, summaryOf} from '../output/views/finding.js'
import {type ProgressLine, progressLine} from './progress.js'
import {type closedStoreOf, isUnusable, openIfUsable} from './reach.js'

type ClosedStore = Awaited<ReturnType<typeof closedStoreOf>>
type Check = AsyncGenerator<Finding, Checked>

/**
 * A check of a store, or of what stands in its place. Only who administers the store may check one that can be opened; one that
 * can't is a file like another.
 * @throws NOT_FOUND, FORBIDDEN, BUSY, CONFLICT
 */
export async function* checkOf(closed: ClosedStore, open: () => Promise<Bus>, options: CheckOptions): Check {
  const bus = (await isOfToday(closed)) ? await openIfUsable(open) : undefined
  if (!bus) return yield* closed.check(options)
  try {
    return yield* bus.check(options)
  } catch (error) {
    // Whether the actor may check can't be read from a damaged store.
    if (!isUnusable(error)) throw error
    return yield* closed.check(options)
  }
}

/** One of another version is looked at as it is: opening it would bring it up to date. */
async function isOfToday(closed: ClosedStore): Promise<boolean> {
  const schema = await schemaOf(closed)
  return schema !== undefined && schema.version === schema.newest
}

async function schemaOf(closed: ClosedStore) {
  try {
    return await closed.schema()
  } catch (error) {
    if (isUnusable(error)) return undefined
    throw error
  }
}

/** Prints what is found, one by one. Returns what was looked at. */
export async function printCheck(
  out: Output,
  makeCheck: (options: CheckOptions) => Check,
  deep: boolean,
): Promise<Checked> {
  const line = progressLine(out)
  const check = makeCheck({deep, onProgress: line.show})
  let checked: Checked | undefined
  const findings = async function* (): AsyncGenerator<Finding> {
    checked = yield* check
    line.clear()
  }
  await out.each(cleared(findings(), line), FINDING)
  if (!checked) throw new LeatError('INTERNAL', 'a check ended without an end')
  if (out.json) {
    out.write(`${JSON.stringify({summary: checked})}\n`)
    out.flush()
  } else if (checked.damage === 0) out.note(summaryOf(checked))
  return checked
}

async function* cleared(findings: AsyncGenerator<Finding>, line: ProgressLine): AsyncGenerator<Finding> {
  for await (const finding of findings) {
    line.clear()
    yield finding
  }
}

/** @throws CORRUPT, SCHEMA_NEWER (which a backup that is put in its place would not mend) */
export async function refuseDamage(checked: Checked, closed: ClosedStore): Promise<void> {
  if (checked.damage === 0) return
  const schema = await schemaOf(closed)
  if (schema && schema.version > schema.newest)
    throw new LeatError(
      'SCHEMA_NEWER',
      `${checked.store} was made by a newer leat (schema ${schema.version}, this one knows ${schema.newest})`,
      {hint: 'update leat'},
    )
  throw new LeatError('CORRUPT', summaryOf(checked), {hint: 'leat store restore BACKUP puts a backup in its place'})
}
