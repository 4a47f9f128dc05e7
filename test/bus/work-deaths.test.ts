// Only where a handle can be ended as a process is that was killed: in memory.

import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {aborted} from '../../src/bus/deadline.js'
import type {MemoryStore} from '../store/memory/open.js'
import {all, bodies, refusal, sendEach, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('jobs')
})

const die = (bus: Bus): void => (bus.context.store as MemoryStore).die()

describe('a worker that never comes back', () => {
  test('has used an attempt; after the last one the message is a dead letter', async () => {
    await sendEach(alice, 'jobs', ['killer'])
    for (const attempt of [1, 2]) {
      const victim = await w.elsewhere('victim')
      const [claim] = await victim.context.store.claims
        .claim(
          {channel: 'jobs', group: 'workers'},
          {actor: 'victim', limit: 1, lease: 1000, maxAttempts: 2, bound: true},
        )
        .then(({claims}) => claims)
      expect(claim?.attempt).toBe(attempt)
      die(victim)
    }
    const buried: string[] = []
    const report = await bob.work('jobs', async () => undefined, {
      untilEmpty: true,
      maxAttempts: 2,
      onBuried: (letters) => buried.push(...letters.map(({message}) => text(message))),
    })
    expect(report).toMatchObject({done: 0, dead: 1})
    expect(buried).toEqual(['killer'])
    expect(await all(alice.deadLetters({channel: 'jobs'}))).toMatchObject([{attempts: 2, group: 'workers'}])
  })
})

test('an error of the store ends the work when the handlers have ended', async () => {
  await sendEach(alice, 'jobs', ['x', 'y'])
  const mallory = await w.elsewhere('mallory')
  let ended = 0
  const working = mallory.work(
    'jobs',
    async ({message}, signal) => {
      if (text(message) === 'x') die(mallory)
      else await aborted(signal)
      ended++
      return undefined
    },
    {concurrency: 2, grace: 1},
  )
  await expect(working).rejects.toMatchObject(refusal('STORAGE'))
  expect(ended).toBe(2)
})

test('a responder that is killed: the request is given to another', async () => {
  await alice.send('jobs', {body: 'x', replyChannel: 'replies'})
  const victim = await w.elsewhere('victim')
  const dying = victim.respond('jobs', async () => {
    die(victim)
    return {body: 'never'}
  })
  await expect(dying).rejects.toMatchObject(refusal('STORAGE'))
  await alice.createChannel('replies')
  await bob.respond('jobs', async ({body}) => ({body}), {count: 1})
  expect(await bodies(alice.log(['replies']))).toEqual(['x'])
})
