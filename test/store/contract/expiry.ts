import {expect} from 'vitest'
import type {Store} from '../../../src/store/store.js'
import {only, places, reader, readOn, refused, type Suite, scanAll, sentTo, seqs, texts} from './bench.js'
import {ack, bury, claim, claimed, deadLetters, fail, release} from './claiming.js'
import {DAY, HOUR, SECOND, START} from './harness.js'

/** Whether a place is stored at all, expired or not. */
const isStored = async (store: Store, place: string): Promise<boolean> => {
  const [channel = '', seq] = place.split('/')
  return (await store.messages.find({by: 'place', channel, seq: Number(seq)})).length > 0
}

const soon = {expiresAt: START + SECOND}

export function expiryTests({law, promise}: Suite): void {
  promise('expired messages are deleted when something is written to their channel', async ({store, send, clock}) => {
    for (const name of ['ops', 'dev']) await store.channels.create(name, {}, 'alice')
    const {id} = await send(['ops', 'dev'], {...soon, references: ['00000000-0000-7000-8000-000000000001']})
    await send('ops')
    clock.advance(SECOND)
    expect((await store.messages.find({by: 'id', id})).length).toBe(2)
    await send('ops')
    expect(places(await store.messages.find({by: 'id', id}))).toEqual(['dev/1'])
    expect(await isStored(store, 'ops/1')).toBe(false)
    expect(places(await scanAll(store, ['ops', 'dev']))).toEqual(['ops/2', 'ops/3'])
    await store.channels.prune('dev', {keep: 100})
    expect(await store.messages.find({by: 'id', id})).toEqual([])
    const {referencedBy} = await store.messages.links('00000000-0000-7000-8000-000000000001')
    expect(referencedBy).toEqual([])
  })

  promise('every prune deletes them, besides what it is asked to', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const fill = async () => {
      for (const expires of [true, false, true, false])
        await send('ops', expires ? {expiresAt: clock.now() + SECOND} : {})
      clock.advance(SECOND)
    }
    await fill()
    expect(await store.channels.prune('ops', {dryRun: true})).toMatchObject({deleted: 2, kept: 2})
    expect(await isStored(store, 'ops/1')).toBe(true)
    expect(await store.channels.prune('ops', {})).toEqual({channel: 'ops', deleted: 2, kept: 2, clockDoubted: false})
    await fill()
    expect(await store.channels.prune('ops', {before: START})).toMatchObject({deleted: 2, kept: 4})
    await fill()
    expect(await store.channels.prune('ops', {keepUnread: true})).toMatchObject({deleted: 2, kept: 6})
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 0, kept: 6})
  })

  promise("nothing expires for good while the clock can't be believed", async ({store, send, clock}) => {
    for (const name of ['ops', 'dev']) await store.channels.create(name, {}, 'alice')
    await send('ops', soon)
    await send('ops')
    clock.advance(DAY + SECOND)
    expect(await store.channels.prune('ops', {})).toEqual({channel: 'ops', deleted: 0, kept: 2, clockDoubted: true})
    expect(places(await scanAll(store, ['ops']))).toEqual(['ops/2'])
    clock.advance(-DAY)
    expect(places(await scanAll(store, ['ops']))).toEqual(['ops/2'])
    clock.advance(-SECOND)
    expect(places(await scanAll(store, ['ops']))).toEqual(['ops/1', 'ops/2'])
    clock.advance(DAY + 2 * SECOND)
    expect(await store.channels.prune('ops', {trustClock: true})).toMatchObject({deleted: 1, clockDoubted: false})
    await send('ops', {expiresAt: clock.now() + SECOND})
    clock.advance(DAY + 2 * SECOND)
    await send('dev')
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 1, kept: 1, clockDoubted: false})
  })

  promise('an append after a jump of the clock deletes nothing, the next one does', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', soon)
    clock.advance(DAY + SECOND)
    await send('ops')
    expect(await isStored(store, 'ops/1')).toBe(true)
    await send('ops')
    expect(await isStored(store, 'ops/1')).toBe(false)
  })

  promise('what is in flight stays until its group is done with it', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    for (let count = 0; count < 4; count++) await send('ops', soon)
    const [one, two, three] = (await claim(store, undefined, {limit: 3})).claims
    await fail(store, two!, HOUR)
    clock.advance(SECOND)
    expect(await store.channels.prune('ops', {keep: 0})).toMatchObject({deleted: 1, kept: 3})
    await send('ops')
    expect(await store.claims.get(one!.token)).toEqual(one)
    expect(await Promise.all(['ops/1', 'ops/2', 'ops/3'].map((at) => isStored(store, at)))).toEqual([true, true, true])
    expect(await ack(store, one!)).toEqual(['settled'])
    await release(store, three!)
    await send('ops')
    expect(await isStored(store, 'ops/1')).toBe(false)
    expect(claimed(await claim(store))).toEqual([5, 6])
    clock.advance(HOUR)
    expect(claimed(await claim(store))).toEqual([5, 6])
    await send('ops')
    expect(await Promise.all(['ops/2', 'ops/3'].map((at) => isStored(store, at)))).toEqual([false, false])
  })

  promise('a message that expires in the hands of a worker may be done, and given up', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    for (let count = 0; count < 2; count++) await send('ops', soon)
    const [one, two] = (await claim(store)).claims
    clock.advance(SECOND)
    expect(await ack(store, one!)).toEqual(['settled'])
    const settlement = {token: two!.token, as: 'failed', reason: 'no', delay: 0, dead: true} as const
    expect(await store.claims.settle([settlement])).toEqual(['settled'])
    expect(only(await deadLetters(store)).message.seq).toBe(2)
  })

  promise('a dead letter of an expired message can be redriven, and is never lost by it', async (bench) => {
    const {store, send, clock} = bench
    await store.channels.create('ops', {}, 'alice')
    await send('ops', soon)
    const dead = only(await bury(store))
    clock.advance(HOUR)
    for (const pruned of [false, true]) {
      if (pruned) await store.channels.prune('ops', {keep: 0})
      const redriven = await store.deadLetters.redrive([dead.id])
      const again = (await claim(store)).claims.length
      const left = (await deadLetters(store)).length
      expect([pruned, redriven.length, again + left]).toEqual([pruned, again, 1])
    }
  })

  law(1, 'an append that is refused deletes nothing', async ({store, send, outgoing, clock}) => {
    for (const name of ['ops', 'shut']) await store.channels.create(name, {}, 'alice')
    await send('ops', {...soon, key: 'k', body: 'first'})
    await send('ops')
    await store.channels.setState('shut', 'closed')
    clock.advance(SECOND)
    await refused('CHANNEL_CLOSED', store.messages.append([outgoing('ops', {key: 'k'}), outgoing('shut')]))
    expect(await isStored(store, 'ops/1')).toBe(true)
    clock.advance(-SECOND)
    expect(await send('ops', {...soon, key: 'k', body: 'first'})).toMatchObject({duplicate: true})
  })

  promise('id and key of an expired message are free again', async ({store, send, clock, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    await send('ops', {...soon, id, key: 'k', body: 'first'})
    clock.advance(SECOND)
    const again = await send('ops', {id, key: 'k', body: 'second'})
    expect([again.duplicate, sentTo(again)]).toEqual([undefined, ['ops/2']])
  })

  promise('counts, scans and readers are right around the holes', async ({store, send, clock}) => {
    await store.channels.create('ops', {retention: {maxMessages: 6}}, 'alice')
    const bob = reader('ops', 'bob')
    for (let count = 1; count <= 12; count++) await send('ops', count > 6 && count % 3 === 0 ? soon : {})
    expect(seqs(await readOn(store, bob, {limit: 1}))).toEqual([7])
    clock.advance(SECOND)
    await send('ops', {expiresAt: clock.now() + SECOND})
    clock.advance(SECOND)
    await send('ops')
    const expected = [7, 8, 10, 11, 14]
    expect(seqs({messages: await scanAll(store, ['ops'])})).toEqual(expected)
    expect(seqs({messages: await scanAll(store, ['ops'], {order: 'backward', limit: 3})})).toEqual([14, 11, 10])
    const summary = only(await store.channels.summaries({channels: [{name: 'ops'}], actor: 'bob'}))
    expect([summary.messages, summary.unread, summary.last?.seq]).toEqual([5, 4, 14])
    expect((await store.info()).messages).toBe(5)
    expect(await store.consumers.unread(bob, {actor: 'bob'})).toBe(4)
    expect(await store.consumers.seek(bob, 10, {actor: 'bob', dryRun: true})).toMatchObject({skipped: 2})
    expect(seqs(await readOn(store, bob, {limit: 2}))).toEqual([8, 10])
    expect(seqs(await readOn(store, bob))).toEqual([11, 14])
    await send('ops')
    await send('ops')
    expect(seqs({messages: await scanAll(store, ['ops'])})).toEqual([8, 10, 11, 14, 15, 16])
    expect(await store.channels.prune('ops', {keep: 2})).toMatchObject({deleted: 4, kept: 2})
    expect(await store.messages.firstSince('ops', START)).toBe(15)
  })

  promise('the last message of a channel may expire', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3), soon)
    clock.advance(SECOND)
    expect(await store.channels.prune('ops', {})).toMatchObject({deleted: 3, kept: 0})
    expect(only(await store.channels.summaries({channels: [{name: 'ops'}], actor: 'bob'}))).toMatchObject({
      messages: 0,
      unread: 0,
      lastSeq: 3,
    })
    await sendAll('ops', texts(1))
    expect(seqs(await readOn(store, reader('ops', 'bob')))).toEqual([4])
  })
}
