import {expect} from 'vitest'
import {parseSearch} from '../../../src/model/search-query.js'
import type {SearchQuery, Store} from '../../../src/store/store.js'
import {places, refused, type Suite, upTo} from './bench.js'
import {SECOND, START} from './harness.js'

type Asked = Partial<Omit<SearchQuery, 'terms' | 'channels'>> & {
  in?: readonly (string | {name: string; all: boolean})[]
}

/** The places of all that is found, page by page, the newest first. */
export async function searchAll(
  store: Store,
  text: string,
  {in: names = ['ops'], ...query}: Asked = {},
): Promise<string[]> {
  const found: string[] = []
  const channels = names.map((name) => (typeof name === 'string' ? {name} : name))
  let after = query.after
  for (let pages = 0; pages < 1000; pages++) {
    const asked = {terms: parseSearch(text), channels, actor: 'alice', limit: 100, ...query}
    const page = await store.search.find(after === undefined ? asked : {...asked, after})
    expect(page.messages.length).toBeLessThanOrEqual(asked.limit)
    found.push(...places(page.messages))
    if (page.next === undefined) return found
    after = page.next
  }
  return expect.fail('the pages have no end')
}

export async function indexAll(store: Store): Promise<void> {
  while ((await store.search.index({limit: 3, begin: true})).left > 0);
}

