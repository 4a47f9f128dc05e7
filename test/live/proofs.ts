/**
 * The proofs in their long form, with figures: `npm run proofs`, or `npm run proofs kills streams` for some.
 *
 * Each is about a law or two among a few processes of a kind, some of which are killed or stopped. What happens to leat from
 * outside, and everything together killed, is in test/faults, which builds on the rooms here.
 */
import {deliveries} from './deliveries.js'
import {grouped} from './grouped.js'
import {kills, poison} from './kills.js'
import {requests} from './requests.js'
import {sleepingFollower} from './sleeping.js'
import {lateToken, stalledWorker} from './stalled.js'
import {stalledStreams} from './stalled-streams.js'
import {streams} from './streams.js'

const PROOFS: Readonly<Record<string, () => Promise<object>>> = {
  kills: () => kills(500),
  grouped: () => grouped(200),
  deliveries: () => deliveries(200),
  poison: () => poison(5, 100, 5),
  stalled: async () => ({...(await stalledWorker()), ...(await lateToken())}),
  streams: () => streams(5000),
  requests: () => requests(100, 10),
  sleeping: () => sleepingFollower(20_000, 8000),
  stalledStreams: () => stalledStreams(50, 100_000),
}

const wanted = process.argv.slice(2)
for (const [name, proof] of Object.entries(PROOFS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const began = performance.now()
  const figures = JSON.stringify(await proof())
  process.stdout.write(`${name} ${((performance.now() - began) / 1000).toFixed(1)} s ${figures}\n`)
}
