import {expect, test} from 'vitest'
import {cells} from '../../../src/cli/output/cells.js'
import type {Column} from '../../../src/cli/output/column.js'
import {fieldsText} from '../../../src/cli/output/fields.js'
import {PLAIN} from '../../../src/cli/output/paint.js'
import {table} from '../../../src/cli/output/table.js'

interface Row {
  name: string
  state: string
  count: number
  text: string
}

const COLUMNS: Column<Row>[] = [
  {head: 'NAME', plain: ({name}) => name},
  {head: 'STATE', plain: ({state}) => state, spare: 2},
  {head: 'COUNT', plain: ({count}) => String(count), align: 'right', spare: 3},
  {head: 'TEXT', plain: ({text}) => text, cut: true, spare: 1},
]

const ROWS: Row[] = [
  {name: 'ops', state: 'open', count: 5, text: 'a text that is much longer than the room that there could be for it'},
  {
    name: 'build.web',
    state: 'draining',
    count: 12345,
    text: '漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字',
  },
  {name: 'family', state: 'open', count: 1, text: '👩‍👩‍👧‍👦 e\u0301 Z\u0351\u036b\u0343A \x1b[31m \u202e'},
]

const at = (width: number, rows = ROWS): string[] =>
  table(rows, COLUMNS, {paint: PLAIN, width, now: 0}).split('\n').slice(0, -1)

test.each([200, 100, 80, 60, 40, 30, 20, 10, 5, 1])('at %i cells no line is wider, and all rows are there', (width) => {
  const lines = at(width)
  expect(lines).toHaveLength(ROWS.length + 1)
  expect(lines.filter((line) => cells(line) > width)).toEqual([])
})

test('what can be spared is left out in its order, the key stays', () => {
  const heads = (width: number): string => (at(width)[0] ?? '').replace(/ +/g, ' ')
  expect(heads(80)).toBe('NAME STATE COUNT TEXT')
  expect(heads(50)).toBe('NAME STATE TEXT')
  expect(heads(40)).toBe('NAME TEXT')
  expect(heads(20)).toBe('NAME')
})

test('a long key makes room before anything is left out, and is whole where nothing else needs the room', () => {
  const name = `${'n'.repeat(60)}.end`
  const [, row = ''] = at(80, [{name, state: 'open', count: 1, text: 'hi'}])
  expect(row).toMatch(/^n{40,}… {2}open {2,}1 {2}hi$/)
  expect(at(100, [{name, state: '', count: 1, text: ''}])[1]).toContain(name)
})

test('columns begin at the same cell in each line', () => {
  const [head = '', ...rows] = at(100)
  const start = cells(head.slice(0, head.indexOf('STATE')))
  for (const [index, row] of rows.entries())
    expect(cells(row.slice(0, row.indexOf(ROWS[index]?.state ?? '')))).toBe(start)
})

test('numbers end at the same cell', () => {
  const ends = at(100).map((line) => /^.{0,40}?(COUNT|12345|\b5|\b1)(?= {2})/u.exec(line)?.[0] ?? '')
  expect(new Set(ends.map(cells)).size).toBe(1)
})

test('the colours of a cell change nothing about its place', () => {
  const red = {...PLAIN, bad: (text: string) => `\x1b[31m${text}\x1b[39m`}
  const painted: Column<Row>[] = COLUMNS.map((column) => ({...column, paint: (text, paint) => paint.bad(text)}))
  const plain = table(ROWS, painted, {paint: red, width: 60, now: 0}).replaceAll(/\x1b\[\d+m/g, '')
  expect(plain.split('\n').slice(0, -1)).toEqual(at(60))
})

test('fields stand beside their headings, broken at the width, and below them where there is no room', () => {
  const fields = [
    {head: 'NAME', text: 'ops'},
    {head: 'DESCRIPTION', text: 'words that go on and on\nand a second line'},
  ]
  expect(fieldsText(fields, {paint: PLAIN, width: 30, now: 0})).toBe(
    'NAME         ops\nDESCRIPTION  words that go on\n             and on\n             and a second line\n',
  )
  expect(fieldsText(fields, {paint: PLAIN, width: 20, now: 0})).toBe(
    'NAME\n  ops\nDESCRIPTION\n  words that go on\n  and on\n  and a second line\n',
  )
})
