import {getEventListeners} from 'node:events'
import {expect, test} from 'vitest'
import {deadline} from '../../src/bus/deadline.js'

test('a wait leaves nothing behind at a signal that outlives it', () => {
  const {signal} = new AbortController()
  const end = deadline(60_000, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  end.clear()
  expect(getEventListeners(signal, 'abort')).toEqual([])
  const gathered = Object.getOwnPropertySymbols(signal).find((symbol) => String(symbol).includes('Dependant'))
  expect(gathered).toBeUndefined()
})

test('a wait tells whether its time was over or it was called off', async () => {
  const outer = new AbortController()
  const off = deadline(60_000, outer.signal)
  outer.abort()
  expect([off.signal.aborted, off.passed, off.cancelled]).toEqual([true, false, true])
  off.clear()
  const late = deadline(60_000, outer.signal)
  expect([late.signal.aborted, late.passed, late.cancelled]).toEqual([true, false, true])
  late.clear()
  const over = deadline(1)
  await new Promise((resolve) => over.signal.addEventListener('abort', resolve))
  expect([over.passed, over.cancelled]).toEqual([true, false])
})
