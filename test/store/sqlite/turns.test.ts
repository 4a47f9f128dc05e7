import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {Turns} from '../../../src/store/sqlite/turns.js'

test('of pieces of long work that are wanted at once each has a turn of the event loop, in the order in which they came', async () => {
  const turns = new Turns()
  const done: string[] = []
  const work = async (name: string): Promise<void> => {
    for (const piece of [1, 2]) {
      await turns.next()
      done.push(`${name}${piece}`)
    }
  }
  const others = (async () => {
    for (let count = 0; count < 6; count++) {
      await turn()
      done.push('-')
    }
  })()
  await Promise.all([work('a'), work('b'), work('c'), others])
  expect(done.filter((one) => one !== '-')).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  // Between any two of them the others had their turn.
  expect(done.join('').match(/\d[abc]/)).toBe(null)
})

test('who comes alone has it at once', async () => {
  const turns = new Turns()
  let later = false
  setImmediate(() => {
    later = true
  })
  await turns.next()
  expect(later).toBe(false)
})
