import {expect, onTestFinished, test, vi} from 'vitest'
import {Output} from '../../../src/cli/output/output.js'
import {PLAIN} from '../../../src/cli/output/paint.js'
import {counting, rateText} from '../../../src/cli/output/progress.js'

/** What a bulk send writes to stderr while it takes a second, where stderr is a terminal or isn't. */
async function written(errorTerminal: boolean): Promise<string> {
  let now = 0
  let text = ''
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    text += piece
    return true
  })
  onTestFinished(() => stderr.mockRestore())
  const clock = () => now
  const out = new Output({json: false, quiet: false, terminal: true, errorTerminal, paint: PLAIN, width: 80, clock})
  await counting(out, async (progress) => {
    for (now = 10; now <= 1000; now += 10) progress({stored: now})
    return {stored: 1000, failed: 0, duplicates: 0, errors: []}
  })
  stderr.mockRestore()
  return text
}

test('a line is written over, ten times a second at most, and taken away', async () => {
  const text = await written(true)
  expect(text.match(/\d+ sent…/g)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tenth) => `${tenth}00 sent…`))
  expect(text).toMatch(/\r {10}\r$/)
})

test('where stderr is no terminal nothing is written', async () => {
  expect(await written(false)).toBe('')
})

test.each([
  [1000, 500, undefined, '1000 messages, 2000/s'],
  [1000, 500, 0.5, '1000 messages, 2000/s, 1 s left'],
  [10, 60_000, 0.01, '10 messages, 0/s, 99 min left'],
  [10, 10, 1, '10 messages, 1000/s, 0 s left'],
])('%i messages in %i ms, %s of all: %s', (messages, took, part, text) => {
  expect(rateText(messages, took, part)).toBe(text)
})
