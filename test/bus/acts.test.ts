import {describe, expect, test} from 'vitest'
import {answerOf, prepare} from './acting.js'
import {ACTORS, type Row, rowsOn} from './acts.js'
import {type World, world} from './world.js'

async function prepared(): Promise<World> {
  const w = await world()
  await prepare(w.as)
  return w
}

const needsItsOwn = ({act, expected}: Row): boolean => act.spoils === true && expected === (act.allowed ?? 'ok')

describe.each(['hr', 'ops'] as const)('what one may do on %s', (channel) => {
  const rows = rowsOn(channel)

  test.each(Object.keys(ACTORS))('%s', async (who) => {
    const w = await prepared()
    const answers: [string, string][] = []
    const own = rows.filter((row) => row.who === who)
    for (const row of own) {
      const bus = (needsItsOwn(row) ? await prepared() : w).as(who)
      answers.push([row.act.name, await answerOf(bus, row.act)])
    }
    expect(answers).toEqual(own.map(({act, expected}) => [act.name, expected]))
  })
})

test('the table has every act for everyone', () => {
  for (const channel of ['hr', 'ops'] as const) {
    const rows = rowsOn(channel)
    const names = new Set(rows.map(({act}) => act.name))
    expect(names.size).toBeGreaterThan(50)
    expect(rows).toHaveLength(names.size * Object.keys(ACTORS).length)
  }
})
