/** The proofs in their short form. `npm run proofs` runs the long one. */
import {expect, test, vi} from 'vitest'
import {deliveries} from './deliveries.js'
import {grouped} from './grouped.js'
import {kills, poison} from './kills.js'
import {requests} from './requests.js'
import {sleepingFollower} from './sleeping.js'
import {lateToken, stalledWorker} from './stalled.js'
import {stalledStreams} from './stalled-streams.js'
import {streams} from './streams.js'

// Dozens of processes are started: on a busy machine that takes its time.
vi.setConfig({testTimeout: 240_000})

test('workers that are killed lose nothing, and nothing is acked twice', async () => {
  // Those who are left at the end are killed, too.
  expect((await kills(40)).kills).toBeGreaterThanOrEqual(40)
})

test('writers that are killed in the middle of shared transactions lose nothing that was acknowledged', async () => {
  expect((await grouped(10)).kills).toBeGreaterThanOrEqual(10)
})

test('deliverers that are killed lose nothing, and each message keeps its id', async () => {
  expect(await deliveries(15)).toMatchObject({kills: 15})
})

test('a message that kills its workers becomes a dead letter', async () => {
  expect(await poison(2, 10, 2)).toEqual({deaths: 4, deadLetters: 2, done: 10})
})

test('a worker that slept past its lease is refused', async () => {
  expect(await stalledWorker()).toEqual({lateAck: 'lost'})
  expect(await lateToken()).toEqual({lateToken: 'STALE_CLAIM'})
})

test('4 followers see what 4 writers send, once and in order, through a kill and a jump of the clock', async () => {
  expect(await streams(500)).toMatchObject({messages: 2000, followers: 4})
})

test('100 requests at once get 100 right answers of 4 responders', async () => {
  expect(await requests(100, 1)).toMatchObject({answers: 100})
})

test('a follower that is stopped does not make the log grow', async () => {
  expect(await sleepingFollower(20_000, 3000)).toMatchObject({messages: 20_000})
})

test('50 streams that nobody reads cost the server little, and others nothing', async () => {
  expect(await stalledStreams(50, 10_000)).toMatchObject({streams: 50, messages: 10_000})
})
