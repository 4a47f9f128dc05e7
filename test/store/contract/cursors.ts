import {expect} from 'vitest'
import {cursor, reader, readOn, refused, type Suite, seqs, take, texts, upTo} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

const bob = reader('ops', 'bob')
const asBob = {actor: 'bob'}

export function cursorTests({law, promise}: Suite): void {
  law(8, 'a cursor moves only by commit, forward, inside the batch', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(9))
    const batch = await take(store, bob, {limit: 5})
    expect(await cursor(store, bob)).toBe(0)
    await store.consumers.commit(bob, batch.hold, 3)
    expect(await cursor(store, bob)).toBe(3)
    await store.consumers.commit(bob, batch.hold, 1).catch(() => undefined)
    expect(await cursor(store, bob)).toBe(3)
    await refused('INVALID', store.consumers.commit(bob, batch.hold, 8))
    expect(await cursor(store, bob)).toBe(3)
    await store.consumers.commit(bob, batch.hold, 5)
    expect(await cursor(store, bob)).toBe(5)
    await refused('STALE_CLAIM', store.consumers.commit(bob, batch.hold, 5))
  })

  law(8, 'readers have each their own cursor, the same reader one a channel', async ({store, sendAll}) => {
    for (const name of ['a', 'b']) {
      await store.channels.create(name, {}, 'alice')
      await sendAll(name, texts(3))
    }
    expect(seqs(await readOn(store, reader('a', 'bob'), {limit: 2}))).toEqual([1, 2])
    expect(seqs(await readOn(store, reader('a', 'zoe'), {limit: 1}))).toEqual([1])
    expect(seqs(await readOn(store, reader('b', 'bob'), {limit: 1}))).toEqual([1])
    expect(seqs(await readOn(store, reader('a', 'bob')))).toEqual([3])
    const all = await store.consumers.list({kind: 'reader'})
    const rows = all.map(({channel, name, cursor: at}) => `${channel} ${name} ${at}`).sort()
    expect(rows).toEqual(['a bob 3', 'a zoe 1', 'b bob 1'])
    expect(await store.consumers.list({channel: 'a', name: 'zoe'})).toHaveLength(1)
    expect(await store.consumers.list({name: 'bob'})).toHaveLength(2)
    expect(await store.consumers.list({kind: 'workers'})).toEqual([])
    expect(await store.consumers.list({channel: 'none'})).toEqual([])
  })

  promise('a consumer says when it was made and when it last moved', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    expect(await store.consumers.get({channel: 'ops', kind: 'reader', name: 'bob'})).toBeUndefined()
    await readOn(store, bob, {limit: 1})
    clock.advance(HOUR)
    await readOn(store, bob, {limit: 1})
    expect(await store.consumers.get({channel: 'ops', kind: 'reader', name: 'bob'})).toEqual({
      channel: 'ops',
      kind: 'reader',
      name: 'bob',
      cursor: 2,
      createdAt: new Date(START).toISOString(),
      movedAt: new Date(START + HOUR).toISOString(),
    })
    expect(await store.consumers.get({channel: 'ops', kind: 'workers', name: 'bob'})).toBeUndefined()
    expect(await store.consumers.get({channel: 'none', kind: 'reader', name: 'bob'})).toBeUndefined()
  })

  promise('seek moves anywhere and says what comes again or is skipped', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(9))
    const where = {channel: 'ops', reader: 'bob'}
    expect(await store.consumers.seek(bob, 4, asBob)).toEqual({...where, from: 0, to: 4, again: 0, skipped: 4})
    expect(seqs(await readOn(store, bob, {limit: 2}))).toEqual([5, 6])
    expect(await store.consumers.seek(bob, 1, asBob)).toEqual({...where, from: 6, to: 1, again: 5, skipped: 0})
    expect(seqs(await readOn(store, bob))).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    await store.channels.prune('ops', {keep: 2})
    expect(await store.consumers.seek(bob, 0, asBob)).toEqual({...where, from: 9, to: 0, again: 2, skipped: 0})
    expect(await store.consumers.seek(bob, 5, asBob)).toMatchObject({from: 0, to: 5, skipped: 0})
  })

  promise('seek with dryRun only says what would happen', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await store.consumers.seek(bob, 3, {...asBob, dryRun: true})).toMatchObject({from: 0, to: 3, skipped: 3})
    expect(await cursor(store, bob)).toBeUndefined()
    await store.consumers.seek(bob, 4, asBob)
    expect(await store.consumers.seek(bob, 1, {...asBob, dryRun: true})).toMatchObject({from: 4, to: 1, again: 3})
    expect(await cursor(store, bob)).toBe(4)
  })

  promise('seek with forwardOnly never goes back', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    expect(await store.consumers.seek(bob, 3, {...asBob, forwardOnly: true})).toMatchObject({
      from: 0,
      to: 3,
      skipped: 3,
    })
    expect(await store.consumers.seek(bob, 1, {...asBob, forwardOnly: true})).toMatchObject({
      from: 3,
      to: 3,
      again: 0,
      skipped: 0,
    })
    expect(await cursor(store, bob)).toBe(3)
  })

  promise('seek refuses places beyond the last, held readers and unknown channels', async ({store, sendAll, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(2))
    await refused('INVALID', store.consumers.seek(bob, 3, asBob))
    expect(await cursor(store, bob)).toBeUndefined()
    await refused('NOT_FOUND', store.consumers.seek(reader('none', 'bob'), 0, asBob))
    const batch = await take(store, bob)
    await refused('BUSY', store.consumers.seek(bob, 0, asBob))
    await store.consumers.release(bob, batch.hold)
    await store.consumers.seek(bob, 2, asBob)
    clock.advance(SECOND)
    expect(seqs(await take(store, bob))).toEqual([])
  })

  promise('unread is how many take would give in all', async ({store, sendAll, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const unread = () => store.consumers.unread(bob, asBob)
    expect(await unread()).toBe(0)
    await sendAll('ops', texts(5))
    await send('ops', {sender: 'bob'})
    await send('ops', {recipient: 'zoe'})
    await send('ops', {expiresAt: clock.now() + SECOND})
    expect(await unread()).toBe(7)
    clock.advance(SECOND)
    expect(await unread()).toBe(6)
    expect(await store.consumers.unread(bob, {...asBob, filter: {notSender: 'bob'}})).toBe(5)
    await readOn(store, bob, {limit: 2})
    expect(await unread()).toBe(4)
    await store.channels.prune('ops', {keep: 3})
    expect(await unread()).toBe(2)
    expect(await unread()).toBe((await take(store, bob)).messages.length)
  })

  promise('forget says whether there was one, and its hold is lost', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await readOn(store, bob, {limit: 1})
    const batch = await take(store, bob)
    const key = {channel: 'ops', kind: 'reader', name: 'bob'} as const
    expect(await store.consumers.forget(key)).toBe(true)
    expect(await store.consumers.forget(key)).toBe(false)
    expect(await store.consumers.forget({...key, channel: 'none'})).toBe(false)
    await refused('STALE_CLAIM', store.consumers.commit(bob, batch.hold, batch.upTo))
    const again = await take(store, bob)
    expect([seqs(again), again.created]).toEqual([upTo(3), true])
  })
}
