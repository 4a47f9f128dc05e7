/** A worker that sleeps longer than its lease: what it holds goes to another, and its late ack is refused. */
import assert from 'node:assert/strict'
import {inRoom} from './room.js'

/** Milliseconds. */
const LEASE = 1000

/** SIGSTOP past the lease, then SIGCONT. */
export const stalledWorker = () =>
  inRoom(['jobs'], async ({bus, start, log, notes}) => {
    await bus.send('jobs', {body: 'slow'})
    const given = {log: log('work'), options: {lease: LEASE, count: 1}, holds: true}
    const stalled = start('worker', {name: 'stalled', ...given})
    await stalled.heard('begun')
    stalled.signal('SIGSTOP')

    const attempts: number[] = []
    const report = await bus.work('jobs', async ({attempt}) => void attempts.push(attempt), {lease: LEASE, count: 1})
    assert.deepEqual({done: report.done, attempts}, {done: 1, attempts: [2]})

    stalled.tell('finish')
    stalled.signal('SIGCONT')
    const {outcome} = await stalled.heard('settled')
    assert.equal(outcome, 'lost')
    assert.ok(!notes('work').some(([word]) => word === 'done'))
    assert.deepEqual(await bus.inFlight({channel: 'jobs'}), [])
    return {lateAck: outcome}
  })

/** The same by hand: a token whose lease is over is refused, the one of who took over is not. */
export const lateToken = () =>
  inRoom(['jobs'], async ({bus}) => {
    await bus.send('jobs', {body: 'slow'})
    const [late] = await bus.claim('jobs', {lease: 100})
    const [next] = await bus.claim('jobs', {wait: 30_000})
    assert.equal(next?.message.id, late?.message.id)
    assert.equal(next?.attempt, 2)
    await assert.rejects(bus.ack({claim: late!.token}), {code: 'STALE_CLAIM'})
    await assert.rejects(bus.extend({claim: late!.token}, 1000), {code: 'STALE_CLAIM'})
    await bus.ack({claim: next!.token})
    assert.deepEqual(await bus.inFlight({channel: 'jobs'}), [])
    return {lateToken: 'STALE_CLAIM'}
  })
