import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {planOf, shares} from '../../src/cli/bench/plan.js'
import {csvOf, MEASURED} from '../../src/cli/bench/report.js'
import {histogramOf, latencyOf, percentile} from '../../src/cli/bench/samples.js'
import {openBus} from '../../src/index.js'
import {BIN, type World, world} from './leat.js'

/** A world whose folder for temporary files can be looked into. */
function bench(): World & {tmp: string} {
  const made = world()
  const tmp = join(made.dir, 'tmp')
  mkdirSync(tmp)
  made.env['TMPDIR'] = tmp
  return {...made, tmp}
}

test.each(['send', 'read', 'follow', 'request', 'work'])('%s is measured, by two at once', async (what) => {
  const {leat, tmp, store} = bench()
  const result = await leat`bench ${what} --count 20 --size 10 --concurrency 2 --json`
  expect(result.stderr).toBe('')
  expect(result.code).toBe(0)
  const measured = result.json()
  // Two readers read each message each.
  expect(measured).toMatchObject({bench: what, count: what === 'read' ? 40 : 20, size: 10, concurrency: 2})
  expect(measured.throughput).toBeGreaterThan(0)
  expect(measured.p50).toBeLessThanOrEqual(measured.p90)
  expect(measured.p90).toBeLessThanOrEqual(measured.p99)
  expect(measured.p99).toBeLessThanOrEqual(measured.max)
  const samples = measured.histogram.reduce((sum: number, {count}: {count: number}) => sum + count, 0)
  // A page for each reader, a message for each follower, else a sample each.
  expect(samples).toBe({send: 20, read: 2, follow: 40, request: 20, work: 20}[what])
  expect(readdirSync(tmp)).toEqual([])
  expect(existsSync(store)).toBe(false)
})

test('in a store that is named it uses a channel of its own, and takes it away', async () => {
  const {leat, dir} = bench()
  const store = join(dir, 'team.db')
  expect((await leat`bench request --store ${store}`).code).toBe(3)
  const bus = await openBus({store, as: 'alice', create: true})
  await bus.createChannel('ops')
  const {code, stdout} = await leat`bench request --store ${store} --duration 200ms --csv`
  expect(code).toBe(0)
  const [headers, values, ...rest] = stdout.split('\n')
  expect(headers).toBe('bench,count,size,concurrency,seconds,throughput,p50,p90,p99,max')
  expect(values).toMatch(/^request,\d+,256,1(,[\d.]+){6}$/)
  expect(rest).toEqual([''])
  expect((await bus.channels({all: true})).map(({name}) => name)).toEqual(['ops'])
  await bus.close()
})

test('Ctrl-C ends it, its processes and its store', async () => {
  const {env, tmp} = bench()
  const child = spawn(process.execPath, [BIN, 'bench', 'send', '--duration', '10m', '--concurrency', '2'], {env})
  const ended = once(child, 'close')
  // The store is there, and what the senders write.
  await until(child, () => readdirSync(tmp).some((folder) => existsSync(join(tmp, folder, 'bench.db-wal'))))
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
  expect(readdirSync(tmp)).toEqual([])
})

test.each([
  [['bench', 'everything'], 2, /expected everything to be one of: send, read, follow, request, work/],
  [['bench', 'send', '--count', '0'], 2, /--count: "0" is not a whole number of 1 or more/],
  [['bench', 'send', '--duration', '0s'], 2, /--duration: "0s"/],
  [['bench', 'send', '--csv', '--json'], 2, /csv/],
])('%j is refused', async (words, code, message) => {
  const {leat, tmp} = bench()
  const result = await leat`${words}`
  expect(result.code).toBe(code)
  expect(result.stderr).toMatch(message)
  expect(readdirSync(tmp)).toEqual([])
})

test('a plan has an end', () => {
  expect(planOf('send', {})).toMatchObject({count: 2000, duration: Infinity, again: false, size: 256, concurrency: 1})
  expect(planOf('send', {duration: 1000})).toMatchObject({count: Infinity, duration: 1000, again: false})
  expect(planOf('work', {duration: 1000})).toMatchObject({count: 2000, duration: 1000, again: true})
  expect(planOf('read', {duration: 1000, count: 5})).toMatchObject({count: 5, duration: 1000, again: false})
  expect(() => planOf('send', {concurrency: 65})).toThrow('65 processes')
  expect(planOf('request', {concurrency: 500}).concurrency).toBe(500)
  expect(() => planOf('send', {size: 2 ** 30})).toThrow('1073741824 bytes')
})

test('work is divided evenly', () => {
  expect(shares(10, 4)).toEqual([3, 3, 2, 2])
  expect(shares(2, 4)).toEqual([1, 1, 0, 0])
  expect(shares(Infinity, 2)).toEqual([Infinity, Infinity])
})

test('percentiles are samples, by nearest rank', () => {
  const hundred = Array.from({length: 100}, (_, at) => at + 1)
  expect(latencyOf(hundred)).toEqual({p50: 50, p90: 90, p99: 99, max: 100})
  expect(percentile([7], 50)).toBe(7)
  expect(percentile([1, 2], 99)).toBe(2)
  expect(percentile([], 50)).toBe(0)
})

test('the histogram counts every sample once, from the first bucket to the last that has some', () => {
  expect(histogramOf([0.1, 0.15, 0.2, 0.9, 3])).toEqual([
    {upTo: 0.1, count: 1},
    {upTo: 0.2, count: 2},
    {upTo: 0.5, count: 0},
    {upTo: 1, count: 1},
    {upTo: 2, count: 0},
    {upTo: 5, count: 1},
  ])
  expect(histogramOf([])).toEqual([])
  expect(histogramOf([0])).toEqual([{upTo: 0.01, count: 1}])
})

test('what is printed: CSV without units, bars for people', () => {
  const measured = {
    bench: 'send',
    count: 3,
    size: 10,
    concurrency: 1,
    seconds: 0.01234,
    throughput: 243.11,
    of: 'a send',
    latency: {p50: 1.00049, p90: 2, p99: 2, max: 2},
    histogram: [
      {upTo: 1, count: 1},
      {upTo: 2, count: 0},
      {upTo: 5, count: 1000},
    ],
  } as const
  const own = {...measured, histogram: [...measured.histogram]}
  expect(csvOf(own).split('\n')[1]).toBe('send,3,10,1,0.012,243,1,2,2,2')
  const bars = MEASURED.columns.find(({head}) => head === 'HISTOGRAM')?.shown?.(own, 0)
  expect(bars?.split('\n')).toEqual(['≤ 1 ms     1  █', '≤ 2 ms     0', `≤ 5 ms  1000  ${'█'.repeat(40)}`])
})

/** Looks until it is so; fails if the process ends before. */
async function until(child: ChildProcess, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
