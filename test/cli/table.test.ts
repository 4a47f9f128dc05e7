import {expect, test} from 'vitest'
import {age, ago} from '../../src/cli/output/age.js'
import {cutTo} from '../../src/cli/output/cells.js'
import {type Column, fieldLine} from '../../src/cli/output/column.js'
import {PLAIN, wantsColor} from '../../src/cli/output/paint.js'
import {table} from '../../src/cli/output/table.js'

interface Row {
  name: string
  count: number
  text?: string
}

const COLUMNS: Column<Row>[] = [
  {head: 'NAME', plain: ({name}) => name},
  {head: 'N', plain: ({count}) => String(count), align: 'right'},
  {head: 'EMPTY', plain: () => ''},
  {head: 'TEXT', plain: ({text = ''}) => text, cut: true},
]
const look = {paint: PLAIN, width: 30, now: 0}

test('a table has headings, aligned columns, no empty column, and is as wide as the terminal', () => {
  const rows = [
    {name: 'ops', count: 5, text: 'a text that is longer than the room for it'},
    {name: '漢字', count: 1234, text: 'tab\tand\nnewline \x1b[1m'},
  ]
  expect(table(rows, COLUMNS, look)).toBe(
    'NAME     N  TEXT\nops      5  a text that is lo…\n漢字  1234  tab and newline \\…\n',
  )
})

test('a text of millions of characters is cut like any other', () => {
  const rows = [{name: 'a', count: 1, text: '漢'.repeat(5_000_000)}]
  expect(table(rows, COLUMNS, look)).toBe(`NAME  N  TEXT\na     1  ${'漢'.repeat(10)}…\n`)
})

test('no line of a table ends in blanks', () => {
  expect(
    table(
      [
        {name: 'a', count: 1, text: ''},
        {name: 'b', count: 2, text: 'x'},
      ],
      COLUMNS,
      look,
    ),
  ).toBe('NAME  N  TEXT\na     1\nb     2  x\n')
})

test('a line of fields is whole and has no heading', () => {
  expect(fieldLine({name: 'a\tb', count: 1, text: 'x'.repeat(100)}, COLUMNS)).toBe(`a\\tb\t1\t\t${'x'.repeat(100)}\n`)
})

test('cutting goes by cells, never through a character', () => {
  expect(cutTo('short', 5)).toBe('short')
  expect(cutTo('longer', 5)).toBe('long…')
  expect(cutTo('漢字漢字', 5)).toBe('漢字…')
  expect(cutTo('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…')
})

test('an age is one unit', () => {
  const now = Date.parse('2026-11-21T07:00:00.000Z')
  const at = (ms: number): string => new Date(now - ms).toISOString()
  const [second, hour, day] = [1000, 3_600_000, 86_400_000]
  expect([0, 999, second, 59 * second, hour, 36 * hour, 90 * day].map((ms) => age(at(ms), now))).toEqual([
    'now',
    'now',
    '1s',
    '59s',
    '1h',
    '1d',
    '90d',
  ])
  expect(age(at(91 * day), now)).toBe('2026-08-22')
  expect(age(at(-5 * hour), now)).toBe('in 5h')
  expect([0, 5 * second, -5 * second, 91 * day].map((ms) => ago(at(ms), now))).toEqual([
    'now',
    '5s ago',
    'in 5s',
    '2026-08-22',
  ])
})

test('colour: --color, else NO_COLOR, else FORCE_COLOR, else the terminal', () => {
  expect(wantsColor('auto', true, {})).toBe(true)
  expect(wantsColor('auto', false, {})).toBe(false)
  expect(wantsColor('auto', true, {TERM: 'dumb'})).toBe(false)
  expect(wantsColor('auto', true, {NO_COLOR: '1'})).toBe(false)
  expect(wantsColor('auto', true, {NO_COLOR: ''})).toBe(true)
  expect(wantsColor('auto', false, {FORCE_COLOR: '1'})).toBe(true)
  expect(wantsColor('auto', false, {FORCE_COLOR: ''})).toBe(true)
  expect(wantsColor('auto', true, {FORCE_COLOR: '0'})).toBe(false)
  expect(wantsColor('auto', false, {NO_COLOR: '1', FORCE_COLOR: '1'})).toBe(false)
  expect(wantsColor('always', false, {NO_COLOR: '1', TERM: 'dumb'})).toBe(true)
  expect(wantsColor('never', true, {FORCE_COLOR: '1'})).toBe(false)
})
