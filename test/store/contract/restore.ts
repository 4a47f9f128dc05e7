import {join} from 'node:path'
import {expect} from 'vitest'
import type {Restored} from '../../../src/model/maintenance.js'
import type {Store} from '../../../src/store/store.js'
import {
  type Bench,
  bodies,
  cursor,
  only,
  reader,
  readOn,
  refused,
  type Suite,
  scanAll,
  sentTo,
  take,
  texts,
} from './bench.js'
import {claim, claimed, claimOne, inFlight, workers} from './claiming.js'
import {deliverAll, pager, settle, subscribed, takeOne} from './delivering.js'
import {checkOf, folder} from './maintenance.js'

/** The file of a backup that is made now. */
export async function saved(store: Store): Promise<string> {
  const file = join(folder(), 'backup')
  await store.maintenance.backup(file)
  return file
}

export async function restored(store: Store, file: string): Promise<Restored> {
  return (await store.maintenance.prepareRestore(file)).apply({safetyCopy: false})
}

export function restoreTests({law, promise, dying}: Suite): void {
  promise(
    'a restore says first what it would do, and puts everything back',
    async ({store, sendAll, send, open, clock}) => {
      await store.channels.create('ops', {title: 'before'}, 'alice')
      const [root] = await sendAll('ops', texts(3))
      await send('ops', {
        body: 'an answer',
        replyTo: root!.id,
        thread: root!.id,
        references: [root!.id],
        conversation: 'talk',
      })
      await send('ops', {body: 'later', deliverAt: clock.now() + 1000})
      await readOn(store, reader('ops', 'bob'), {limit: 2})
      const file = await saved(store)
      await store.channels.update('ops', {title: 'after'})
      await store.channels.create('new', {}, 'alice')
      await sendAll('new', texts(4))
      await sendAll('ops', texts(2, 'after'))
      await store.messages.redact(root!.id, 'alice')
      const before = await store.info()

      const prepared = await store.maintenance.prepareRestore(file)
      expect(prepared.plan).toMatchObject({
        file,
        store: store.label,
        way: 'in place',
        channels: 1,
        messages: 4,
        lost: 6,
        gained: 0,
        droppedChannels: ['new'],
      })
      expect(await store.info()).toEqual(before)
      const done = await prepared.apply({safetyCopy: false})
      expect(done).toMatchObject({lost: 6, gained: 0, messages: 4, channels: 1})
      const now = await store.info()
      expect(now).toMatchObject({epoch: done.epoch, channels: 1, messages: 4})
      expect(now.epoch).not.toBe(before.epoch)

      const again = await open()
      expect(await again.channels.get('ops')).toMatchObject({title: 'before'})
      expect(await again.channels.get('new')).toBeUndefined()
      expect(bodies({messages: await scanAll(again, ['ops'])})).toEqual([...texts(3), 'an answer'])
      expect(await again.messages.thread(root!.id)).toHaveLength(2)
      expect((await again.messages.links(root!.id)).referencedBy).toHaveLength(1)
      expect(await cursor(again, reader('ops', 'bob'))).toBe(2)
      expect(await again.messages.scheduled({})).toHaveLength(1)
      expect((await checkOf(again, {deep: true})).found).toEqual([])
    },
  )

  law(2, 'no last seq falls by a restore, not of channels that it takes away', async ({store, sendAll, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.channels.create('quiet', {}, 'alice')
    await sendAll('ops', texts(3))
    const file = await saved(store)
    await sendAll('ops', texts(4))
    await store.channels.create('new', {}, 'alice')
    await sendAll('new', texts(5))
    await store.channels.create('gone', {}, 'alice')
    await sendAll('gone', texts(2))
    await store.channels.delete('gone')
    await sendAll('quiet', texts(6))
    await store.channels.rename('quiet', 'loud')
    await restored(store, file)

    expect((await store.channels.get('ops'))?.lastSeq).toBe(7)
    expect(sentTo(await send('ops'))).toEqual(['ops/8'])
    expect((await store.channels.get('quiet'))?.lastSeq).toBe(6)
    for (const [name, last] of Object.entries({new: 5, gone: 2, loud: 6})) {
      expect(await store.channels.get(name)).toBeUndefined()
      expect((await store.channels.create(name, {}, 'alice')).lastSeq).toBe(last)
      expect(sentTo(await send(name))).toEqual([`${name}/${last + 1}`])
    }
    // Counts are as exact as before, with the gap.
    expect(await store.consumers.unread(reader('ops', 'bob'), {actor: 'bob'})).toBe(4)
    expect((await checkOf(store, {deep: true})).found).toEqual([])
  })

  law(12, 'a handle that was open before gets CONFLICT, whatever it does; others go on', async (bench) => {
    const {store, handles, sendAll, outgoing, open} = bench
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const file = await saved(store)
    const [reads, sends, waits, claims] = (await handles(4)) as [Store, Store, Store, Store]
    const batch = await take(reads, reader('ops', 'bob'))
    await scanAll(sends, ['ops'])
    const one = await claimOne(claims)
    const woken = waits.changed({ops: 3}, new AbortController().signal)
    await waits.channels.all()
    await restored(store, file)

    await woken
    await refused('CONFLICT', reads.consumers.commit(reader('ops', 'bob'), batch.hold, 1))
    await refused('CONFLICT', reads.consumers.list({}))
    await refused('CONFLICT', sends.messages.append([outgoing('ops')]))
    await refused('CONFLICT', scanAll(sends, ['ops']))
    await refused('CONFLICT', waits.channels.get('ops'))
    await refused('CONFLICT', waits.channels.get('no such channel'))
    await refused('CONFLICT', claims.claims.settle([{token: one.token, as: 'done'}]))
    await refused('CONFLICT', store.claims.settle([{token: one.token, as: 'done'}]))
    await refused('CONFLICT', (await open()).claims.get(one.token))
    expect(await scanAll(await open(), ['ops'])).toHaveLength(3)
    expect(await store.messages.append([outgoing('ops', {sender: 'somebody new'})])).toHaveLength(1)
    expect((await scanAll(store, ['ops'])).at(-1)?.sender).toBe('somebody new')
  })

  law(7, 'what was in hand when the backup was made is free, and is given again', async (bench) => {
    const {store, sendAll, another: _} = bench
    await subscribed(bench)
    await sendAll('ops', texts(3))
    const batch = await take(store, reader('ops', 'bob'))
    await claim(store, workers, {limit: 2})
    const delivery = await takeOne(store)
    const file = await saved(store)
    await store.consumers.commit(reader('ops', 'bob'), batch.hold, batch.upTo)
    await settle(store, delivery)
    await restored(store, file)

    await refused('STALE_CLAIM', store.consumers.commit(reader('ops', 'bob'), batch.hold, batch.upTo))
    expect(await cursor(store, reader('ops', 'bob'))).toBe(0)
    expect(bodies(await take(store, reader('ops', 'bob')))).toEqual(texts(3))
    expect(claimed(await claim(store))).toEqual([1, 2, 3])
    // Under the same id, so that the subscriber can tell.
    expect((await takeOne(store)).delivery).toMatchObject({id: delivery.delivery.id, attempts: 2})
    expect(await inFlight(store)).toHaveLength(3)
  })

  promise('who was pushed to is pushed to again from where the backup was', async (bench) => {
    const {store, sendAll} = bench
    await subscribed(bench)
    await sendAll('ops', texts(3))
    const file = await saved(store)
    expect(await deliverAll(store)).toEqual([1, 2, 3])
    await restored(store, file)
    expect(await deliverAll(store)).toEqual([1, 2, 3])
    expect(await store.deliveries.list({...pager, limit: 10})).toHaveLength(3)
  })

  promise('a restore is over when it was applied or given up', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(1))
    const file = await saved(store)
    const one = await store.maintenance.prepareRestore(file)
    await one.discard()
    await one.discard()
    await refused('CONFLICT', one.apply())
    const two = await store.maintenance.prepareRestore(file)
    await two.apply({safetyCopy: false})
    await refused('CONFLICT', two.apply())
    await two.discard()
    expect(await scanAll(store, ['ops'])).toHaveLength(1)
  })

  promise('a backup of another store may be restored, and restored again', async ({store, another, sendAll, open}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const other: Bench = await another()
    await other.store.channels.create('theirs', {}, 'zoe')
    await other.sendAll('theirs', texts(2), {sender: 'zoe'})
    const file = await saved(other.store)
    for (let round = 1; round <= 2; round++) {
      await restored(store, file)
      expect((await store.channels.all()).map(({name}) => name)).toEqual(['theirs'])
      expect(only([...new Set((await scanAll(store, ['theirs'])).map(({sender}) => sender))])).toBe('zoe')
    }
    expect(await scanAll(await open(), ['theirs'])).toHaveLength(2)
    expect(await scanAll(other.store, ['theirs'])).toHaveLength(2)
  })

  dying(
    7,
    'a holder that died before the backup was made holds nothing after it',
    async ({store, sendAll}, {take: takeAndDie}) => {
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', texts(2))
      await takeAndDie(reader('ops', 'bob'), 2)
      await restored(store, await saved(store))
      expect((await checkOf(store)).found).toEqual([])
      expect(bodies(await take(store, reader('ops', 'bob')))).toEqual(texts(2))
    },
  )
}
