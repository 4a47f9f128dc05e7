import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {all, bodies, numbered, refusal, START, sendEach, take, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus
let ids: string[]

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  await alice.createChannel('ops')
  await alice.createChannel('other')
  ids = []
  for (const body of numbered(5)) {
    ids.push(...(await sendEach(alice, 'ops', [body])))
    w.clock.now += 60_000
  }
})

test('gives what read would, and moves nothing', async () => {
  await take(bob.read('ops', {limit: 2}))
  expect(await bodies(bob.peek('ops'))).toEqual(['m3', 'm4', 'm5'])
  expect(await bodies(bob.peek('ops', {limit: 1}))).toEqual(['m3'])
  expect(await bodies(bob.peek('ops', {filter: {text: '4'}}))).toEqual(['m4'])
  expect(await bodies(bob.peek('ops', {others: true, all: true, limit: 1}))).toEqual(['m3', 'm4', 'm5'])
  expect(await bodies(bob.peek('ops', {reader: 'new'}))).toEqual(numbered(5))
  expect(await bob.cursors()).toMatchObject([{name: 'bob', cursor: 2}])
})

describe('positions', () => {
  beforeEach(() => take(bob.read('ops', {limit: 2})))

  const iso = (minutes: number): string => new Date(START + minutes * 60_000).toISOString()

  test.each([
    ['start', '12345', '12345'],
    ['now', '', ''],
    ['cursor', '345', '345'],
    ['0', '12345', '12345'],
    ['3', '345', '45'],
    ['ops/3', '345', '45'],
    [iso(3), '45', '5'],
    [iso(3.5), '5', '5'],
    [iso(9), '', ''],
    ['2m', '45', '5'],
  ])('%s', async (position, from, after) => {
    const expected = (digits: string): string[] => [...digits].map((digit) => `m${digit}`)
    expect(await bodies(bob.peek('ops', {from: position}))).toEqual(expected(from))
    expect(await bodies(bob.peek('ops', {after: position}))).toEqual(expected(after))
    expect(await bodies(bob.log(['ops'], {from: position}))).toEqual(expected(from))
    expect(await bodies(bob.log(['ops'], {after: position}))).toEqual(expected(after))
  })

  test('an id, or its end', async () => {
    expect(await bodies(bob.peek('ops', {after: ids[3]}))).toEqual(['m5'])
    expect(await bodies(bob.peek('ops', {from: ids[3]!.slice(-17)}))).toEqual(['m4', 'm5'])
  })

  test('a place that was pruned is one', async () => {
    await alice.pruneChannel('ops', {keep: 1})
    expect(await bodies(bob.peek('ops', {after: 'ops/2'}))).toEqual(['m5'])
    expect(await bodies(bob.peek('ops', {from: '1'}))).toEqual(['m5'])
  })

  test.each<[string, 'INVALID' | 'NOT_FOUND', RegExp]>([
    ['6', 'INVALID', /no place 6/],
    ['ops/6', 'INVALID', /no place 6/],
    ['other/1', 'INVALID', /not a position in ops/],
    ['whenever', 'INVALID', /not a position/],
    ['01890000-0000-7000-8000-000000000000', 'NOT_FOUND', /no message/],
    ['abcdef123456', 'NOT_FOUND', /no message/],
  ])('%s is refused and leaves the cursor alone', async (position, code, message) => {
    for (const act of [
      () => all(bob.peek('ops', {after: position})),
      () => all(bob.peek('ops', {from: position})),
      () => all(bob.log(['ops'], {after: position})),
      () => bob.setCursor('ops', position),
      () => bob.subscribe('ops', {from: position}),
    ])
      await expect(act()).rejects.toMatchObject(refusal(code, message))
    expect((await bob.cursor('ops')).cursor).toBe(2)
  })

  test('a message of another channel is refused', async () => {
    const {id} = await alice.send('other', {body: 'x'})
    await expect(all(bob.peek('ops', {after: id}))).rejects.toMatchObject(refusal('INVALID', /not in ops/, /other\/1/))
  })

  test('both from and after are refused', async () => {
    await expect(all(bob.peek('ops', {from: '1', after: '1'}))).rejects.toMatchObject(refusal('USAGE'))
  })
})