export function searchTests({promise}: Suite): void {
  promise('all words must be there, in content, sender or type; none of the unwanted', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: 'The disk of db-1 is full'})
    await send('ops', {body: 'disk, again: Full!', sender: 'bob', type: 'build.done'})
    await send('ops', {
      body: '{"level":"error","text":"Caf\\u00e9\\nclosed","n":[12.5,true]}',
      contentType: 'application/json',
    })
    await send('ops', {body: new Uint8Array([0, 255]), contentType: 'x/y', headers: {filename: 'disk-plan.pdf'}})
    const table: [string, number[]][] = [
      ['disk', [4, 2, 1]],
      ['DISK full', [2, 1]],
      ['"disk full"', []],
      ['"is full"', [1]],
      ['"full is"', []],
      ['db-1', [1]],
      ['dis*', [4, 2, 1]],
      ['"of db"*', [1]],
      ['dis', []],
      ['disk -full', [4]],
      ['disk -"is full"', [4, 2]],
      ['disk -fu*', [4]],
      ['bob', [2]],
      ['build', [2]],
      ['build.done disk', [2]],
      ['level error', [3]],
      ['cafe', [3]],
      ['closed', [3]],
      ['12.5', [3]],
      ['true', [3]],
      ['plan', [4]],
      ['disk !!!', [4, 2, 1]],
      ['disk NOT full', []],
      ['disk OR nothing', []],
      ['content:disk', []],
      ['ops', []],
      ['1', [1]],
    ]
    const all = async () => {
      for (const [text, expected] of table)
        expect([text, await searchAll(store, text)]).toEqual([text, expected.map((seq) => `ops/${seq}`)])
    }
    await all()
    await store.search.index({limit: 2, begin: true})
    await all()
    await indexAll(store)
    await all()
  })

  promise(
    'over channels the newest is first, in the order of storage; a page goes on where the last ended',
    async (bench) => {
      const {store, send} = bench
      for (const name of ['a', 'b', 'c']) await store.channels.create(name, {}, 'alice')
      for (const count of upTo(30)) await send(['a', 'b', 'c'][count % 3]!, {body: count % 2 ? 'word here' : 'other'})
      const names = ['a', 'b', 'c']
      const expected = await searchAll(store, 'word', {in: names})
      expect(expected).toHaveLength(15)
      for (const _ of upTo(4)) {
        for (const limit of [1, 2, 7, 14, 15, 16])
          expect(await searchAll(store, 'word', {in: names, limit})).toEqual(expected)
        expect(await searchAll(store, 'word', {in: ['a', 'none', 'c']})).toEqual(
          expected.filter((place) => !place.startsWith('b')),
        )
        const [channel = '', seq] = expected[4]!.split('/')
        expect(await searchAll(store, 'word', {in: names, inFrontOf: {channel, seq: Number(seq)}})).toEqual(
          expected.slice(5),
        )
        await store.search.index({limit: 10, begin: true})
      }
      await refused('INVALID', searchAll(store, 'word', {inFrontOf: {channel: 'a', seq: 99}}))
      await refused('INVALID', searchAll(store, 'word', {after: 'x'}))
    },
  )

  promise(
    'direct messages of others, expired, redacted and deleted ones are never found',
    async ({store, send, clock}) => {
      for (const name of ['ops', 'gone']) await store.channels.create(name, {}, 'alice')
      await send('ops', {body: 'word 1', sender: 'eve', recipient: 'bob'})
      await send('ops', {body: 'word 2', sender: 'eve', recipient: 'alice'})
      await send('ops', {body: 'word 3', expiresAt: clock.now() + SECOND})
      const redacted = await send('ops', {body: 'word 4'})
      await send('ops', {body: 'word 5'})
      await send('gone', {body: 'word 6'})
      const both = ['ops', 'gone']
      const check = async (expected: string[]) => {
        expect(await searchAll(store, 'word', {in: both})).toEqual(expected)
        await indexAll(store)
        expect(await searchAll(store, 'word', {in: both})).toEqual(expected)
      }
      await check(['gone/1', 'ops/5', 'ops/4', 'ops/3', 'ops/2'])
      expect(await searchAll(store, 'word', {in: [{name: 'ops', all: true}], actor: 'zoe'})).toHaveLength(5)
      expect(await searchAll(store, 'word', {actor: 'bob'})).toEqual(['ops/5', 'ops/4', 'ops/3', 'ops/1'])
      await store.messages.redact(redacted.id, 'alice')
      expect(await searchAll(store, 'alice', {in: both})).toEqual(['gone/1', 'ops/5', 'ops/3'])
      await check(['gone/1', 'ops/5', 'ops/3', 'ops/2'])
      clock.advance(SECOND)
      await check(['gone/1', 'ops/5', 'ops/2'])
      await store.channels.rename('gone', 'kept')
      expect(await searchAll(store, 'word', {in: ['kept']})).toEqual(['kept/1'])
      await store.channels.create('gone', {}, 'alice')
      await store.channels.delete('kept')
      await check(['ops/5', 'ops/2'])
      await store.channels.prune('ops', {keep: 1})
      await check(['ops/5'])
      await send('gone', {body: 'word 7'})
      await check(['gone/2', 'ops/5'])
    },
  )

  promise('a filter holds with it, its limit exact', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    for (const count of upTo(20)) {
      await send('ops', {
        body: `{"n":${count},"text":"word"}`,
        contentType: 'application/json',
        sender: count % 2 ? 'bob' : 'a.b',
        type: count % 3 ? 'x' : '!!',
      })
      clock.advance(SECOND)
    }
    const seqsOf = (...numbers: number[]) => numbers.map((seq) => `ops/${seq}`)
    for (const _ of upTo(3)) {
      expect(await searchAll(store, 'word', {filter: {senders: ['bob'], types: ['!!']}})).toEqual(seqsOf(15, 9, 3))
      expect(await searchAll(store, 'word', {filter: {senders: ['a.b', 'nobody']}, limit: 3})).toHaveLength(10)
      expect(await searchAll(store, 'word', {filter: {senders: ['a']}})).toEqual([])
      expect(await searchAll(store, 'word', {filter: {types: []}})).toEqual([])
      expect(await searchAll(store, 'word', {filter: {where: ['n>18']}, limit: 1})).toEqual(seqsOf(20, 19))
      expect(await searchAll(store, 'word', {filter: {since: START + 4 * SECOND, until: START + 7 * SECOND}})).toEqual(
        seqsOf(7, 6, 5),
      )
      await store.search.index({limit: 10, begin: true})
    }
  })

  promise('what a filter leaves of many is found, however rare, wherever pieces end', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    const rare = new Set([1, 2, 1_777, 3_000, 5_555, 7_999, 8_000])
    const bodies = upTo(8_000).map((count) => `{"text":"word","rare":${rare.has(count)},"n":${count}}`)
    await sendAll('ops', bodies, {contentType: 'application/json'})
    while ((await store.search.index({limit: 10_000, begin: true})).left > 0);
    const found = [...rare].sort((a, b) => b - a).map((seq) => `ops/${seq}`)
    expect(await searchAll(store, 'word', {filter: {where: ['rare=true']}})).toEqual(found)
    expect(await searchAll(store, 'word', {filter: {where: ['rare=true']}, limit: 1})).toEqual(found)
    expect(await searchAll(store, 'word', {filter: {where: ['n<0']}})).toEqual([])
    const all = await searchAll(store, 'word', {limit: 333})
    expect(all).toEqual(upTo(8_000).map((count) => `ops/${8_001 - count}`))
  })

  promise(
    'the index is filled only when somebody has begun, and says what is left',
    async ({store, sendAll, handles}) => {
      await store.channels.create('ops', {}, 'alice')
      await sendAll('ops', ['a', 'b', 'c'])
      expect(await store.search.index({limit: 2})).toMatchObject({done: 0, open: false})
      expect(await store.search.index({limit: 2, begin: true})).toEqual({done: 2, left: 1, open: true})
      expect(await store.search.index({limit: 2})).toEqual({done: 1, left: 0, open: true})
      expect(await store.search.index({limit: 2})).toEqual({done: 0, left: 0, open: true})
      const [other] = await handles(1)
      expect(await searchAll(other!, 'b')).toEqual(['ops/2'])
    },
  )

  promise('what was acknowledged is found at once, whoever sent it', async ({store, handles, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const [one, two] = await handles(2)
    for (const count of upTo(10)) {
      await one!.messages.append([outgoing('ops', {body: `number${count}`})])
      expect(await searchAll(two!, `number${count}`)).toEqual([`ops/${count}`])
      if (count % 3 === 0) await store.search.index({limit: 2, begin: true})
    }
  })
}
