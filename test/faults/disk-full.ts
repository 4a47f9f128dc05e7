/** A disk that is full while everything works on a store on it: nothing that was acknowledged is lost, and all go on when there is room. */
import assert from 'node:assert/strict'
import {spawnSync} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {type Bus, openBus} from '../../src/index.js'
import {LeatError} from '../../src/model/errors.js'
import {Endpoint} from '../live/deliveries.js'
import {listOf, Started} from '../live/room.js'
import type {Figures} from './figures.js'
import {soundness} from './power-cut/sound.js'

/** Bytes of the disk. SQLite's log alone grows to 16 MiB before it is put into the file. */
const SIZE = 64 * 1024 * 1024
/** Bytes that are left at first. */
const SLACK = 512 * 1024
/** Milliseconds until something has to have happened. */
const PATIENCE = 60_000

/** Whether a small disk can be had: only root may mount one. */
export const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-mount-'))
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) return false
    return spawnSync('umount', [folder]).status === 0
  } finally {
    rmSync(folder, {recursive: true})
  }
})()

/** @param rounds how often the disk is full, and has room again */
export async function diskFull(rounds: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-full-'))
  const [disk, outside] = [join(folder, 'disk'), join(folder, 'outside')]
  spawnSync('mkdir', [disk, outside])
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk]).status, 0)
  const started: Started[] = []
  const endpoint = await Endpoint.open()
  const store = join(disk, 'bus.db')
  const bus = await openBus({store, as: 'alice', create: true})
  try {
    for (const channel of ['stream', 'jobs']) await bus.createChannel(channel)
    await bus.subscribe('stream', {
      subscriber: 'hook',
      transport: 'http',
      endpoint: `${endpoint.url}/hook`,
      allowPrivate: true,
    })
    // They live through all of it.
    const log = join(outside, 'work')
    started.push(new Started('worker', {store, name: 'worker', log, options: {maxAttempts: 1_000}, longest: 5}))
    started.push(new Started('door', {store, name: 'web', ready: join(outside, 'ready')}))
    const acknowledged: string[] = []
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      const ballast = join(disk, 'ballast')
      fill(ballast)
      truncateSync(ballast, Math.max(0, statSync(ballast).size - SLACK))
      refused += await sendUntilFull(bus, acknowledged)
      refused += await refusedMeanwhile(bus, disk)
      rmSync(ballast)
      await sendSome(bus, acknowledged, `room ${round}`)
      for (const process of started) assert.ok(!process.isOver, `${process.name} ended when the disk was full`)
    }
    await everythingDone(bus)
    await compare(bus, acknowledged)
    for (const process of started) assert.ok(!process.isOver, `${process.name} ended`)
    return {timesFull: rounds, acknowledged: acknowledged.length, refused, lost: 0, halves: 0}
  } finally {
    await Promise.all(started.map((child) => child.kill()))
    await bus.close()
    endpoint.close()
    spawnSync('umount', [disk])
    rmSync(folder, {recursive: true, force: true})
  }
}

/** Takes all the room there is. */
function fill(file: string): void {
  const fd = openSync(file, 'w')
  try {
    for (const size of [65_536, 4096]) {
      const block = Buffer.alloc(size, 'x')
      try {
        while (writeSync(fd, block) > 0);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      }
    }
  } finally {
    closeSync(fd)
  }
}

async function sendSome(bus: Bus, acknowledged: string[], what: string): Promise<void> {
  for (let number = 0; number < 20; number++) {
    const channels = number % 2 ? ['stream', 'jobs'] : ['jobs']
    acknowledged.push((await bus.send(channels, {body: `${what} ${number}`})).id)
  }
}

/** Sends until there is no room in the log that is there, either. Returns how many were refused, each as it should be. */
async function sendUntilFull(bus: Bus, acknowledged: string[]): Promise<number> {
  let refused = 0
  for (let number = 0; refused < 5; number++)
    try {
      const {id} = await bus.send(number % 2 ? ['stream', 'jobs'] : ['jobs'], {body: `${number} `.padEnd(2_000, 'x')})
      acknowledged.push(id)
      refused = 0
    } catch (error) {
      isFull(error)
      refused++
    }
  return refused
}

function isFull(error: unknown): void {
  assert.ok(error instanceof LeatError, String(error))
  assert.deepEqual(
    [error.code, error.hint, error.message.split(': ').at(-1)],
    ['STORAGE', 'make room and try again', 'the disk is full'],
  )
}

/** A batch and a backup, which need more room than there is. */
async function refusedMeanwhile(bus: Bus, disk: string): Promise<number> {
  const lines = async function* () {
    for (let line = 1; line <= 500; line++) yield {line, draft: {body: `batch ${line} `.padEnd(4_000, 'x')}}
  }
  await assert.rejects(bus.sendAll('jobs', lines(), {chunk: 500}), (error) => {
    isFull(error)
    return true
  })
  await assert.rejects(bus.backup(join(disk, 'copy.db')), {code: 'STORAGE'})
  const left = spawnSync('find', [disk, '-name', '.*.backup*'], {encoding: 'utf8'}).stdout
  assert.equal(left, '', 'files of the backup are left')
  return 2
}

/** Until the worker and the server have done what is there: they have gone on by themselves. */
async function everythingDone(bus: Bus): Promise<void> {
  const {lastSeq} = await bus.channel('stream')
  const deadline = performance.now() + PATIENCE
  for (;;) {
    const group = await bus.context.store.consumers.get({channel: 'jobs', kind: 'workers', name: 'workers'})
    const isWorked =
      group?.cursor === (await bus.channel('jobs')).lastSeq && (await bus.inFlight({channel: 'jobs'})).length === 0
    const delivered = (await listOf(bus.deliveries({channel: 'stream'}))).filter(
      ({state}) => state === 'delivered',
    ).length
    if (isWorked && delivered === lastSeq) return
    assert.ok(performance.now() < deadline, `${delivered} of ${lastSeq} delivered, work at ${group?.cursor}`)
    await pause(100)
  }
}

async function compare(bus: Bus, acknowledged: readonly string[]): Promise<void> {
  await soundness(bus)
  const jobs = await listOf(bus.log(['jobs']))
  const stored = new Set(jobs.map(({id}) => id))
  for (const id of acknowledged) assert.ok(stored.has(id), `${id} is lost`)
  assert.ok(!jobs.some(({content}) => String(content).startsWith('batch')), 'a part of a batch was stored')
  for (const {id} of await listOf(bus.log(['stream']))) assert.ok(stored.has(id), `${id} is in stream alone`)
}
