import {execFileSync} from 'node:child_process'
import {describe, expect, test} from 'vitest'
import {quotedWord, takeApart, typedWord} from '../../src/cli/words.js'

const texts = (line: string): string[] => takeApart(line).words.map(({text}) => text)

describe('words are what sh makes of them', () => {
  const LINES = [
    'send ops hello',
    '  send   ops  ',
    `send ops 'it is "so"'`,
    `send ops "it's so"`,
    `send ops it\\'s\\ so`,
    String.raw`send ops "a \"b\" \\ \x"`,
    String.raw`send ops 'a\\b'"c"`,
    `send ops a"b"'c'd`,
    `send ops '' ""`,
    `send ops a#b # not this`,
    'send ops "# this"',
    'send ops \\#this',
    'send ops "two\nlines"',
    'send ops a\\\nb',
    'send ops "a\\\nb"',
    "send ops 'a\\\nb'",
    'send ops ü "漢字 🙂"',
    'send ops \\"',
    String.raw`send ops "\$HOME \`x\`"`,
  ]
  test.each(LINES)('%s', (line) => {
    const script = `for word in ${line.replace(/^\s+/, '')}\ndo printf '%s\\0' "$word"; done`
    const bySh = execFileSync('sh', ['-c', script]).toString().split('\0').slice(0, -1)
    expect(texts(line)).toEqual(bySh)
  })
})

test('nothing is expanded', () => {
  expect(texts('send $HOME "$(id)" ~ *.ts {a,b}')).toEqual(['send', '$HOME', '$(id)', '~', '*.ts', '{a,b}'])
})

test.each([
  ['send "a', '"'],
  ["send 'a", "'"],
  ['send a\\', '\\'],
  ['send "a\\', '\\'],
  ['send a', undefined],
  [`send "it's"`, undefined],
  ['send # "', undefined],
])('%s is open: %s', (line, open) => {
  expect(takeApart(line).open).toBe(open)
})

test.each([
  ['log | head', '|'],
  ['send a & b', '&'],
  ['list; log', ';'],
  ['list > file', '>'],
  ['send < file', '<'],
  ['send "a | b" \\; \'>\'', undefined],
  ['send a # | b', undefined],
])('%s has the operator %s', (line, operator) => {
  expect(takeApart(line).operator).toBe(operator)
})

test.each([
  ['send op', 'op', 5],
  ['send ', '', 5],
  ['', '', 0],
  ['send "a b', 'a b', 5],
  ['send a\\ b', 'a b', 5],
  ['send "a" ', '', 9],
])('the word that is typed in "%s" is "%s"', (line, text, start) => {
  expect(typedWord(line, takeApart(line))).toMatchObject({text, start})
})

test.each([
  ['ops/42', 'ops/42'],
  ['', "''"],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$HOME `x` *', "'$HOME `x` *'"],
  ['~', "'~'"],
  ['two\nlines', "'two\nlines'"],
])('%j stands in a line as %j, for sh and for the shell', (word, quoted) => {
  expect(quotedWord(word)).toBe(quoted)
  expect(execFileSync('sh', ['-c', `printf %s ${quoted}`], {encoding: 'utf8'})).toBe(word)
  expect(texts(`show ${quoted}`)).toEqual(['show', word])
})
