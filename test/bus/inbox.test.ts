import {beforeEach, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, numbered, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'alerts', 'chat', 'quiet']) await alice.createChannel(name)
  for (const name of ['ops', 'alerts', 'quiet']) await bob.subscribe(name)
})

test('gives what is unread in all subscriptions, by channel name, and commits', async () => {
  await sendEach(alice, 'ops', ['o1', 'o2'])
  await sendEach(alice, 'alerts', ['a1'])
  await sendEach(alice, 'chat', ['not subscribed'])
  const taken: [string, number][] = []
  for await (const one of bob.inbox()) {
    taken.push([one.channel, one.messages.length])
    await one.commit()
  }
  expect(taken).toEqual([
    ['alerts', 1],
    ['ops', 2],
  ])
  expect(await take(bob.inbox())).toEqual([])
})

test('leaves out own messages, paused subscriptions, other types and what is between others', async () => {
  await bob.subscribe('alerts', {types: ['fire']})
  await bob.subscribe('quiet', {paused: true})
  await sendEach(alice, 'alerts', ['smoke'])
  await sendEach(alice, 'alerts', ['fire!'], {type: 'fire'})
  await sendEach(alice, 'quiet', ['psst'])
  await sendEach(alice, 'ops', ['for zoe'], {recipient: 'zoe'})
  await sendEach(bob, 'ops', ['mine'])
  await sendEach(alice, 'ops', ['hers'])
  expect(await bob.inboxCounts()).toEqual([
    {channel: 'alerts', unread: 1, lastTime: expect.any(String)},
    {channel: 'ops', unread: 1, lastTime: expect.any(String)},
  ])
  expect(await take(bob.inbox())).toEqual(['fire!', 'hers'])
  expect(await bob.inboxCounts()).toEqual([])
  await bob.subscribe('quiet', {paused: false})
  expect(await take(bob.inbox())).toEqual(['psst'])
})

test('a limit is of each channel; all goes on page by page', async () => {
  await sendEach(alice, 'ops', numbered(5, 'o'))
  await sendEach(alice, 'alerts', numbered(5, 'a'))
  expect(await take(bob.inbox({limit: 2}))).toEqual(['a1', 'a2', 'o1', 'o2'])
  expect(await take(bob.inbox({limit: 2, all: true}))).toEqual(['a3', 'a4', 'a5', 'o3', 'o4', 'o5'])
})

test('what is not committed comes again, the next channel is given all the same', async () => {
  await sendEach(alice, 'ops', ['o1'])
  await sendEach(alice, 'alerts', ['a1'])
  expect(await all(bob.inbox())).toHaveLength(2)
  expect(await take(bob.inbox())).toEqual(['a1', 'o1'])
})

test('a channel that may not be read any more is passed over', async () => {
  await sendEach(alice, 'ops', ['o1'])
  await alice.updateChannel('ops', {restricted: true})
  expect(await take(bob.inbox())).toEqual([])
  expect(await bob.inboxCounts()).toEqual([])
})

test('waits for the first in any of them, also in one subscribed to meanwhile', async () => {
  const waiting = take(bob.inbox({wait: 5_000}))
  await bob.subscribe('chat')
  await sendEach(bob, 'ops', ['mine'])
  await sendEach(alice, 'chat', ['hello'])
  expect(await waiting).toEqual(['hello'])
})

test('another reader has its own place', async () => {
  await sendEach(alice, 'ops', ['o1'])
  expect(await take(bob.inbox({reader: 'digest'}))).toEqual(['o1'])
  expect(await bob.inboxCounts({reader: 'digest'})).toEqual([])
  expect(await take(bob.inbox())).toEqual(['o1'])
})
