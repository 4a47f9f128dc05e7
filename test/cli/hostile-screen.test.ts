/** What others wrote, on every screen that shows it: nothing that a terminal obeys, on any terminal, and soon. */
import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {type World, world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** Of a progress that is written over. */
const OWN = /\r\x1b\[K|\r/g

const NASTY = 'needle \x1b[31mred\x1b]0;title\x07\x9b2J\u202e\u2066\u2028\r\nx'

const CONTENTS: Record<string, unknown>[] = [
  {content: NASTY},
  {content: {[NASTY]: NASTY, level: 'error'}},
  {content: `needle ${'é'.repeat(100_000)}`},
  {content: `needle${'a\u0301\u0302'.repeat(30_000)}`},
  {content: `needle ${'👩‍👩‍👧‍👦'.repeat(10_000)}`},
  {content: `needle${' '.repeat(300_000)}x`},
  {content: 'needle\n'.repeat(30_000)},
  {content: Array.from({length: 20_000}, (_, at) => ({at, text: 'ü'}))},
  {content: {text: 'ü'.repeat(200_000)}},
  {content: `${'['.repeat(60)}"needle"${']'.repeat(60)}`, contentType: 'application/json'},
  {
    contentBase64: Buffer.from('needle\0\x1b[31m\xff', 'latin1').toString('base64'),
    headers: {filename: 'needle\u202egnp.exe'},
  },
]

/** Wrapped or cut to the width by leat itself, where it is one that columns fit into. */
const FITTING = /^(log|inbox|read|search|thread|stats)/

async function nastyStore(): Promise<World> {
  const at = world()
  const {leat} = at
  await leat`channel create ops`
  await leat`channel update ops --description ${NASTY}`
  await leat`subscribe ops --as bob --from start`
  const lines = CONTENTS.map((fields) => JSON.stringify(fields)).join('\n')
  expect((await leat({stdin: lines})`send ops --jsonl`).stdout).toBe(`${CONTENTS.length}\n`)
  await leat`reply ops/1 ${NASTY}`
  return at
}

const SCREENS = [
  'list',
  'status',
  'log ops',
  'log',
  'inbox --as bob',
  'read ops --peek --all --as carol',
  'search needle',
  'search needle --sort relevance',
  'thread ops/1',
  'show ops/1',
  'show ops/2',
  'show ops/3',
  'show ops/5',
  'show ops/7',
  'show ops/8',
  'show ops/9',
  'show ops/11',
  'stats',
  'stats ops',
  'channel show ops',
  'store check',
  'doctor',
  'config list',
  'export ops --format md',
  'export ops --format csv',
  'export ops',
] as const

describe.skipIf(!hasTerminal)('at a terminal', {timeout: 300_000}, () => {
  test.each([
    [20, 5],
    [80, 24],
  ])('of %i by %i', async (columns, rows) => {
    const {env} = await nastyStore()
    for (const screen of SCREENS) {
      const {code, text} = await terminal(env, {columns, rows})`${screen.split(' ')}`
      const control = text.replaceAll(OWN, '').match(CONTROL)?.[0]
      expect([screen, screen === 'doctor' || code, control]).toEqual([screen, screen === 'doctor' || 0, undefined])
      expect(text).not.toMatch(/a bug in leat|\n {4}at /)
      if (columns >= 80 && FITTING.test(screen))
        expect([screen, text.split('\n').find((line) => stringWidth(line) > columns)]).toEqual([screen, undefined])
    }
  })
})
