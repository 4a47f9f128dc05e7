import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {bodies, lines, numbered, refusal, START, sendEach, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['build.a', 'build.b', 'ops']) await alice.createChannel(name)
  for (const n of [1, 2, 3, 4]) {
    await sendEach(alice, n % 2 ? 'build.a' : 'build.b', [`m${n}`])
    w.clock.now += 60_000
  }
})

test('several channels and globs, in the order of storage, each message once', async () => {
  expect(await bodies(bob.log(['build.b', 'build.*', 'ops']))).toEqual(numbered(4))
  expect(await bodies(bob.log([]))).toEqual(numbered(4))
  expect(await bodies(bob.log(['build.b']))).toEqual(['m2', 'm4'])
})

test('a glob that matches nothing is NOT_FOUND; one that is no glob INVALID', async () => {
  await expect(bodies(bob.log(['x*']))).rejects.toMatchObject(refusal('NOT_FOUND', /no channel matches "x\*"/))
  await expect(bodies(bob.log(['[b-']))).rejects.toMatchObject(refusal('INVALID'))
})

test('a glob passes over what may not be read', async () => {
  await alice.createChannel('build.secret', {restricted: true})
  await sendEach(alice, 'build.secret', ['s'])
  expect(await bodies(bob.log(['build.*']))).toEqual(numbered(4))
})

describe('limits', () => {
  test.each<[Parameters<Bus['log']>[1], string]>([
    [{limit: 3}, '234'],
    [{limit: 9}, '1234'],
    [{reverse: true}, '4321'],
    [{reverse: true, limit: 2}, '43'],
    [{from: 'start', limit: 2}, '12'],
    [{from: '3m'}, '234'],
    [{from: '3m', limit: 2}, '23'],
    [{from: '3m', reverse: true}, '432'],
    [{after: 'now'}, ''],
    [{filter: {since: START + 60_000, until: START + 180_000}}, '23'],
    [{filter: {senders: ['bob']}}, ''],
    [{filter: {text: '3'}, limit: 1}, '3'],
  ])('%o gives %s', async (options, digits) => {
    expect(await bodies(bob.log([], options))).toEqual([...digits].map((digit) => `m${digit}`))
  })

  test('a seq or a message means one channel', async () => {
    for (const position of ['2', 'build.a/1'])
      await expect(bodies(bob.log([], {from: position}))).rejects.toMatchObject(refusal('USAGE', /one channel/))
    expect(await bodies(bob.log(['build.a'], {from: '2'}))).toEqual(['m3'])
  })

  test.each([199, 200, 201, 399, 400, 999, 1000, 1001])(
    'the newest %d of 1,000, over pages and channels',
    async (limit) => {
      const texts = numbered(1000, 'x')
      await alice.sendAll('ops', lines(texts.slice(0, 700).map((body) => ({body}))))
      await alice.sendAll('build.a', lines(texts.slice(700).map((body) => ({body}))))
      const expected = [...numbered(4), ...texts]
      expect(await bodies(bob.log([], {limit}))).toEqual(expected.slice(-limit))
      expect(await bodies(bob.log([], {limit, reverse: true}))).toEqual(expected.slice(-limit).reverse())
      expect(await bodies(bob.log([], {limit, from: 'start'}))).toEqual(expected.slice(0, limit))
    },
  )
})

test('thread: the thread of a message only', async () => {
  await bob.reply('build.a/1', {body: 'answer'})
  await bob.send('ops', {body: 'elsewhere', replyTo: 'build.a/3'})
  expect(await bodies(bob.log([], {thread: 'build.a/3'}))).toEqual(['m1', 'answer', 'elsewhere'])
  expect(await bodies(bob.log(['ops'], {thread: 'build.a/1'}))).toEqual(['elsewhere'])
  await expect(bodies(bob.log([], {thread: 'ops/9'}))).rejects.toMatchObject(refusal('NOT_FOUND'))
})

test('touches no cursor, and stops when it is told to', async () => {
  const stop = new AbortController()
  await alice.sendAll('ops', lines(numbered(500).map((body) => ({body}))))
  let count = 0
  for await (const _ of bob.log(['ops'], {signal: stop.signal})) if (++count === 10) stop.abort()
  expect(count).toBe(200)
  expect(await bob.cursors()).toEqual([])
})
