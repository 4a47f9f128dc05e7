/** The short form of the random runs. `npm run faults properties` takes 5,000 of each kind. */
import {expect, test} from 'vitest'
import {properties} from './properties.js'

test.each(['memory', 'sqlite'] as const)('the bus on %s is what the model says', {timeout: 240_000}, async (engine) => {
  const {seed, ...figures} = await properties({runs: 80, engines: [engine]})
  expect(figures, `seed ${seed}`).toMatchObject({runsOfEachKind: 80, otherThanTheModel: 0})
})
