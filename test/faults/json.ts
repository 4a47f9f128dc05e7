/**
 * JSON of every kind at every door: what is JSON is taken and comes back token by token, what isn't is refused with a
 * clean error and stores nothing, and whoever was asked goes on.
 */
import assert from 'node:assert/strict'
import {join} from 'node:path'
import type {Figures} from './figures.js'
import {type JsonCase, jsonCases} from './json/cases.js'
import {type Door, doorsOf, type Verdict} from './json/doors.js'
import {inRoom, type Room} from './text/room.js'
import {sampleOf} from './text/sample.js'

/** What a refusal may be called. */
const REFUSALS: readonly Verdict[] = ['INVALID', 'TOO_LARGE', 'USAGE']

export interface JsonOptions {
  /** Cases at most, drawn by `seed`; default all. */
  cases?: number
  seed?: number
}

export const jsonTexts = ({cases: most, seed = 1}: JsonOptions = {}): Promise<Figures> =>
  inRoom(async (room) => {
    const server = await room.serve('--no-deliver')
    const cases = sampleOf(jsonCases(), most, seed)
    const doors = doorsOf(room, server, new Date().toISOString())
    let [asked, whole] = [0, 0]
    for (const door of doors) {
      await done(room, 'channel', 'create', door.name)
      const fitting = cases.filter(({bytes}) => !door.inLines || !bytes.includes('\n'))
      asked += fitting.length
      await expectContents(room, door, fitting)
      whole += await expectRefused(room, door, fitting)
    }
    assert.equal(await server.stop(), 0)
    assert.doesNotMatch(server.stderr, /bug|Error/)
    await done(room, 'store', 'check', '--deep')
    await expectCopies(room, doors)
    return {
      cases: cases.length,
      doors: doors.length,
      asContent: asked,
      asAllThatIsSaid: whole,
      otherVerdicts: 0,
      changedTokens: 0,
      crashes: 0,
    }
  })

/** One table of verdicts for every door; what is stored is what was given. */
async function expectContents(room: Room, door: Door, cases: readonly JsonCase[]): Promise<void> {
  const verdicts = await door.contents(cases)
  for (const [at, {name, taken}] of cases.entries()) {
    const verdict = verdicts[at] as Verdict
    const fits = taken ? verdict === 'stored' : REFUSALS.includes(verdict)
    assert.ok(fits, `${door.name}: ${name} is ${taken ? 'taken' : 'refused'} elsewhere, here it is ${verdict}`)
  }
  const wanted = cases.filter(({taken}) => taken)
  await expectStored(room, door, wanted)
}

async function expectStored(room: Room, {name, exact}: Door, wanted: readonly JsonCase[]): Promise<void> {
  const texts = wanted.map(({bytes}) => (exact ? `${bytes}` : trimmed(`${bytes}`)))
  const log = async (...words: string[]): Promise<string> =>
    `${(await done(room, 'log', name, '--all', ...words)).stdout}`
  const raw = (await log('--raw', '-0')).split('\0').slice(0, -1)
  const names = (await log('--format', '{correlationId}')).split('\n').slice(0, -1)
  const lines = (await log('--json')).split('\n').slice(0, -1)
  assert.deepEqual(
    names,
    wanted.map((one) => one.name),
    `stored by ${name}`,
  )
  for (const [at, text] of texts.entries()) {
    const what = `${name}: ${wanted[at]?.name}`
    assert.equal(raw[at], text, what)
    assert.ok(lines[at]?.includes(`"content":${withoutSpace(text)},"contentType":"application/`), what)
  }
}

/** None of them is a message, a line of an export, or a request. How many were tried. */
async function expectRefused(room: Room, door: Door, cases: readonly JsonCase[]): Promise<number> {
  if (!door.whole) return 0
  const count = async (): Promise<string> => `${(await done(room, 'channel', 'show', door.name, '--json')).stdout}`
  const before = await count()
  const verdicts = await door.whole(cases)
  for (const [at, {name, bytes}] of cases.entries()) {
    const verdict = verdicts[at] as Verdict
    const isNothing = /^\s*$/.test(`${bytes}`) && verdict === 'silence'
    assert.ok(isNothing || REFUSALS.includes(verdict), `${door.name}, all that is said: ${name} is ${verdict}`)
  }
  assert.equal(await count(), before, `${door.name} stored what it refused`)
  return cases.length
}

/** An export, imported into another store, and a log that is sent again, have the same tokens. */
async function expectCopies(room: Room, doors: readonly Door[]): Promise<void> {
  const other = ['--store', join(room.folder, 'other.db')]
  await done(room, 'export', '--all', '--output', 'all.jsonl')
  await done(room, 'import', 'all.jsonl', ...other)
  const raw = async (channel: string, ...where: string[]): Promise<Buffer> =>
    (await done(room, 'log', channel, '--all', '--raw', '-0', ...where)).stdout
  for (const {name} of doors) assert.ok((await raw(name)).equals(await raw(name, ...other)), `${name} was exported`)
  const {stdout: log} = await done(room, 'log', 'http', '--all', '--json')
  const sent = await room.leat(['send', 'again', '--create', '--jsonl'], {stdin: log})
  assert.equal(sent.code, 0, sent.stderr)
  const texts = (bytes: Buffer): string[] => `${bytes}`.split('\0').map(withoutSpace)
  assert.deepEqual(texts(await raw('again')), texts(await raw('http')))
}

async function done(room: Room, ...words: string[]): Promise<{stdout: Buffer}> {
  const result = await room.leat(words)
  assert.equal(result.code, 0, `leat ${words.join(' ')}: ${result.stderr}`)
  return result
}

const trimmed = (json: string): string => json.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')

/** The tokens of JSON, by an expression of its own. */
const withoutSpace = (json: string): string =>
  json.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, (_, string: string | undefined) => string ?? '')
