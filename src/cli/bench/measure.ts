/** The five measurements. */
import type {Member} from './crew.js'
import type {Report} from './job.js'
import {type BenchName, isFilledBefore, type Plan, shares} from './plan.js'
import {PAGE, Stopwatch} from './roles.js'
import type {Room} from './room.js'
import {type Bucket, histogramOf, type Latency, latencyOf, steadyNow} from './samples.js'

export interface Measured {
  bench: BenchName
  /** Messages, or requests, that were done. */
  count: number
  /** Bytes of content of each. */
  size: number
  concurrency: number
  seconds: number
  /** Messages a second. */
  throughput: number
  /** What one sample of the latency is. */
  of: string
  /** Milliseconds. */
  latency: Latency
  histogram: Bucket[]
}

const SAMPLES: Readonly<Record<BenchName, string>> = {
  send: 'a send, until it is on disk',
  read: `a page of up to ${PAGE} messages, taken and committed`,
  follow: 'from the commit here to the message in another process',
  request: 'from the question to the answer of another process',
  work: 'a message claimed, handled by nothing, acked',
}

/** @throws whatever the bus throws; REMOTE a process of the measurement ended early */
export async function measure(room: Room, plan: Plan): Promise<Measured> {
  if (isFilledBefore(plan.bench)) await fill(room, plan)
  const reports = await MEASURES[plan.bench](room, plan)
  return summary(plan, reports)
}

const MEASURES: Readonly<Record<BenchName, (room: Room, plan: Plan) => Promise<readonly Report[]>>> = {
  send: async (room, {count, size, duration, concurrency}) =>
    run(await room.hire(shares(count, concurrency).map((share) => ({role: 'send', count: share, duration, size})))),

  read: async (room, {duration, again, concurrency}) =>
    run(await room.hire(each(concurrency, (at) => ({role: 'read', reader: `reader-${at}`, duration, again})))),

  work: async (room, {duration, again, concurrency}) =>
    run(await room.hire(each(concurrency, () => ({role: 'work', duration, again})))),

  follow: async (room, plan) => {
    const followers = await room.hire(each(plan.concurrency, () => ({role: 'follow'})))
    return [await untilOneFails(followers, followed(room, followers, plan))]
  },

  request: async (room, plan) => {
    const responders = await room.hire([{role: 'echo', concurrency: plan.concurrency}])
    return untilOneFails(responders, asked(room, responders, plan))
  },
}

const each = <T>(count: number, make: (at: number) => T): T[] => Array.from({length: count}, (_, at) => make(at + 1))

/** All at once, until all are done. */
function run(members: readonly Member[]): Promise<Report[]> {
  for (const member of members) member.go()
  return Promise.all(members.map(({report}) => report))
}

/** These work for ever: they report only that they can't. */
const untilOneFails = <T>(members: readonly Member[], work: Promise<T>): Promise<T> =>
  Promise.race([work, ...members.map(({report}) => report.then(() => work))])

async function fill({bus, channel}: Room, {count, size}: Plan): Promise<void> {
  const body = 'x'.repeat(size)
  await bus.sendAll(
    channel,
    (async function* () {
      for (let line = 1; line <= count; line++) yield {line, draft: {body}}
    })(),
  )
}

/** One message at a time: the next is sent when every follower has the last, so that each finds them waiting. */
async function followed({bus, channel}: Room, followers: readonly Member[], plan: Plan): Promise<Report> {
  const body = 'x'.repeat(plan.size)
  const send = async (): Promise<number[]> => {
    const received = followers.map((follower) => new Promise<number>((resolve) => follower.once('received', resolve)))
    await bus.send(channel, {body})
    const committed = steadyNow()
    // Who follows may have it before `send` has returned here.
    return (await Promise.all(received)).map((at) => Math.max(0, at - committed))
  }
  for (const follower of followers) follower.go()
  await send() // until they are awake for the first time
  const watch = new Stopwatch(plan.duration)
  const samples: number[] = []
  while (watch.done < plan.count && !watch.isOver) {
    samples.push(...(await send()))
    watch.lap()
  }
  return {...watch.report(), samples: Float64Array.from(samples)}
}

/** So many at once, each asking its next question when it has its answer. */
async function asked({bus, channel}: Room, responders: readonly Member[], plan: Plan): Promise<Report[]> {
  const body = 'x'.repeat(plan.size)
  for (const responder of responders) responder.go()
  await bus.request(channel, {body}) // until it is there
  const asker = async (count: number): Promise<Report> => {
    const watch = new Stopwatch(plan.duration)
    while (watch.done < count && !watch.isOver) {
      await bus.request(channel, {body})
      watch.lap()
    }
    return watch.report()
  }
  return Promise.all(shares(plan.count, plan.concurrency).map(asker))
}

function summary({bench, size, concurrency}: Plan, reports: readonly Report[]): Measured {
  const sorted = Float64Array.from(reports.flatMap(({samples}) => [...samples])).sort()
  const count = reports.reduce((sum, {done}) => sum + done, 0)
  const began = Math.min(...reports.map((report) => report.began))
  const ended = Math.max(...reports.map((report) => report.ended))
  const seconds = (ended - began) / 1000
  return {
    bench,
    count,
    size,
    concurrency,
    seconds,
    throughput: seconds > 0 ? count / seconds : 0,
    of: SAMPLES[bench],
    latency: latencyOf(sorted),
    histogram: histogramOf(sorted),
  }
}
