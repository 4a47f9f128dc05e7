import {expect, test} from 'vitest'
import {minifyJson} from '../../src/model/json.js'
import {prettyJson} from '../../src/model/json-pretty.js'

test.each([
  ['{}', '{}'],
  [' [ ] ', '[]'],
  ['1.0', '1.0'],
  ['"a\\"b{,:"', '"a\\"b{,:"'],
  ['[1,2]', '[\n  1,\n  2\n]'],
  ['{"a":{"b":[]},"a":-1.50e+10}', '{\n  "a": {\n    "b": []\n  },\n  "a": -1.50e+10\n}'],
  ['[12345678901234567890,true,null]', '[\n  12345678901234567890,\n  true,\n  null\n]'],
])('%s is laid out', (json, text) => {
  expect(prettyJson(json)).toEqual({text, rest: false})
})

test('what is laid out is the same JSON', () => {
  const json = '{"x": [1.0, {"y" : "\\u0041 \\\\"}, [[]], {} ], "x":"2,3" ,"日": 0}'
  expect(minifyJson(prettyJson(json).text)).toBe(minifyJson(json))
})

test('no more than was asked for is laid out', () => {
  const {text, rest} = prettyJson(`[${'1,'.repeat(100_000)}"${'x'.repeat(100_000)}"]`, 50)
  expect(rest).toBe(true)
  expect(text).toHaveLength(50)
  expect(prettyJson(`"${'x'.repeat(1_000_000)}"`, 10)).toEqual({text: '"xxxxxxxxx', rest: true})
})
