import {expect, test} from 'vitest'
import {world} from './leat.js'

/** JSON that a round trip through JavaScript's own parser would change, and how its line has it: without spaces. */
const BODIES: readonly [name: string, body: string, line: string][] = [
  ['a number past 2^53', '12345678901234567890', '12345678901234567890'],
  ['a number past 2^53, inside', '{"id": 12345678901234567890}', '{"id":12345678901234567890}'],
  ['a fraction of nothing', '1.0', '1.0'],
  ['a number past the largest', '1e400', '1e400'],
  ['and the smallest', '[1E-400, -0, -0.0, 1e+2]', '[1E-400,-0,-0.0,1e+2]'],
  ['many digits', '0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
  ['duplicate keys', '{"a": 1, "a": 2, "a": 1}', '{"a":1,"a":2,"a":1}'],
  ['__proto__', '{"__proto__": {"x": 1}, "constructor": null}', '{"__proto__":{"x":1},"constructor":null}'],
  ['the order of keys', '{"b": 1, "10": 2, "9": 3, "a": 4}', '{"b":1,"10":2,"9":3,"a":4}'],
  ['spaces in strings', ' { "a b" : "  x  \\t" } \n', '{"a b":"  x  \\t"}'],
  ['escapes', '"\\u00e9 \\/ \\ud83d\\ude00 é 😀 \\u2028"', '"\\u00e9 \\/ \\ud83d\\ude00 é 😀 \\u2028"'],
  ['a lone surrogate, escaped', '"\\ud800"', '"\\ud800"'],
  ['an escaped key', '{"\\u0061": 1}', '{"\\u0061":1}'],
  ['empty ones', '[{}, [], "", null, true, false]', '[{},[],"",null,true,false]'],
  ['depth 64', `${'['.repeat(64)}${']'.repeat(64)}`, `${'['.repeat(64)}${']'.repeat(64)}`],
]

/** The text of `content` in a line of `--json`. */
const contentOf = (line: string): string =>
  /"type":"message","content":(.*),"contentType":"application\/json"/.exec(line)?.[1] ?? line

test('JSON comes out of every door as it went in', async () => {
  const {leat} = world()
  const lines = BODIES.map(([, , line]) => line)
  await leat`channel create a`
  for (const [name, body] of BODIES) expect((await leat({stdin: body})`send a -J -q`).code, name).toBe(0)

  for (const [index, [name, body]] of BODIES.entries())
    expect((await leat`show a/${index + 1} --raw`).stdout, name).toBe(body)
  for (const index of [0, 3, 6, 7]) {
    expect(contentOf((await leat`show a/${index + 1} --json`).stdout)).toBe(lines[index])
    expect(contentOf((await leat`thread a/${index + 1} --json`).stdout)).toBe(lines[index])
  }

  expect((await leat`log a --json`).lines().map(contentOf)).toEqual(lines)
  expect((await leat`read a --all --json`).lines().map(contentOf)).toEqual(lines)
  await leat`subscribe a --from start --as bob`
  expect((await leat`inbox --all --as bob --json`).lines().map(contentOf)).toEqual(lines)
  expect((await leat`log a --format ${'{content:json}'}`).lines()).toEqual(lines)

  for (const [from, to] of [
    ['a', 'b'],
    ['b', 'c'],
  ]) {
    const copied = (await leat`log ${from} --all --json`).bytes
    const sent = await leat({stdin: copied})`send ${to} --create --jsonl --json`
    expect(sent.json()).toEqual({stored: BODIES.length, failed: 0, errors: []})
    expect((await leat`log ${to} --json`).lines().map(contentOf)).toEqual(lines)
  }
  expect((await leat`show c/1 --raw`).stdout).toBe('12345678901234567890')

  await leat`send a -J -m ${'{"n": 1.0, "n": 12345678901234567890}'}`
  expect((await leat`list a --json`).stdout).toContain('"content":{"n":1.0,"n":12345678901234567890}')
  expect((await leat`--json --as carol`).stdout).toContain('"content":{"n":1.0,"n":12345678901234567890}')
  expect((await leat`log a -n 1 --format {content.n}`).stdout).toBe('12345678901234567890\n')
})

test('text that looks like JSON stays text', async () => {
  const {leat} = world()
  await leat`channel create a`
  await leat`send a 1.0`
  await leat({stdin: '{"a": 1}\n'})`send a`
  const lines = (await leat`log a --json`).lines()
  expect(lines[0]).toContain('"content":"1.0","contentType":"text/plain"')
  expect(lines[1]).toContain('"content":"{\\"a\\": 1}\\n","contentType":"text/plain"')
  await leat({stdin: `${lines.join('\n')}\n`})`send b --create --jsonl`
  expect((await leat`log b --raw`).stdout).toBe('1.0\n{"a": 1}\n\n')
})

test('what is not JSON, or too deep, is refused and nothing is stored', async () => {
  const {leat} = world()
  await leat`channel create a`
  for (const body of ['{', '01', '1.', "{'a':1}", '[1,]', 'NaN', '"\n"', '{"a":1} x', ' '])
    expect((await leat({stdin: body})`send a -J --json`).error(), body).toMatchObject({code: 'INVALID'})
  expect(await leat({stdin: `${'['.repeat(65)}${']'.repeat(65)}`})`send a -J --json`).toMatchObject({
    code: 2,
    stdout: '',
  })
  expect((await leat({stdin: '['.repeat(100_000)})`send a -J --json`).error()).toMatchObject({code: 'TOO_LARGE'})
  expect((await leat`log a --json`).stdout).toBe('')
})
