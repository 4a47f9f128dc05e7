import {expect} from 'vitest'
import {bodies, cursor, members, only, reader, readOn, type Suite, scanAll, sentTo, seqs, texts} from './bench.js'
import {claim, deadLetters, fail, giveUp, inFlight, workers} from './claiming.js'
import {HOUR} from './harness.js'

export function durabilityTests({law, promise, dying}: Suite): void {
  law(5, 'everything is there when the store is opened again', async ({store, open, sendAll, send, clock}) => {
    await store.channels.create('ops', {title: 'T', retention: {maxMessages: 99}}, 'alice', members('zoe'))
    await store.channels.create('gone', {}, 'alice')
    await sendAll('gone', texts(4))
    await store.channels.delete('gone')
    const [root] = await sendAll('ops', texts(5), {key: undefined})
    await send('ops', {key: 'k', replyTo: root?.id, thread: root?.id, conversation: 'c'})
    await send('ops', {body: 'later', deliverAt: clock.now() + HOUR})
    await readOn(store, reader('ops', 'bob'), {limit: 2})
    await store.subscriptions.put('ops', 'bob', {paused: true}, 'bob')
    const [byHand, failed, hopeless] = (await claim(store, workers, {limit: 3, bound: false})).claims
    await fail(store, failed!, HOUR, 'try later')
    await giveUp(store, hopeless!)
    await store.roles.create('crew', {}, 'alice')
    await store.roles.change('crew', {add: ['bob']})
    await store.grants.change(null, {role: 'crew'}, {add: ['manage']})
    const hash = Buffer.alloc(32, 7)
    const token = await store.tokens.create({hash, actor: 'bob'}, 'alice')
    const {epoch, createdAt} = await store.info()
    await store.close()

    const again = await open()
    expect(await again.info()).toMatchObject({
      epoch,
      createdAt,
      channels: 1,
      messages: 6,
      subscriptions: 1,
      consumers: 2,
    })
    expect(await again.channels.get('ops')).toMatchObject({title: 'T', lastSeq: 6, retention: {maxMessages: 99}})
    expect(await again.grants.list({actor: 'zoe'})).toHaveLength(2)
    expect(await again.grants.held('bob')).toEqual([{permission: 'manage', role: 'crew'}])
    expect(await again.tokens.find(hash)).toEqual(token)
    expect(await cursor(again, reader('ops', 'bob'))).toBe(2)
    expect(only(await again.subscriptions.list({}))).toMatchObject({subscriber: 'bob', paused: true})
    expect(await again.claims.get(byHand!.token)).toEqual(byHand)
    expect(await inFlight(again)).toEqual(['ops/workers 1 claimed 1', 'ops/workers 2 waiting 1'])
    expect((await deadLetters(again)).map(({message}) => message.seq)).toEqual([3])
    expect(await again.messages.scheduled({})).toHaveLength(1)
    expect(await again.messages.thread(root?.id ?? '')).toHaveLength(2)
    expect(only(await again.conversations.list({actor: 'bob', readable: [{name: 'ops'}]}))).toMatchObject({
      name: 'c',
      messages: 1,
    })
    expect((await again.channels.create('gone', {}, 'alice')).lastSeq).toBe(4)
    clock.advance(HOUR)
    expect(seqs(await readOn(again, reader('ops', 'bob')))).toEqual([3, 4, 5, 6, 7])
  })

  dying(5, 'what was acknowledged is there when the sender was killed', async ({store, send}, {append}) => {
    await store.channels.create('ops', {}, 'alice')
    expect(await append('ops', texts(5))).toEqual([1, 2, 3, 4, 5])
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(texts(5))
    expect(sentTo(await send('ops'))).toEqual(['ops/6'])
  })

  promise('every handle sees what another was told is stored', async ({store, handles, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const stores = await handles(4)
    for (const [index, one] of stores.entries()) {
      await one.messages.append([outgoing('ops', {body: `${index}`})])
      for (const other of stores) expect(await scanAll(other, ['ops'])).toHaveLength(index + 1)
    }
  })

  promise('info counts what is stored and says where', async ({store, open, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    const info = await store.info()
    expect(info).toMatchObject({channels: 1, messages: 3, subscriptions: 1, consumers: 1})
    expect(info.schemaVersion).toBeGreaterThan(0)
    expect(info.bytes).toBeGreaterThanOrEqual(0)
    expect(new Date(info.createdAt).toISOString()).toBe(info.createdAt)
    expect([info.engine, info.location, info.epoch, store.label]).not.toContain('')
    const other = await (await open()).info()
    expect([other.epoch, other.createdAt]).toEqual([info.epoch, info.createdAt])
  })
}
