import {expect, test} from 'vitest'
import {type Key, KeyDecoder} from '../../src/tui/screen/keys.js'

const all = (...pieces: string[]): Key[] => {
  const decoder = new KeyDecoder()
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.flush()]
}
const name = (one: string): Key => ({name: one})
const char = (one: string): Key => ({char: one})

test.each<[string[], Key[]]>([
  [['j'], [char('j')]],
  [['jk\r'], [char('j'), char('k'), name('enter')]],
  [['日🎉'], [char('日'), char('🎉')]],
  [['\x1b[A'], [name('up')]],
  [['\x1b[1;2B'], [name('down')]],
  [['\x1bOC'], [name('right')]],
  [['\x1b', '[', '5', '~'], [name('pageup')]],
  [['\x1b[6~\x1b[F'], [name('pagedown'), name('end')]],
  [['\x1b'], [name('escape')]],
  [['\x1b\x1b'], [name('escape'), name('escape')]],
  [['\x1bx'], [name('escape'), char('x')]],
  [['\x1b['], [name('escape'), char('[')]],
  [['\x03\x1a\x15'], [name('ctrl-c'), name('ctrl-z'), name('ctrl-u')]],
  [['\t\x7f\b'], [name('tab'), name('backspace'), name('backspace')]],
  [['\x1bOM\x1b[<0;1;1Mq'], [name('enter'), char('q')]],
  [['\x1b[I\x1b[99;5uq'], [char('q')]],
  [['\x00\x85'], []],
  [['\x1b[200~rm -rf\r\x1b[A\x1b[201~q'], [{paste: 'rm -rf\r\x1b[A'}, char('q')]],
  [['\x1b[200~one ', 'two\x1b[20', '1~'], [{paste: 'one two'}]],
  [['\x1b[200~never ended'], []],
])('%j is %j', (pieces, keys) => {
  expect(all(...pieces)).toEqual(keys)
})

test('however input is cut into pieces, it is the same keys', () => {
  const input = 'j\x1b[A\x1b[200~a\x1bb\x1b[201~日\x1bOH\r'
  const decoder = new KeyDecoder()
  expect([...input].flatMap((piece) => decoder.push(piece))).toEqual(all(input))
})

test('a paste is kept to a bound', () => {
  const [key] = all(`\x1b[200~${'x'.repeat(3 * 1024 * 1024)}\x1b[201~`)
  expect(key).toEqual({paste: 'x'.repeat(1024 * 1024)})
})
