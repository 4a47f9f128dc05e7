import {expect} from 'vitest'
import {members, reader, readOn, refused, type Suite, scanAll, sentTo, seqs, texts} from './bench.js'
import {HOUR, START} from './harness.js'

export function channelTests({law, promise}: Suite): void {
  promise('a new channel has every setting that was given, and defaults', async ({store}) => {
    const bare = await store.channels.create('ops', {}, 'alice')
    const defaults = {state: 'open', restricted: false, retention: {}, metadata: {}, hidden: false, lastSeq: 0}
    expect(bare).toEqual({...defaults, name: 'ops', createdAt: new Date(START).toISOString(), createdBy: 'alice'})
    const settings = {
      title: 'Deploys ✓',
      description: 'what was deployed',
      restricted: true,
      contentType: 'application/json',
      schema: '{"type": "object", "maximum": 1.0}',
      retention: {maxAge: 1000, maxMessages: 5},
      ingress: 'http',
      egress: 'email',
      metadata: {team: 'x', 'a b': 'ü'},
      hidden: true,
    }
    const full = await store.channels.create('deploys', settings, 'bob')
    expect(full).toMatchObject(settings)
    expect(await store.channels.get('deploys')).toEqual(full)
  })

  promise('a name that is taken, be it in other case, is EXISTS', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    await refused('EXISTS', store.channels.create('ops', {}, 'bob'))
    const error = await refused('EXISTS', store.channels.create('OPS', {}, 'bob'))
    expect(error.message).toContain('ops')
    expect((await store.channels.get('ops'))?.createdBy).toBe('alice')
  })

  law(1, 'of sixteen that make the same channel at once exactly one does', async ({handles}) => {
    const stores = await handles(16)
    const names = stores.map((_, index) => (index % 2 ? 'ops' : 'Ops'))
    const results = await Promise.allSettled(
      stores.map((store, index) => store.channels.create(names[index] ?? '', {}, `w${index}`)),
    )
    expect(results.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') await refused('EXISTS', Promise.reject(result.reason))
    expect(await stores[0]?.channels.all()).toHaveLength(1)
  })

  promise('a channel is made with grants on it', async ({store}) => {
    await store.channels.create('ops', {restricted: true}, 'alice', members('bob', 'zoe'))
    const grants = await store.grants.list({channel: 'ops'})
    expect(grants.map(({actor, permission}) => `${actor} ${permission}`).sort()).toEqual([
      'bob submit',
      'bob subscribe',
      'zoe submit',
      'zoe subscribe',
    ])
  })

  promise('get finds exactly the name, all lists by name, hidden ones too', async ({store}) => {
    for (const name of ['zeta', 'alpha', 'mid']) await store.channels.create(name, {hidden: name === 'mid'}, 'alice')
    expect(await store.channels.get('Alpha')).toBeUndefined()
    expect(await store.channels.get('none')).toBeUndefined()
    expect((await store.channels.all()).map(({name}) => name)).toEqual(['alpha', 'mid', 'zeta'])
  })

  promise('update sets what is given, takes away what is null, leaves the rest', async ({store}) => {
    await store.channels.create(
      'ops',
      {title: 'a', description: 'b', retention: {maxMessages: 9}, restricted: true},
      'alice',
    )
    const changed = await store.channels.update('ops', {
      title: null,
      egress: 'http',
      metadata: {k: 'v'},
      restricted: undefined,
    })
    expect(changed).toMatchObject({
      description: 'b',
      egress: 'http',
      metadata: {k: 'v'},
      retention: {maxMessages: 9},
      restricted: true,
    })
    expect(changed.title).toBeUndefined()
    const emptied = await store.channels.update('ops', {
      retention: null,
      metadata: null,
      restricted: null,
      hidden: null,
    })
    expect(emptied).toMatchObject({retention: {}, metadata: {}, restricted: false, hidden: false, description: 'b'})
    expect(await store.channels.get('ops')).toEqual(emptied)
    await refused('NOT_FOUND', store.channels.update('none', {title: 'x'}))
  })

  promise('opens, closes, and drains at once with nothing outstanding', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    expect((await store.channels.setState('ops', 'closed')).state).toBe('closed')
    expect((await store.channels.setState('ops', 'open')).state).toBe('open')
    expect((await store.channels.setState('ops', 'draining')).state).toBe('closed')
    expect((await store.channels.get('ops'))?.state).toBe('closed')
    await refused('NOT_FOUND', store.channels.setState('none', 'closed'))
  })

  promise('a draining channel closes itself when the last delayed message is stored', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {deliverAt: clock.now() + HOUR})
    expect((await store.channels.setState('ops', 'draining')).state).toBe('draining')
    clock.advance(HOUR)
    expect(await scanAll(store, ['ops'])).toHaveLength(1)
    expect((await store.channels.get('ops'))?.state).toBe('closed')
  })

  promise('a closed channel still reads', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.channels.setState('ops', 'closed')
    expect(seqs(await readOn(store, reader('ops', 'bob')))).toEqual([1, 2, 3])
  })

  promise('rename takes messages, cursors, subscriptions and grants along', async ({store, sendAll, send}) => {
    await store.channels.create('ops', {title: 'T'}, 'alice', members('zoe'))
    await sendAll('ops', texts(3))
    await readOn(store, reader('ops', 'bob'), {limit: 2})
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    expect(await store.channels.rename('ops', 'dev')).toMatchObject({
      name: 'dev',
      title: 'T',
      lastSeq: 3,
      createdBy: 'alice',
    })
    expect(await store.channels.get('ops')).toBeUndefined()
    expect((await scanAll(store, ['ops', 'dev'])).map(({channel, seq}) => `${channel}/${seq}`)).toEqual([
      'dev/1',
      'dev/2',
      'dev/3',
    ])
    expect(seqs(await readOn(store, reader('dev', 'bob')))).toEqual([3])
    expect(
      (await store.subscriptions.list({channel: 'dev'})).map(({channel, subscriber}) => [channel, subscriber]),
    ).toEqual([['dev', 'bob']])
    expect((await store.grants.list({channel: 'dev'})).map(({channel, actor}) => [channel, actor])).toEqual([
      ['dev', 'zoe'],
      ['dev', 'zoe'],
    ])
    expect(await store.consumers.list({channel: 'ops'})).toEqual([])
    expect(sentTo(await send('dev'))).toEqual(['dev/4'])
  })

  promise('rename refuses what is not there and names that are taken', async ({store}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.channels.create('dev', {}, 'alice')
    await refused('NOT_FOUND', store.channels.rename('none', 'some'))
    await refused('EXISTS', store.channels.rename('ops', 'dev'))
    await refused('EXISTS', store.channels.rename('ops', 'DEV'))
    expect((await store.channels.all()).map(({name}) => name)).toEqual(['dev', 'ops'])
  })

  promise('delete takes messages, cursors, subscriptions and grants away', async ({store, sendAll}) => {
    await store.channels.create('ops', {title: 'old'}, 'alice', members('zoe'))
    const [first] = await sendAll('ops', texts(3), {conversation: 'release'})
    await readOn(store, reader('ops', 'bob'))
    await store.subscriptions.put('ops', 'bob', {}, 'bob')
    expect(await store.channels.delete('ops')).toBe(3)
    expect(await store.channels.get('ops')).toBeUndefined()
    expect(await store.messages.find({by: 'id', id: first?.id ?? ''})).toEqual([])
    await store.channels.create('ops', {}, 'eve')
    expect(await scanAll(store, ['ops'])).toEqual([])
    expect(await store.consumers.list({channel: 'ops'})).toEqual([])
    expect(await store.subscriptions.list({channel: 'ops'})).toEqual([])
    expect(await store.grants.list({channel: 'ops'})).toEqual([])
    expect((await store.channels.get('ops'))?.title).toBeUndefined()
    await refused('NOT_FOUND', store.channels.delete('none'))
  })
}
