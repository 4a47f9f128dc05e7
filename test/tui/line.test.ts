import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {PLAIN} from '../../src/cli/output/paint.js'
import {painted, safe, span, spread, widthOf} from '../../src/tui/screen/line.js'
import {wrapped} from '../../src/tui/screen/wrap.js'

test('nothing that a terminal obeys comes into a line', () => {
  expect(safe('\x1b[31mred\x07\u202eevil\nnext\tcolumn', 80)).toBe('\\x1b[31mred\\x07\\u202eevil next column')
  expect(safe('\ud83d', 80)).toBe('\ufffd')
})

test('a chosen line is inverse, and as wide as the screen', () => {
  expect(painted([span('› '), span('ops', 'strong')], 8, PLAIN, true)).toBe('\x1b[7m› ops   \x1b[27m')
})

test('what stands on the right gives way where there is no room', () => {
  expect(widthOf(spread([span('ops')], [span('live')], 20))).toBe(20)
  expect(spread([span('a long name')], [span('live')], 12)).toEqual([span('a long name')])
})

test.each<[string, number, string[]]>([
  ['', 5, ['']],
  ['one\ntwo\r\nthree', 5, ['one', 'two', 'three']],
  ['abcdefg', 3, ['abc', 'def', 'g']],
  ['日本語', 5, ['日本', '語']],
  ['a\tb', 20, ['a       b']],
  ['\x1b[2J', 20, ['\\x1b[2J']],
])('%j in lines of %i', (text, width, lines) => {
  expect(wrapped(text, {width, lines: 100})).toEqual({lines, rest: false})
})

test('of a text that is too long its beginning is shown, quickly', () => {
  const {lines, rest} = wrapped('語'.repeat(5_000_000), {width: 80, lines: 10})
  expect(lines).toHaveLength(10)
  expect(rest).toBe(true)
  for (const line of lines) expect(stringWidth(line)).toBe(80)
})
