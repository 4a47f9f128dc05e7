import {expect, test} from 'vitest'
import {faultIn} from '../../../src/cli/configuration/fault.js'

test.each([
  ['', 1, 1, 'a value is expected, and it ends'],
  ['nope', 1, 1, 'a value is expected, and there is "nope"'],
  ['{"a": 1,}', 1, 9, 'a key in double quotes is expected, and there is "}"'],
  ["{'a': 1}", 1, 2, 'a key in double quotes or "}" is expected, and there is "\'a\':"'],
  ['{"a" 1}', 1, 6, '":" is expected, and there is "1}"'],
  ['{"a": 1 "b": 2}', 1, 9, '"," or "}" is expected, and there is "\\"b\\":"'],
  ['{\n  "a": [1, 2\n}', 3, 1, '"," or "]" is expected, and there is "}"'],
  ['{"a": "x', 1, 7, 'a value is expected, and there is "\\"x"'],
  ['{"a": 01}', 1, 8, '"," or "}" is expected, and there is "1}"'],
  ['{} {}', 1, 4, 'nothing more is expected, and there is "{}"'],
  ['{"a": {"b": [', 1, 14, 'a value or "]" is expected, and it ends'],
  ['// no comments\n{}', 1, 1, 'a value is expected, and there is "//"'],
])('%j', (text, line, column, what) => {
  expect(() => JSON.parse(text)).toThrow()
  expect(faultIn(text)).toEqual({line, column, what})
})
