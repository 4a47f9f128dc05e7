import {beforeEach, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {bodies, refusal, START, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
  for (const name of ['ops', 'audit']) await alice.createChannel(name)
})

const later = (bus: Bus, body: string, seconds: number, channels: string | string[] = 'ops') =>
  bus.send(channels, {body, deliverAt: START + seconds * 1000})

const waiting = async (bus: Bus, channel?: string) =>
  (await bus.scheduled({channel})).map(({message}) => `${message.channel} ${text(message)}`)

test('lists what is not due yet, the next one first: one’s own, and all of what one manages', async () => {
  await later(bob, 'second', 20)
  const first = await later(bob, 'first', 10, ['ops', 'audit'])
  await later(alice, 'hers', 30)
  expect(first.sent).toEqual([
    {channel: 'ops', deliverAt: '2026-06-01T12:00:10.000Z'},
    {channel: 'audit', deliverAt: '2026-06-01T12:00:10.000Z'},
  ])
  expect((await waiting(bob)).toSorted()).toEqual(['audit first', 'ops first', 'ops second'])
  expect(await waiting(alice, 'ops')).toEqual(['ops first', 'ops second', 'ops hers'])
  expect(await waiting(w.as('zoe'))).toEqual([])
  expect((await bob.scheduled({channel: 'audit'}))[0]).toMatchObject({
    deliverAt: '2026-06-01T12:00:10.000Z',
    message: {seq: 0, id: first.id, time: '2026-06-01T12:00:10.000Z', sentAt: '2026-06-01T12:00:00.000Z'},
  })
  w.clock.now = START + 10_000
  expect(await waiting(bob)).toEqual(['ops second'])
  expect(await bodies(bob.log(['ops']))).toEqual(['first'])
})

test('a channel that is named has to be there, and to be for the actor', async () => {
  await expect(bob.scheduled({channel: 'nope'})).rejects.toMatchObject(refusal('NOT_FOUND'))
  await alice.updateChannel('ops', {restricted: true})
  await expect(bob.scheduled({channel: 'ops'})).rejects.toMatchObject(refusal('FORBIDDEN'))
})

test('takes back one’s own or what one manages, by id or its end, from all channels or one', async () => {
  const {id} = await later(bob, 'both', 10, ['ops', 'audit'])
  const {id: other} = await later(bob, 'other', 10)
  await expect(w.as('zoe').cancelScheduled(id)).rejects.toMatchObject(refusal('NOT_FOUND', /no delayed message/))
  expect((await bob.cancelScheduled(id, {channel: 'audit'})).map(({message}) => message.channel)).toEqual(['audit'])
  expect((await alice.cancelScheduled(id.slice(-12))).map(({message}) => message.channel)).toEqual(['ops'])
  await expect(bob.cancelScheduled(id)).rejects.toMatchObject(refusal('NOT_FOUND', undefined, 'leat scheduled list'))
  expect(await waiting(bob)).toEqual(['ops other'])
  w.clock.now += 20_000
  for (const name of [other, 'ops/1'])
    await expect(bob.cancelScheduled(name)).rejects.toMatchObject(refusal('CONFLICT', /has its place already: ops\/1/))
  await expect(bob.cancelScheduled('!')).rejects.toMatchObject(refusal('INVALID'))
  expect(await bodies(bob.log(['ops']))).toEqual(['other'])
})

test('the end of several ids names none', async () => {
  for (const start of ['0190c7a2-3f4e', '0190c7a2-3f4f'])
    await bob.send('ops', {body: 'x', id: `${start}-7abc-8def-0123456789ab`, deliverAt: START + 1000})
  await expect(bob.cancelScheduled('0123456789ab')).rejects.toMatchObject(refusal('USAGE', /end of several ids/))
})
