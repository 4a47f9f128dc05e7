import {describe, expect, test} from 'vitest'
import {
  firstLine,
  forField,
  forTerminal,
  forTerminalLine,
  jsonForTerminal,
  oneLine,
} from '../../src/cli/output/escape.js'

const cases: [given: string, terminal: string, line: string, field: string][] = [
  ['plain ünïcödé 漢字 🦀', 'plain ünïcödé 漢字 🦀', 'plain ünïcödé 漢字 🦀', 'plain ünïcödé 漢字 🦀'],
  ['a\tb\nc', 'a\tb\nc', 'a b c', 'a\\tb\\nc'],
  ['a\r\nb', 'a\\r\nb', 'a b', 'a\\r\\nb'],
  ['back\\slash', 'back\\slash', 'back\\slash', 'back\\\\slash'],
  ['\x1b[31mred\x07', '\\x1b[31mred\\x07', '\\x1b[31mred\\x07', '\\x1b[31mred\\x07'],
  ['nul\0del\x7f', 'nul\\x00del\\x7f', 'nul\\x00del\\x7f', 'nul\\x00del\\x7f'],
  ['c1\x9b31m\x85', 'c1\\x9b31m\\x85', 'c1\\x9b31m\\x85', 'c1\\x9b31m\\x85'],
  ['bidi\u202etxt\u2066', 'bidi\\u202etxt\\u2066', 'bidi\\u202etxt\\u2066', 'bidi\u202etxt\u2066'],
  ['sep\u2028x', 'sep\\u2028x', 'sep\\u2028x', 'sep\\u2028x'],
]

describe.each(cases)('%j', (given, terminal, line, field) => {
  test('to a terminal', () => expect(forTerminal(given)).toBe(terminal))
  test('in a line of a terminal', () => expect(forTerminalLine(given)).toBe(line))
  test('in a field', () => expect(forField(given)).toBe(field))
})

test('an error stays on its line, and a backslash stays one', () => {
  expect(oneLine('a\nb\tc\\d\x1b')).toBe('a\\nb\\tc\\d\\x1b')
})

test('JSON for a terminal is the same JSON', () => {
  const value = {text: 'a\x1b\x7f\x9b\u202e\u2028é🦀', '\x85': '\\'}
  const shown = jsonForTerminal(JSON.stringify(value))
  expect(JSON.parse(shown)).toEqual(value)
  expect(shown).toBe('{"text":"a\\u001b\\u007f\\u009b\\u202e\\u2028é🦀","\\u0085":"\\\\"}')
})

test('the first line is the first that has something in it', () => {
  expect(['', 'one', '\n \n two\nthree', 'a\r\nb', 'a\rb'].map(firstLine)).toEqual(['', 'one', ' two', 'a', 'a'])
})
