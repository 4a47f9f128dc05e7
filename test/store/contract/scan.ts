import {expect} from 'vitest'
import type {Filter} from '../../../src/model/filter.js'
import {type Message, messageJson} from '../../../src/model/message.js'
import type {Positions} from '../../../src/model/position.js'
import {isoTime} from '../../../src/model/time.js'
import type {Outgoing, ScanQuery, Store} from '../../../src/store/store.js'
import {bodies, places, type Suite, scanAll, seqs, texts} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

export function scanTests({promise}: Suite): void {
  promise('a message is the same in a page, in a hand and by its id, whatever it has', async (bench) => {
    const {store, send, outgoing, clock} = bench
    for (const name of ['ops', 'more']) await store.channels.create(name, {}, 'alice')
    const root = await send('ops')
    const full = {
      type: 'a"\\é😀',
      recipient: 'alice',
      replyTo: root.id,
      thread: root.id,
      references: [root.id, outgoing('ops').id],
      conversation: 'case-1',
      correlationId: 'c "\\ \u2028 ü😀',
      key: 'k "\\ 1.0',
      replyChannel: 'more',
      headers: {trace: '"\\\t\u2029', 'x-ü': ''},
      expiresAt: clock.now() + HOUR,
    }
    const kinds: Partial<Outgoing>[] = [
      {body: 'tab\t nul-free \u0001 \u007f \u2028 e\u0301 😀 \ufeff'},
      {body: ''},
      {contentType: 'application/json', body: ' {"a":1.0,"a":12345678901234567890, "b":"\\u0041"}\n'},
      {contentType: 'application/octet-stream', body: Uint8Array.from([0, 255, 128, 10])},
      full,
      {...full, key: 'only a key', headers: undefined, references: undefined},
      {deliverAt: clock.now() + SECOND},
      {body: 'gone', headers: {a: 'b'}},
    ]
    const sent = []
    for (const kind of kinds) sent.push(await send('ops', kind))
    await store.messages.redact(sent.at(-1)!.id, 'alice')
    clock.advance(2 * SECOND)
    const lines = (messages: readonly Message[]): string[] => messages.map((message) => messageJson(message))
    const page = await scanAll(store, ['ops'])
    const batch = await store.consumers.take({channel: 'ops', reader: 'alice'}, {actor: 'alice', limit: 50, wait: 0})
    const found = []
    for (const {seq} of page) found.push(...(await store.messages.find({by: 'place', channel: 'ops', seq})))
    expect(page).toHaveLength(kinds.length + 1)
    expect(lines(batch.messages)).toEqual(lines(page))
    expect(lines(found)).toEqual(lines(page))
    expect(page.map((message) => ({...message}))).toEqual(found.map((message) => ({...message})))
    expect(page.find(({key}) => key === full.key)).toMatchObject({...full, expiresAt: isoTime(full.expiresAt)})
  })

  promise('forward goes on behind `after`, backward in front of `before`', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(5))
    const page = (query: Partial<ScanQuery>) => scanAll(store, ['ops'], query).then((messages) => seqs({messages}))
    expect(await page({channels: [{name: 'ops', after: 2}]})).toEqual([3, 4, 5])
    expect(await page({channels: [{name: 'ops', after: 2, before: 5}]})).toEqual([3, 4])
    expect(await page({order: 'backward'})).toEqual([5, 4, 3, 2, 1])
    expect(await page({order: 'backward', channels: [{name: 'ops', before: 4}]})).toEqual([3, 2, 1])
    expect(await page({order: 'backward', channels: [{name: 'ops', before: 4, after: 1}]})).toEqual([3, 2])
    expect(await page({order: 'backward', limit: 2})).toEqual([5, 4])
    expect(await page({channels: [{name: 'ops', after: 5}]})).toEqual([])
  })

  promise('several channels are merged in the order of storage', async ({store, send, clock}) => {
    for (const name of ['a', 'b', 'c']) await store.channels.create(name, {}, 'alice')
    for (const name of ['b', 'a', 'c', 'b', 'a', 'a']) {
      clock.advance(-SECOND)
      await send(name)
    }
    await send(['c', 'a'])
    const order = ['b/1', 'a/1', 'c/1', 'b/2', 'a/2', 'a/3', 'c/2', 'a/4']
    expect(places(await scanAll(store, ['a', 'b', 'c']))).toEqual(order)
    expect(places(await scanAll(store, ['c', 'a', 'b'], {order: 'backward'}))).toEqual(order.toReversed())
    expect(places(await scanAll(store, ['a', 'b', 'c'], {limit: 3}))).toEqual(order.slice(0, 3))
    expect(places(await scanAll(store, ['a', 'c'], {channels: [{name: 'a', after: 2}, {name: 'c'}]}))).toEqual([
      'c/1',
      'a/3',
      'c/2',
      'a/4',
    ])
  })

  promise('channels that do not exist are passed over', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops')
    expect(places(await scanAll(store, ['none', 'ops']))).toEqual(['ops/1'])
    expect(
      await store.messages.scan({channels: [{name: 'none'}], actor: 'alice', order: 'forward', limit: 5}),
    ).toMatchObject({
      messages: [],
      end: true,
    })
  })

  promise('page by page everything comes once, both ways, whatever the limit', async ({store, send}) => {
    for (const name of ['a', 'b', 'quiet']) await store.channels.create(name, {}, 'alice')
    for (let count = 0; count < 23; count++)
      await send(count % 3 ? 'a' : 'b', count % 5 ? {} : {sender: 'eve', recipient: 'bob'})
    const names = ['a', 'b', 'quiet']
    const all = places(await scanAll(store, names))
    expect(all).toHaveLength(18)
    for (const limit of [1, 2, 6, 17, 18, 19, 100]) {
      expect(places(await walk(store, names, 'forward', limit))).toEqual(all)
      expect(places(await walk(store, names, 'backward', limit))).toEqual(all.toReversed())
    }
  })

  promise('`end` says exactly whether nothing more is there', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    const ends = async (order: 'forward' | 'backward') => {
      const pages = [2, 3, 4].map((limit) =>
        store.messages.scan({channels: [{name: 'ops'}], actor: 'bob', order, limit}),
      )
      return (await Promise.all(pages)).map(({end}) => end)
    }
    expect(await ends('forward')).toEqual([false, true, true])
    expect(await ends('backward')).toEqual([false, true, true])
    await sendAll('ops', texts(3), {sender: 'eve', recipient: 'zoe'})
    expect(await ends('forward')).toEqual([false, true, true])
  })

  promise('at the end `next` stands behind what was passed over too', async ({store, send}) => {
    for (const name of ['a', 'b', 'none']) await store.channels.create(name, {}, 'alice')
    await send('a')
    await send('a', {sender: 'eve', recipient: 'zoe'})
    await send('b', {sender: 'eve', recipient: 'zoe'})
    const channels = ['a', 'b', 'none'].map((name) => ({name}))
    const page = await store.messages.scan({channels, actor: 'bob', order: 'forward', limit: 5})
    expect(page.next).toEqual({a: 2, b: 1, none: 0})
  })

  promise('expired messages are left out', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: 'short', expiresAt: clock.now() + SECOND})
    await send('ops', {body: 'long', expiresAt: clock.now() + HOUR})
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['short', 'long'])
    clock.advance(SECOND)
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['long'])
  })

  promise('a filter lets through what its words say, all of them together', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const root = await send('ops', {body: 'Root 100% _', type: 'a.b'})
    clock.advance(SECOND)
    const thread = {replyTo: root.id, thread: root.id}
    await send('ops', {...thread, sender: 'bob', body: 'answer', conversation: 'c1', correlationId: 'x'})
    clock.advance(SECOND)
    await send('ops', {
      sender: 'bob',
      recipient: 'alice',
      type: 'a',
      body: '{"root": 1}',
      contentType: 'application/json',
    })
    await send('ops', {sender: 'zoe', body: new TextEncoder().encode('Root'), contentType: 'x/y', conversation: 'C1'})
    const table: [Filter, number[]][] = [
      [{}, [1, 2, 3, 4]],
      [{types: ['a.b', 'a']}, [1, 3]],
      [{types: []}, []],
      [{senders: ['bob', 'nobody']}, [2, 3]],
      [{notSender: 'bob'}, [1, 4]],
      [{recipient: 'alice'}, [3]],
      [{conversation: 'c1'}, [2]],
      [{correlationId: 'x'}, [2]],
      [{replyTo: root.id}, [2]],
      [{thread: root.id}, [1, 2]],
      [{text: 'Root'}, [1]],
      [{text: 'root'}, [3]],
      [{text: '%'}, [1]],
      [{text: '_'}, [1]],
      [{text: 't 100% '}, [1]],
      [{since: START + SECOND}, [2, 3, 4]],
      [{until: START + SECOND}, [1]],
      [{since: START + SECOND, until: START + 2 * SECOND}, [2]],
      [{senders: ['bob'], types: ['a']}, [3]],
      [{senders: ['bob'], notSender: 'bob'}, []],
      [{types: undefined, text: undefined, senders: ['zoe']}, [4]],
    ]
    for (const [filter, expected] of table) {
      const forward = seqs({messages: await scanAll(store, ['ops'], {filter})})
      const backward = seqs({messages: await scanAll(store, ['ops'], {filter, order: 'backward'})})
      expect([filter, forward, backward]).toEqual([filter, expected, expected.toReversed()])
    }
  })

  promise(
    '`where` looks into JSON content, with exact limits; other content is never wanted',
    async ({store, send}) => {
      for (const name of ['ops', 'b']) await store.channels.create(name, {}, 'alice')
      const json = (body: string, channel = 'ops', more = {}) =>
        send(channel, {body, contentType: 'application/json', ...more})
      for (let count = 1; count <= 20; count++) await json(`{"n":${count},"level":"${count % 4 ? 'info' : 'error'}"}`)
      await send('ops', {body: '{"n":4,"level":"error"}'})
      await send('ops', {body: new Uint8Array([0]), contentType: 'x/y'})
      const mail = await json('{"n":1e2}', 'ops', {sender: 'eve', recipient: 'alice', correlationId: 'x'})
      await json('{"n":12345678901234567890}', 'b', {conversation: 'c'})
      const redacted = await json('{"n":100}')
      await store.messages.redact(redacted.id, 'alice')
      const found = async (filter: Filter, query: Partial<ScanQuery> = {}) =>
        places(await scanAll(store, ['ops', 'b'], {filter, ...query}))
      expect(await found({where: ['level=error']})).toEqual([4, 8, 12, 16, 20].map((seq) => `ops/${seq}`))
      expect(await found({where: ['level=error', 'n>8']})).toEqual(['ops/12', 'ops/16', 'ops/20'])
      expect(await found({where: ['level=error']}, {limit: 2, order: 'backward'})).toEqual(['ops/20', 'ops/16'])
      expect(await found({where: ["level == 'error' && n < `9`"]})).toEqual(['ops/4', 'ops/8'])
      expect(await found({where: ['n=12345678901234567890']})).toEqual(['b/1'])
      expect(await found({where: ['n=12345678901234567891']})).toEqual([])
      expect(await found({where: ['n=100']})).toEqual([`ops/${23}`])
      expect(await found({where: ['n=100'], correlationId: 'x'})).toEqual([`ops/${23}`])
      expect(await found({where: ['n=100'], conversation: 'c'})).toEqual([])
      expect(mail.sent).toEqual([{channel: 'ops', seq: 23}])
      expect(
        await store.consumers.unread({channel: 'ops', reader: 'r'}, {actor: 'alice', filter: {where: ['n>=20']}}),
      ).toBe(2)
      const {messages} = await store.consumers.take(
        {channel: 'ops', reader: 'r'},
        {actor: 'alice', limit: 2, wait: 0, filter: {where: ['level=error']}},
      )
      expect(seqs({messages})).toEqual([4, 8])
      const claimed = await store.claims.claim(
        {channel: 'ops', group: 'g'},
        {actor: 'alice', limit: 9, lease: HOUR, maxAttempts: 5, bound: false, filter: {where: ['n > `18`']}},
      )
      expect(claimed.claims.map(({message}) => message.seq)).toEqual([19, 20])
      await expect(found({where: ['n ==']})).rejects.toMatchObject({code: 'INVALID'})
    },
  )

  promise('a limit counts what passes the filter', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    for (let count = 0; count < 20; count++) await send('ops', {type: count % 5 ? 'noise' : 'news'})
    const news = await scanAll(store, ['ops'], {filter: {types: ['news']}, limit: 3})
    expect(seqs({messages: news})).toEqual([1, 6, 11])
  })

  promise(
    'firstSince is the first stored place whose time has come, in the order of seq',
    async ({store, send, clock}) => {
      await store.channels.create('ops', {}, 'alice')
      expect(await store.messages.firstSince('ops', 0)).toBeUndefined()
      for (const jump of [0, -HOUR, 2 * HOUR]) {
        clock.advance(jump)
        await send('ops')
      }
      const since = (time: number) => store.messages.firstSince('ops', START + time)
      expect(await Promise.all([-2 * HOUR, -HOUR, 0, 1, HOUR, HOUR + 1].map(since))).toEqual([1, 1, 1, 3, 3, undefined])
      await store.channels.prune('ops', {keep: 1})
      expect(await since(0)).toBe(3)
    },
  )
}

/** All messages of some channels, one page after the other. */
async function walk(
  store: Store,
  names: readonly string[],
  order: ScanQuery['order'],
  limit: number,
): Promise<Message[]> {
  const seen: Message[] = []
  let next: Positions = {}
  for (let pages = 0; pages < 100; pages++) {
    const bound = (name: string) =>
      next[name] === undefined ? {} : {[order === 'forward' ? 'after' : 'before']: next[name]}
    const channels = names.map((name) => ({name, ...bound(name)}))
    const page = await store.messages.scan({channels, actor: 'alice', order, limit})
    expect(page.messages.length).toBeLessThanOrEqual(limit)
    seen.push(...page.messages)
    next = {...next, ...page.next}
    if (page.end) return seen
  }
  return expect.fail('the pages have no end')
}
