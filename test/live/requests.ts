/** Many requests at once of one actor, answered by several processes: each gets its own answer. */
import assert from 'node:assert/strict'
import {inRoom} from './room.js'

const RESPONDERS = ['r1', 'r2', 'r3', 'r4']

export const requests = (atOnce: number, rounds: number) =>
  inRoom(['calc'], async ({bus, start}) => {
    const responders = RESPONDERS.map((name) => start('responder', {name}))
    await Promise.all(responders.map((responder) => responder.heard('ready')))
    const answeredBy: Record<string, number> = Object.fromEntries(RESPONDERS.map((name) => [name, 0]))
    for (let round = 0; round < rounds; round++) {
      const numbers = Array.from({length: atOnce}, (_, at) => round * atOnce + at)
      const answers = await Promise.all(
        numbers.map((number) => bus.request('calc', {body: String(number)}, {timeout: 60_000})),
      )
      assert.deepEqual(
        answers.map(({content}) => content),
        numbers.map((number) => String(number ** 2)),
      )
      for (const {sender} of answers) answeredBy[sender] = (answeredBy[sender] ?? 0) + 1
    }
    assert.deepEqual(Object.keys(answeredBy), RESPONDERS)
    return {answers: atOnce * rounds, answeredBy}
  })
