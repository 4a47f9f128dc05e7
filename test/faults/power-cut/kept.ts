/** Files that were said to have so many messages, and what is left of them. */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {openBus} from '../../../src/index.js'
import {soundness} from './sound.js'

/** Messages, or why there are none. */
type Having = number | 'none' | 'damaged'

export class Kept {
  /** Before it was begun with, and what it is to have then; the same when that is done. */
  readonly #files = new Map<string, {before: Having; after: Having}>()

  note(text: string): void {
    const {file, from, messages} = JSON.parse(text)
    if (from === undefined) this.#files.set(file, {before: messages, after: messages})
    else this.#files.set(file, {before: this.#files.get(file)?.after ?? 'none', after: from})
  }

  /** How many files have something that was acknowledged. */
  get count(): number {
    return [...this.#files.values()].filter(({before}) => before !== 'none').length
  }

  /** @param place where a file of then is now @throws one of them is neither as it was nor as it was to be */
  async compare(place: (path: string) => string): Promise<void> {
    for (const [path, {before, after}] of this.#files) {
      const found = await havingOf(place(path))
      // Lines of a send are stored in one transaction or in several.
      const isBetween = path.endsWith('store.db') && before < found && found < after
      assert.ok(found === before || found === after || isBetween, `${path}: ${found}, not ${before} or ${after}`)
      await this.#compareAside(dirname(place(path)))
    }
  }

  /** What a restore put aside is a store too, unless it was damaged. */
  async #compareAside(folder: string): Promise<void> {
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder).filter((name) => /\.before-restore-[^.]*Z$/.test(name)))
      assert.notEqual(await havingOf(join(folder, name)), 'damaged', `${name} is damaged`)
  }
}

async function havingOf(file: string): Promise<Having> {
  if (!existsSync(file)) return 'none'
  if (file.endsWith('.jsonl')) return linesOf(readFileSync(file, 'utf8'))
  try {
    const bus = await openBus({store: file, as: 'alice'})
    try {
      await soundness(bus)
      // The channel is made behind the store.
      return (await bus.channels()).find(({name}) => name === 'ops')?.messages ?? 0
    } finally {
      await bus.close()
    }
  } catch {
    return 'damaged'
  }
}

/** Messages of an export that is whole: its last line says how many there are. */
function linesOf(text: string): Having {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1).filter((line) => 'seq' in JSON.parse(line)).length : 'damaged'
}
