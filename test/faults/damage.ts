/** Bits that flip in a store's file, and files that end too early. */
import assert from 'node:assert/strict'
import {randomInt} from 'node:crypto'
import {readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Bus, openBus} from '../../src/index.js'
import {LeatError} from '../../src/model/errors.js'
import {bitFlips} from '../store/sqlite/bit-flips.js'
import {findingsOf, inFolder} from './folder.js'
import {each, leat} from './program.js'
import {tablesOf} from './stores.js'

const PAGE = 4096

/** Bits of messages' bodies: a check finds each, and names the message. */
export async function flipsInBodies(count: number) {
  const {flips, missed} = await bitFlips(count)
  assert.deepEqual(missed, [])
  return {flips, missed: 0}
}

/** A closed store with messages of all sizes, and what they say. */
async function filled(folder: string): Promise<{store: string; bodies: string[]}> {
  const store = join(folder, 'sound.db')
  const bodies = Array.from({length: 60}, (_, at) => `${at} `.padEnd(20 + at * 120, 'abcdefgh'))
  const bus = await openBus({store, as: 'alice', create: true})
  await bus.createChannel('ops')
  for (const body of bodies) await bus.send('ops', {body, headers: {some: 'thing'}})
  await bus.close()
  return {store, bodies}
}

/**
 * Any bit of the file. Whoever uses the store gets an error of leat or an answer; what a check doesn't tell of has altered
 * no body.
 * @returns `told` by the check; of the others `unused`, where nothing is stored, and `unchecked`: names, types and times
 *   have no checksum
 */
export const flipsAnywhere = (count: number) =>
  inFolder(async (folder) => {
    const {store, bodies} = await filled(folder)
    const sound = readFileSync(store)
    const rows = JSON.stringify(tablesOf(store))
    const flipped = join(folder, 'flipped.db')
    const figures = {flips: count, told: 0, unused: 0, unchecked: 0, refusedToOpen: 0}
    for (let flip = 0; flip < count; flip++) {
      const at = randomInt(sound.length)
      const bytes = Buffer.from(sound)
      bytes[at]! ^= 1 << randomInt(8)
      writeFileSync(flipped, bytes)
      const found = (await findingsOf(flipped)).filter(({severity}) => severity !== 'note')
      const read = await bodiesOf(flipped)
      if (read === undefined) figures.refusedToOpen++
      if (found.length > 0) figures.told++
      else {
        assert.deepEqual(read, bodies, `byte ${at}: a body was altered, and nobody tells`)
        if (JSON.stringify(tablesOf(flipped)) === rows) figures.unused++
        else figures.unchecked++
      }
    }
    return figures
  })

/** What is read, or undefined for an error of leat. @throws whatever else comes */
async function bodiesOf(store: string): Promise<unknown[] | undefined> {
  let bus: Bus | undefined
  try {
    bus = await openBus({store, as: 'alice'})
    const bodies = []
    for await (const {content} of bus.log(['ops'], {limit: 1000})) bodies.push(content)
    return bodies
  } catch (error) {
    if (error instanceof LeatError && error.code !== 'INTERNAL') return undefined
    throw error
  } finally {
    await bus?.close()
  }
}

/** What meets a file that was cut. None of it may wait for anything. */
const LINES = [
  'send ops hi',
  'read ops',
  'list',
  'follow ops',
  'work ops -- cat',
  'store check',
  'store check --deep',
  'store info',
]

/**
 * A store that ends at a page boundary: exit 9 and one line, at every one. Each command is a process of its own at a few of the
 * boundaries; at all of them a shell runs one after the other, and each opens the store anew as long as none could.
 * @param every so many pages is a boundary @param apart at so many of those, spread over the file, commands are processes
 */
export const cutAtPages = (every: number, apart: number) =>
  inFolder(async (home) => {
    const {store} = await filled(home)
    const bytes = readFileSync(store)
    const pages = bytes.length / PAGE
    const kept = Array.from({length: Math.ceil(pages / every)}, (_, at) => at * every)
    const figures = {pages, boundaries: kept.length, commands: LINES.length, inAShell: 0, apart: 0, longestMs: 0}
    const step = Math.ceil(kept.length / apart)
    await each(kept.entries(), 2, async ([nth, count]) => {
      const cut = join(home, `cut-${count}.db`)
      writeFileSync(cut, bytes.subarray(0, count * PAGE))
      const meet = async (lines: readonly string[], words: readonly string[], stdin?: string): Promise<void> => {
        const {code, stdout, stderr, ms} = await leat({home, store: cut, ...(stdin && {stdin})}, ...words)
        const what = `${lines}, ${count} pages`
        assert.equal(code, 9, `${what}: ${stderr}`)
        assert.match(stderr, new RegExp(`^(leat: [^\\n]+\\n){${lines.length}}$`), what)
        // A check tells what it finds: the one thing that is wrong.
        if (!lines.some((line) => line.startsWith('store check'))) assert.equal(stdout, '', what)
        assert.equal(statSync(cut).size, count * PAGE, `${what}: the file was changed`)
        figures.longestMs = Math.max(figures.longestMs, Math.round(ms / lines.length))
      }
      await meet(LINES, ['shell', '--keep-going'], LINES.map((line) => `${line}\n`).join(''))
      figures.inAShell += LINES.length
      if (nth % step > 0) return
      for (const line of LINES) await meet([line], line.split(' '))
      figures.apart += LINES.length
    })
    return figures
  })
