import {expect, test} from 'vitest'
import {idSource} from '../../src/bus/ids.js'

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('ids are UUIDs of version 7 that rise while the clock stands, goes on and goes back', () => {
  let now = 1_700_000_000_000
  const ids = idSource(() => now)
  const made: string[] = []
  for (const step of [0, 1, 0, -3_600_000, 0, 3_600_001]) {
    now += step
    for (let count = 0; count < 1000; count++) made.push(ids())
  }
  for (const id of made) expect(id).toMatch(V7)
  expect(made).toEqual([...new Set(made)].sort())
  expect(Number.parseInt((made[0] ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000)
})

test('two sources at the same time make different ids', () => {
  const [one, other] = [idSource(() => 1), idSource(() => 1)]
  expect(one()).not.toBe(other())
})
