import {expect, test} from 'vitest'
import {ChunkSize} from '../../src/bus/chunk-size.js'

test('grows while nobody else writes, and is little beside others', async () => {
  const chunk = new ChunkSize()
  const sizes = [chunk.messages]
  for (const others of [false, false, false, true]) {
    await chunk.stored(10, others)
    sizes.push(chunk.messages)
  }
  expect(sizes).toEqual([500, 1000, 1250, 1250, 100])
})

test('a transaction that takes long is followed by a smaller one', async () => {
  const chunk = new ChunkSize()
  await chunk.stored(10_000, false)
  expect(chunk.messages).toBe(250)
})

test('who names a number gets it', async () => {
  const chunk = new ChunkSize(7)
  await chunk.stored(10, true)
  expect(chunk.messages).toBe(7)
})
