/** What others wrote, where a prompt lists it and where completion answers with it. */
import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {type Result, type World, world} from './leat.js'
import {hasTerminal} from './terminal.js'
import {CTRL_C, ENTER, typing} from './typing.js'

const MARK = '\x1b]0;title\x07'
const NASTY = `red \x1b[31m${MARK}\x9b2J\u202e\u2066\u2028\r\x08x`
const COMBINING = `a${'\u0301\u0302'.repeat(5_000)}`
const HUGE = 16 * 1024 * 1024

/** What no prompt of leat sends: whatever it does send begins with ESC. */
const FOREIGN = /\x07|[\x80-\x9f]|\x1b\]|\x1b\[31m[^?✔]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

async function nasty(): Promise<World> {
  const made = world()
  const {leat} = made
  await leat`channel create ops --title ${'Ops \u202e\u2066 and more'}`
  await leat`channel create marks --title ${COMBINING.slice(0, 250)}`
  expect((await leat({stdin: 'w'.repeat(HUGE)})`send ops --file -`).code).toBe(0)
  const bodies = [NASTY, COMBINING, '👩‍👩‍👧‍👦'.repeat(5_000), `\n\n\t${NASTY}\nsecond`]
  const lines = bodies.map((content) => JSON.stringify({content, type: 'a\u202eb'})).join('\n')
  expect((await leat({stdin: lines})`send ops --jsonl`).stdout).toBe(`${bodies.length}\n`)
  return made
}

describe.skipIf(!hasTerminal)('a prompt', () => {
  test.each([
    [80, 24],
    [40, 10],
  ])('lists hostile titles and messages in lines of the screen, %i by %i', async (columns, rows) => {
    const {env} = await nasty()
    for (const [line, question] of [
      ['read', /Which channel\?[\s\S]*❯/],
      ['show', /Which message\?[\s\S]*❯/],
    ] as const) {
      const session = typing(env, {columns, rows})`${line}`
      await session.sees(question)
      const lines = session.screen().split('\n')
      expect(lines.filter((text) => stringWidth(text) > columns)).toEqual([])
      // None is broken: each offer begins with the name of its channel.
      for (const offer of lines.filter((text) => /^[❯ ] \S/.test(text))) expect(offer).toMatch(/^[❯ ] (ops|marks)/)
      session.type(CTRL_C)
      const {raw, clean} = await session.ended
      expect(clean).toBe(true)
      expect(raw).not.toMatch(FOREIGN)
      expect(raw.length).toBeLessThan(100_000)
    }
  })

  test('says what was picked without anything that a terminal obeys', async () => {
    const {env, leat} = await nasty()
    await leat`send ops ${NASTY} --in 1h`
    const session = typing(env)`scheduled cancel`
    await session.sees(/Which message\?[\s\S]*❯ ops/)
    session.type(ENTER)
    const {raw, code} = await session.ended
    expect(code).toBe(0)
    expect(raw).toContain('red \\x1b[31m')
    expect(raw).not.toMatch(FOREIGN)
  })
})

const asked = ({leat}: World, shell: string, line: string): Promise<Result> => {
  const words = line.split(' ')
  return shell === 'bash' ? leat`--complete bash ${line} ${words.at(-1)} 9` : leat`--complete ${shell} ${words}`
}

describe('an answer of completion', () => {
  test.each(['bash', 'zsh', 'fish'])('%s: a line each, and nothing that a terminal obeys', async (shell) => {
    const made = await nasty()
    const {leat} = made
    await leat`conversation create talk --title ${'talk \u202e'}`
    await leat`send ops ${NASTY} --in 1h`
    const counts: Record<string, number> = {}
    for (const line of [
      'leat read ',
      'leat show ops/',
      'leat log ops --type ',
      'leat log --conversation ',
      'leat scheduled cancel ',
    ]) {
      const {stdout, stderr, code} = await asked(made, shell, line)
      expect([code, stderr]).toEqual([0, ''])
      const [kind, ...candidates] = stdout.trimEnd().split('\n')
      expect(kind).toBe('words')
      for (const candidate of candidates) {
        expect(candidate.replace('\t', '')).not.toMatch(
          /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
        )
        expect(candidate.length).toBeLessThan(500)
      }
      counts[line] = candidates.length
    }
    // A type with a sign that makes text lie is left out; the others are one line each.
    expect(Object.values(counts)).toEqual([2, 5, 1, 1, 1])
  })

  test('listed by bash, where descriptions are shown', async () => {
    const made = await nasty()
    const {stdout} = await made.leat`--complete bash ${'leat show ops/'} ops/ 63`
    expect(stdout).toContain('(alice: red \\x1b[31m')
    expect(stdout.trimEnd().split('\n')).toHaveLength(6)
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
  })
})
