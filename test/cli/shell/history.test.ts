import {chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {History, historyPath, MOST_LINES} from '../../../src/cli/shell/history.js'

function place(): {path: string; notes: string[]; open: () => History} {
  const dir = mkdtempSync(join(tmpdir(), 'leat-history-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  const path = join(dir, 'leat', 'history')
  const notes: string[] = []
  const open = (): History => {
    const history = new History(path, (note) => notes.push(note))
    history.load()
    return history
  }
  return {path, notes, open}
}

test('where it is', () => {
  expect(historyPath({XDG_STATE_HOME: '/state', HOME: '/home/a'})).toBe('/state/leat/history')
  expect(historyPath({XDG_STATE_HOME: 'relative', HOME: '/home/a'})).toBe('/home/a/.local/state/leat/history')
  expect(historyPath({})).toBe(join(homedir(), '.local/state/leat/history'))
})

test('shells that run at once each add to it', () => {
  const {path, open} = place()
  const [one, two] = [open(), open()]
  one.add('a')
  two.add('b')
  one.add('c')
  expect(one.lines).toEqual(['a', 'c'])
  expect(open().lines).toEqual(['a', 'b', 'c'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
})

test('not what begins with a space, nothing empty, nothing twice in a row', () => {
  const {path, open} = place()
  const history = open()
  for (const line of ['a', 'a', ' secret', '', '  ', 'b', 'a']) history.add(line)
  expect(readFileSync(path, 'utf8')).toBe('a\nb\na\n')
})

test('the newest lines stay, for this user alone', () => {
  const {path, open} = place()
  mkdirSync(dirname(path))
  writeFileSync(path, Array.from({length: MOST_LINES + 5}, (_, at) => `line ${at}\n`).join(''))
  chmodSync(path, 0o644)
  const history = open()
  expect(history.lines).toHaveLength(MOST_LINES)
  expect(history.lines[0]).toBe('line 5')
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(MOST_LINES + 1)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('one that can not be read or written is told of once', () => {
  const {path, notes, open} = place()
  mkdirSync(path, {recursive: true})
  const history = open()
  history.add('a')
  history.add('b')
  expect(history.lines).toEqual(['a', 'b'])
  expect(notes).toEqual([expect.stringMatching(/^what is typed isn't kept: /)])
})
