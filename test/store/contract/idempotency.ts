import {expect} from 'vitest'
import {bodies, only, refused, type Suite, scanAll, sentTo} from './bench.js'
import {HOUR} from './harness.js'

export function idempotencyTests({law}: Suite): void {
  law(4, 'a repeat of an id returns the first place and stores nothing', async ({store, send, clock, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    const first = await send('ops', {id})
    await send('ops', {body: 'between'})
    clock.advance(HOUR)
    expect(await send('ops', {id})).toEqual({...first, duplicate: true})
    expect(first.duplicate).toBeUndefined()
    expect(await scanAll(store, ['ops'])).toHaveLength(2)
  })

  law(4, 'a repeat of a key returns the first place and the first id', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const first = await send('ops', {key: 'k 1'})
    expect(await send('ops', {key: 'k 1'})).toEqual({...first, duplicate: true})
    expect(sentTo(await send('ops', {key: 'K 1'}))).toEqual(['ops/2'])
    expect(sentTo(await send('ops', {}))).toEqual(['ops/3'])
  })

  law(4, 'other content or another sender is a conflict', async ({store, send, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    await send('ops', {id, key: 'k', body: 'same'})
    await refused('CONFLICT', send('ops', {id, body: 'other'}))
    await refused('CONFLICT', send('ops', {id, body: 'same', sender: 'bob'}))
    await refused('CONFLICT', send('ops', {key: 'k', body: 'other'}))
    await refused('CONFLICT', send('ops', {key: 'k', body: 'same', sender: 'bob'}))
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['same'])
  })

  law(4, 'ids and keys count for each channel alone', async ({store, send, ids}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const id = ids()
    await send('a', {id, key: 'k'})
    const second = await send('b', {id, key: 'k'})
    expect(sentTo(second)).toEqual(['b/1'])
    expect(second.duplicate).toBeUndefined()
    expect(sentTo(await send('b', {key: 'other', body: 'b'}))).toEqual(['b/2'])
  })

  law(4, 'a repeat to more channels than before stores only what is new', async ({store, send, ids}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const id = ids()
    await send('a', {id})
    const wider = await send(['a', 'b'], {id})
    expect(sentTo(wider)).toEqual(['a/1', 'b/1'])
    expect(wider.duplicate).toBeUndefined()
    expect(await send(['a', 'b'], {id})).toMatchObject({duplicate: true})
    expect(await scanAll(store, ['a', 'b'])).toHaveLength(2)
  })

  law(4, 'a repeat within one append is one', async ({store, outgoing, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    const [first, second] = await store.messages.append([outgoing('ops', {id}), outgoing('ops', {id})])
    expect(first?.duplicate).toBeUndefined()
    expect(second).toEqual({...first, duplicate: true})
    expect(await scanAll(store, ['ops'])).toHaveLength(1)
  })

  law(4, 'a repeat is known when the channel was closed meanwhile', async ({store, send, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    const first = await send('ops', {id, key: 'k'})
    await store.channels.setState('ops', 'closed')
    expect(await send('ops', {id, key: 'k'})).toEqual({...first, duplicate: true})
  })

  law(4, 'a repeat is known when the content was redacted', async ({store, send, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    const first = await send('ops', {id, key: 'k', body: 'secret'})
    await store.messages.redact(id, 'alice')
    expect(await send('ops', {id, body: 'secret'})).toEqual({...first, duplicate: true})
    expect(await send('ops', {key: 'k', body: 'secret'})).toEqual({...first, duplicate: true})
    await refused('CONFLICT', send('ops', {id, body: ''}))
    expect(only(await store.messages.find({by: 'id', id})).body).toHaveLength(0)
  })

  law(4, 'a repeat of a delayed message is one, before it falls due and after', async ({store, send, clock, ids}) => {
    await store.channels.create('ops', {}, 'alice')
    const [id, deliverAt] = [ids(), clock.now() + HOUR]
    const first = await send('ops', {id, key: 'k', deliverAt})
    expect(await send('ops', {id, key: 'k', deliverAt})).toEqual({...first, duplicate: true})
    await refused('CONFLICT', send('ops', {id, deliverAt, body: 'other'}))
    await refused('CONFLICT', send('ops', {key: 'k', body: 'other'}))
    clock.advance(HOUR)
    const late = await send('ops', {id, key: 'k', deliverAt})
    expect([late.duplicate, late.id, sentTo(late)]).toEqual([true, id, ['ops/1']])
    expect(await scanAll(store, ['ops'])).toHaveLength(1)
  })

  law(4, 'sixteen that race with one key store exactly one', async ({store, handles, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const stores = await handles(16)
    for (const key of ['k1', 'k2', 'k3']) {
      const receipts = await Promise.all(stores.map((one) => one.messages.append([outgoing('ops', {key, body: key})])))
      const flat = receipts.map(only)
      expect(new Set(flat.flatMap(sentTo)).size).toBe(1)
      expect(new Set(flat.map(({id}) => id)).size).toBe(1)
      expect(flat.filter(({duplicate}) => !duplicate)).toHaveLength(1)
    }
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['k1', 'k2', 'k3'])
  })

  law(4, 'sixteen that race with one id and other contents: one is stored, the others conflict', async (bench) => {
    const {store, handles, outgoing, ids} = bench
    await store.channels.create('ops', {}, 'alice')
    const id = ids()
    const results = await Promise.allSettled(
      (await handles(16)).map((one, index) => one.messages.append([outgoing('ops', {id, body: `by ${index}`})])),
    )
    const won = results.findIndex(({status}) => status === 'fulfilled')
    for (const [index, result] of results.entries())
      if (result.status === 'rejected') await refused('CONFLICT', Promise.reject(result.reason))
      else expect(index).toBe(won)
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual([`by ${won}`])
  })
}
