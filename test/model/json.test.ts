import {describe, expect, test} from 'vitest'
import {checkJson, jsonDepth, memberTexts, minifyJson} from '../../src/model/json.js'
import {refusal} from './refusal.js'

describe('minifyJson', () => {
  test.each([
    ['{"a": 12345678901234567890, "b": 1.0}', '{"a":12345678901234567890,"b":1.0}'],
    [' [ 1e400 , -0 , 1E+2 , 0.10 ] ', '[1e400,-0,1E+2,0.10]'],
    ['{"a": 1, "a": 2, "__proto__": {"x": 1}}', '{"a":1,"a":2,"__proto__":{"x":1}}'],
    ['{"2": 1, "1": 2}', '{"2":1,"1":2}'],
    ['"a b\\" c \\\\"', '"a b\\" c \\\\"'],
    ['["\\\\" , "x y"]', '["\\\\","x y"]'],
    ['["\\\\\\"" , " \\n "]', '["\\\\\\""," \\n "]'],
    ['{"a b" : " : , { } " }', '{"a b":" : , { } "}'],
    ['"\\ud800 \\u0020"', '"\\ud800 \\u0020"'],
    ['"\u2028 \u00a0 \u{1f600}"', '"\u2028 \u00a0 \u{1f600}"'],
    ['\r\n\t true \r\n', 'true'],
    ['null', 'null'],
    ['""', '""'],
    ['[ ]', '[]'],
    ['{\n}', '{}'],
    ['{"a":1}', '{"a":1}'],
  ])('%j → %j', (text, expected) => {
    expect(minifyJson(text)).toBe(expected)
    expect(minifyJson(expected)).toBe(expected)
    expect(JSON.parse(expected)).toEqual(JSON.parse(text))
  })

  test('much whitespace and long strings of backslashes take no longer than they are', () => {
    const text = `[${' '.repeat(200_000)}"${'\\\\'.repeat(200_000)}"${'\n'.repeat(200_000)}]`
    expect(minifyJson(text)).toBe(`["${'\\\\'.repeat(200_000)}"]`)
  })
})

describe('jsonDepth', () => {
  test.each([
    ['1', 0],
    ['"[[["', 0],
    ['"\\"[["', 0],
    ['[]', 1],
    ['[{}]', 2],
    ['[[],[]]', 2],
    ['{"a":[{"b":[]}]}', 4],
    ['["\\\\",[]]', 2],
    ['[', 1],
    ['"open [', 0],
    [']]]', 0],
  ])('%j: %j', (text, depth) => {
    expect(jsonDepth(text)).toBe(depth)
  })
})

describe('checkJson', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  test.each(['1', '"x"', 'null', '[1, 2]', '{"__proto__": 1}', '1e400', ' {} ', nested(64)])('%j is taken', (text) => {
    checkJson(text)
  })

  test.each([
    ['', 'INVALID'],
    [' ', 'INVALID'],
    ['{', 'INVALID'],
    ["{'a': 1}", 'INVALID'],
    ['01', 'INVALID'],
    ['1.', 'INVALID'],
    ['[1,]', 'INVALID'],
    ['NaN', 'INVALID'],
    ['"\n"', 'INVALID'],
    ['\ufeff{}', 'INVALID'],
    ['{} {}', 'INVALID'],
    [nested(65), 'TOO_LARGE'],
    ['['.repeat(1_000_000), 'TOO_LARGE'],
  ])('%j is %s', (text, code) => {
    const error = refusal(() => checkJson(text, 'line 3'))
    expect([error.code, error.message.startsWith('line 3 is '), error.message.includes('\n')]).toEqual([
      code,
      true,
      false,
    ])
  })
})

describe('memberTexts', () => {
  test.each<[string, [string, string][]]>([
    ['{}', []],
    [' { } ', []],
    [
      '{"a": 12345678901234567890 , "b":1.0}',
      [
        ['a', '12345678901234567890'],
        ['b', '1.0'],
      ],
    ],
    [
      '{"content" : {"x": [1, 2], "y": "}"} ,"z":[{"q":1}]}',
      [
        ['content', '{"x": [1, 2], "y": "}"}'],
        ['z', '[{"q":1}]'],
      ],
    ],
    ['{"a": 1, "a": 2}', [['a', '2']]],
    [
      '{"__proto__": {"x": 1}, "constructor": 2}',
      [
        ['__proto__', '{"x": 1}'],
        ['constructor', '2'],
      ],
    ],
    [
      '{"a\\"b": "c\\\\", "\\u0061": null}',
      [
        ['a"b', '"c\\\\"'],
        ['a', 'null'],
      ],
    ],
    [
      '{"": "", ":,{": ":,}"}',
      [
        ['', '""'],
        [':,{', '":,}"'],
      ],
    ],
    ['{\r\n\t"a"\n:\n[ ]\n}\n', [['a', '[ ]']]],
    [
      '{"a": "\\ud800", "b": true}',
      [
        ['a', '"\\ud800"'],
        ['b', 'true'],
      ],
    ],
  ])('%j', (text, members) => {
    expect([...memberTexts(text)]).toEqual(members)
  })
})
