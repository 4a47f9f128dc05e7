/** A process whose writes share transactions, killed at random moments. */
import assert from 'node:assert/strict'
import {setTimeout as pause} from 'node:timers/promises'
import {inRoom, listOf} from './room.js'

/** Writes that are on their way at once, in each of two processes. */
const LANES = 16
/** Milliseconds that a process writes on at most before it is killed. */
const LONGEST = 200

/**
 * Laws 4, 5 and 6 under SIGKILL: what was acknowledged is there, each batch is whole or not there at all, no key is there
 * twice, and the store is sound.
 */
export const grouped = (wanted: number) =>
  inRoom(['stream'], async ({bus, start, log, notes}) => {
    const hire = (name: string) => start('grouped', {name, log: log('acked'), lanes: LANES})
    let killed = 0
    await Promise.all(
      ['a', 'b'].map(async (side) => {
        for (let count = 0; killed < wanted; count++) {
          const writer = hire(`${side}${count}`)
          await writer.heard('there')
          await pause(Math.random() * LONGEST)
          await writer.kill()
          killed++
        }
      }),
    )
    const stored = new Map<string, string[]>()
    for (const {sender, content} of await listOf(bus.log(['stream']))) {
      const [lane, number, which] = String(content).split(' ')
      const pair = `${sender} ${lane} ${number}`
      stored.set(pair, [...(stored.get(pair) ?? []), which!])
    }
    for (const [pair, both] of stored) assert.deepEqual(both, ['first', 'second'], `${pair} is not whole`)
    const acked = notes('acked').map((words) => words.join(' '))
    assert.equal(new Set(acked).size, acked.length)
    for (const pair of acked) assert.ok(stored.has(pair), `${pair} was acknowledged, and is not there`)
    const findings = await listOf(bus.check({deep: true}))
    assert.deepEqual(
      findings.filter(({severity}) => severity === 'damage'),
      [],
    )
    return {kills: killed, acknowledged: acked.length, storedBesides: stored.size - acked.length}
  })
