import {expect, test} from 'vitest'
import {cells, cutTo, fitTo, padTo, untab, wrap} from '../../../src/cli/output/cells.js'

const FAMILY = '👩‍👩‍👧‍👦'
const TEXTS = [
  'plain words here',
  '漢字かな交じり文',
  `${FAMILY}${FAMILY} e\u0301e\u0301`,
  'Z\u0351\u036b\u0343A\u0334L',
  'a\u200bb\u200dc',
  '',
  ' ',
]

test('characters are as wide as a terminal shows them', () => {
  expect([cells('abc'), cells('漢字'), cells(FAMILY), cells('e\u0301'), cells('a\u200bb'), cells('')]).toEqual([
    3, 4, 2, 1, 2, 0,
  ])
})

test.each(TEXTS)('%j is never cut through a character, nor wider than the room', (text) => {
  const whole = [...new Intl.Segmenter().segment(text)].map(({segment}) => segment)
  for (let width = 0; width <= 20; width++) {
    const cut = cutTo(text, width)
    expect(cells(cut)).toBeLessThanOrEqual(width)
    if (cut === text) continue
    const kept = [...new Intl.Segmenter().segment(cut.replace(/…$/, ''))].map(({segment}) => segment)
    expect(kept).toEqual(whole.slice(0, kept.length))
  }
})

test('lines break between words, or in them where there is no other way, and lose nothing', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('abcdefgh ij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字'])
  expect(wrap('', 5)).toEqual([''])
  for (const text of TEXTS)
    for (let width = 1; width <= 12; width++) {
      const lines = wrap(text, width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
      // A character that is wider than the room still gets a line.
      for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(Math.max(2, width))
    }
})

test('a long text is broken in one go', () => {
  const lines = wrap('漢 '.repeat(20_000), 80)
  expect(lines.length).toBeGreaterThan(500)
  expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(80)
})

test('padding goes by cells, tabs by stops', () => {
  expect([padTo('漢', 4), padTo('漢', 4, 'right'), padTo('long', 2)]).toEqual(['漢  ', '  漢', 'long'])
  expect([untab('a\tb'), untab('\tb'), untab('12345678\tb'), untab('漢\tb')]).toEqual([
    'a       b',
    '        b',
    '12345678        b',
    '漢      b',
  ])
})

test.each([
  ['hello', 5, 'hello'],
  ['hello', 4, 'hel…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  [`${FAMILY}${FAMILY}`, 3, `${FAMILY}…`],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['hello', 0, ''],
])('%s in %i cells is %s', (text, width, shown) => {
  expect(cutTo(text, width)).toBe(shown)
  expect(cells(shown)).toBeLessThanOrEqual(width)
})

test.each([
  ['left', '日本 '],
  ['right', ' 日本'],
] as const)('%s is filled up to the width', (align, shown) => {
  expect(fitTo('日本', 5, align)).toBe(shown)
})
