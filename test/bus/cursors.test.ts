import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {numbered, refusal, START, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
})

describe('cursors', () => {
  beforeEach(async () => {
    await alice.createChannel('ops')
    for (const body of numbered(5)) {
      await sendEach(alice, 'ops', [body])
      w.clock.now += 60_000
    }
    await take(bob.read('ops', {limit: 3}))
  })

  test.each([
    ['start', {from: 3, to: 0, again: 3, skipped: 0}],
    ['now', {from: 3, to: 5, again: 0, skipped: 2}],
    ['2', {from: 3, to: 2, again: 1, skipped: 0}],
    ['ops/5', {from: 3, to: 5, again: 0, skipped: 2}],
    ['cursor', {from: 3, to: 3, again: 0, skipped: 0}],
    [new Date(START + 60_000).toISOString(), {from: 3, to: 1, again: 2, skipped: 0}],
  ])('set to %s says what comes again and what is skipped', async (position, move) => {
    expect(await bob.setCursor('ops', position, {dryRun: true})).toMatchObject(move)
    expect((await bob.cursor('ops')).cursor).toBe(3)
    expect(await bob.setCursor('ops', position)).toMatchObject({...move, channel: 'ops', reader: 'bob'})
    expect(await bob.cursor('ops')).toMatchObject({cursor: move.to, unread: 5 - move.to, lastSeq: 5})
  })

  test('included: what stands there comes again', async () => {
    await bob.setCursor('ops', 'ops/2', {included: true})
    expect(await take(bob.read('ops', {limit: 1}))).toEqual(['m2'])
  })

  test('commit goes forward only', async () => {
    expect(await bob.commitCursor('ops/4')).toMatchObject({from: 3, to: 4, skipped: 1})
    expect(await bob.commitCursor('ops/2')).toMatchObject({from: 4, to: 4, again: 0, skipped: 0})
    await expect(bob.commitCursor('ops/6')).rejects.toMatchObject(refusal('INVALID', /no place 6/))
    await expect(bob.commitCursor('tea/1')).rejects.toMatchObject(refusal('NOT_FOUND'))
    const {message} = await bob.show('ops/5')
    expect((await bob.commitCursor(message.id)).to).toBe(5)
    await alice.pruneChannel('ops', {keep: 0})
    expect(await bob.commitCursor('ops/1', {reader: 'other'})).toMatchObject({reader: 'other', to: 1})
  })

  test('list: every reader, counted with the eyes of who asks', async () => {
    await sendEach(alice, 'ops', ['psst'], {recipient: 'zoe'})
    await take(w.as('zoe').read('ops', {limit: 1}))
    expect(await bob.cursors()).toMatchObject([
      {name: 'bob', cursor: 3, unread: 2, lastSeq: 6},
      {name: 'zoe', cursor: 1, unread: 4},
    ])
    expect(await bob.cursors({reader: 'zoe'})).toHaveLength(1)
    await alice.createChannel('hr', {restricted: true})
    await alice.setCursor('hr', 'now')
    expect(await bob.cursors()).toHaveLength(2)
  })

  test('not while the reader is being handed messages', async () => {
    const reading = bob.read('ops')[Symbol.asyncIterator]()
    await reading.next()
    await expect(bob.setCursor('ops', 'start')).rejects.toMatchObject(refusal('BUSY'))
    await reading.return?.()
  })
})

test('what a subscriber has not read is its own; who manages the channel may move it', async () => {
  const w = await world()
  const [alice, bob, mallory] = [w.as('alice'), w.as('bob'), w.as('mallory')]
  await alice.createChannel('ops')
  await bob.subscribe('ops', {from: 'start'})
  await mallory.subscribe('ops')
  await sendEach(alice, 'ops', numbered(2))
  const refused = refusal('FORBIDDEN', 'bob subscribes to "ops": nobody else moves its cursor there')
  await expect(mallory.setCursor('ops', 'now', {reader: 'bob'})).rejects.toMatchObject(refused)
  await expect(mallory.commitCursor('ops/2', {reader: 'bob'})).rejects.toMatchObject(refused)
  await expect(mallory.take('ops', {reader: 'bob'})).rejects.toMatchObject(refused)
  await expect(take(mallory.read('ops', {reader: 'bob'}))).rejects.toMatchObject(refused)
  await expect(take(mallory.inbox({reader: 'bob'}))).rejects.toMatchObject(refused)
  await expect(take(mallory.followCursor(['ops'], {reader: 'bob', count: 1}))).rejects.toMatchObject(refused)
  expect(await bob.unread('ops')).toBe(2)
  expect(await take(mallory.read('ops', {reader: 'bob.too'}))).toEqual(['m1', 'm2'])
  expect(await alice.setCursor('ops', '1', {reader: 'bob'})).toMatchObject({to: 1})
  expect(await take(bob.read('ops'))).toEqual(['m2'])
})
