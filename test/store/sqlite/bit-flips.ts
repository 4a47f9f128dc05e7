/** Bits that flip in the bodies of messages: each has to be found. By hand: `npx tsx test/store/sqlite/bit-flips.ts 400`. */
import {randomInt, randomUUID} from 'node:crypto'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {closedStore, openStore} from '../../../src/store/open.js'

const OPTIONS = {clock: Date.now, ids: randomUUID}

/** Bytes that are looked for in the file: few enough to be on one page mostly. */
const PIECE = 24

/** Flips so many bits, one at a time. Returns those that a check didn't tell. */
export async function bitFlips(count: number): Promise<{flips: number; missed: string[]}> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-flips-'))
  try {
    const path = join(folder, 'store.db')
    const bodies = Array.from({length: 60}, (_, index) => text(40 + index * 150)) // the last are over several pages
    const store = await openStore(path, {...OPTIONS, create: true})
    await store.channels.create('ops', {}, 'alice')
    for (const body of bodies)
      await store.messages.append([
        {id: randomUUID(), channels: ['ops'], sender: 'alice', type: 'message', body, contentType: 'text/plain'},
      ])
    await store.close()
    const sound = readFileSync(path)
    const missed: string[] = []
    for (let flip = 0; flip < count; ) {
      const seq = 1 + randomInt(bodies.length)
      const body = bodies[seq - 1]!
      const from = randomInt(Math.max(1, body.length - PIECE))
      const piece = body.slice(from, from + PIECE)
      const bit = randomInt(PIECE * 8)
      const bytes = Buffer.from(sound)
      // Pages that were split keep what went to another one: only one of these is the message's.
      const places: number[] = []
      for (let at = sound.indexOf(piece); at >= 0; at = sound.indexOf(piece, at + 1)) places.push(at)
      if (places.length === 0) continue // it is on two pages
      for (const at of places) bytes[at + (bit >> 3)]! ^= 1 << (bit & 7)
      writeFileSync(path, bytes)
      if (!(await tells(path, `ops/${seq}`))) missed.push(`bit ${bit} behind byte ${places} of ops/${seq}`)
      flip++
    }
    return {flips: count, missed}
  } finally {
    rmSync(folder, {recursive: true})
  }
}

const text = (length: number): string => {
  let made = ''
  while (made.length < length) made += randomInt(2 ** 47).toString(36)
  return made.slice(0, length)
}

async function tells(path: string, place: string): Promise<boolean> {
  let told = false
  for await (const {severity, place: where} of (await closedStore(path, OPTIONS)).check({deep: true}))
    told ||= severity === 'damage' && where === place
  return told
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const {flips, missed} = await bitFlips(Number(process.argv[2] ?? 400))
  console.log(`${flips} bits flipped, ${missed.length} missed`)
  for (const one of missed) console.log(one)
  process.exit(missed.length > 0 ? 1 : 0)
}
