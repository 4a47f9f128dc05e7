import {expect} from 'vitest'
import type {Message} from '../../../src/model/message.js'
import type {Store} from '../../../src/store/store.js'
import {bodies, only, reader, readOn, type Suite, scanAll, sentTo, seqs, texts, upTo} from './bench.js'
import {DAY, HOUR} from './harness.js'

export function sequenceTests({law}: Suite): void {
  law(2, 'seq is given per channel and rises', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const sent = [await send('a'), await send('b'), await send('a'), await send(['b', 'a'])]
    expect(sent.map(sentTo)).toEqual([['a/1'], ['b/1'], ['a/2'], ['b/2', 'a/3']])
    expect((await store.channels.get('a'))?.lastSeq).toBe(3)
  })

  law(2, 'a seq is not given again after the newest message was deleted', async ({store, sendAll, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    expect(await store.channels.prune('ops', {keep: 0})).toMatchObject({deleted: 3, kept: 0})
    expect(sentTo(await send('ops'))).toEqual(['ops/4'])
  })

  law(2, 'a seq is not given again after the channel was deleted and made again', async ({store, sendAll, send}) => {
    for (const expected of ['ops/4', 'ops/5', 'ops/6']) {
      if (!(await store.channels.get('ops'))) await store.channels.create('ops', {}, 'alice')
      if (expected === 'ops/4') await sendAll('ops', texts(3))
      await store.channels.delete('ops')
      expect((await store.channels.create('ops', {}, 'alice')).lastSeq).toBe(Number(expected.slice(4)) - 1)
      expect(sentTo(await send('ops'))).toEqual([expected])
    }
  })

  law(2, 'a seq is not given again after a rename, at the old name and the new', async ({store, sendAll, send}) => {
    await store.channels.create('dev', {}, 'alice')
    await sendAll('dev', texts(7))
    await store.channels.delete('dev')
    await store.channels.create('ops', {}, 'alice')
    await sendAll('ops', texts(3))
    await store.channels.rename('ops', 'dev')
    expect(sentTo(await send('dev'))).toEqual(['dev/8'])
    await store.channels.create('ops', {}, 'alice')
    expect(sentTo(await send('ops'))).toEqual(['ops/4'])
  })

  law(2, 'appends raced by eight handles give every seq once', async ({store, handles, outgoing, gapless}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const writing = (await handles(8)).map(async (one, writer) => {
      const given: number[] = []
      for (const text of texts(10, `w${writer}`)) {
        const receipt = only(await one.messages.append([outgoing(['a', 'b'], {body: text})]))
        given.push(receipt.sent.flatMap((sent) => (sent.channel === 'a' && 'seq' in sent ? sent.seq : []))[0] ?? 0)
      }
      expect(given).toEqual(given.toSorted((x, y) => x - y))
      return given
    })
    const given = (await Promise.all(writing)).flat().sort((x, y) => x - y)
    const stored = await scanAll(store, ['a'])
    expect(seqs({messages: stored})).toEqual(given)
    if (gapless) expect(given).toEqual(upTo(80))
    expect(new Set(bodies({messages: stored})).size).toBe(80)
  })

  law(2, 'who follows while eight write sees everything once, in order', async ({store, handles, outgoing, open}) => {
    await store.channels.create('ops', {}, 'alice')
    const [follower, byCursor] = [await open(), await open()]
    const writing = (await handles(8)).map(async (one, writer) => {
      for (const text of texts(15, `w${writer}`)) await one.messages.append([outgoing('ops', {body: text})])
    })
    const [scanned, taken] = await Promise.all([follow(follower, 120), takeAll(byCursor, 120), ...writing])
    const stored = seqs({messages: await scanAll(store, ['ops'])})
    expect(scanned.map(({seq}) => seq)).toEqual(stored)
    expect(taken).toEqual(stored)
  })

  law(3, 'order is by seq when the clock jumps back and forth', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const jumps = [0, -2 * HOUR, DAY, -3 * DAY, 5]
    for (const [index, jump] of jumps.entries()) {
      clock.advance(jump)
      await send('ops', {body: `${index}`})
      const batch = await readOn(store, reader('ops', 'live'))
      expect(bodies(batch)).toEqual([`${index}`])
    }
    const expected = ['0', '1', '2', '3', '4']
    const stored = await scanAll(store, ['ops'])
    expect(bodies({messages: stored})).toEqual(expected)
    expect(Date.parse(stored[1]?.time ?? '')).toBeLessThan(Date.parse(stored[0]?.time ?? ''))
    expect(bodies({messages: await scanAll(store, ['ops'], {order: 'backward'})})).toEqual(expected.toReversed())
    expect(bodies(await readOn(store, reader('ops', 'late')))).toEqual(expected)
  })

  law(3, 'order is by seq and not by id', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const ids = ['f', '0', '8'].map((digit) => `${digit.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`)
    for (const id of ids) await send('ops', {id})
    expect((await scanAll(store, ['ops'])).map(({id}) => id)).toEqual(ids)
    expect((await readOn(store, reader('ops', 'bob'))).messages.map(({id}) => id)).toEqual(ids)
  })
}

/** Scans on from where it stands until it has seen so many, waiting in between. */
async function follow(store: Store, count: number): Promise<Message[]> {
  const seen: Message[] = []
  for (let after = 0; seen.length < count; ) {
    const channels = [{name: 'ops', after}]
    const page = await store.messages.scan({channels, actor: 'bob', order: 'forward', limit: 7})
    seen.push(...page.messages)
    after = page.next.ops ?? after
    if (page.end && seen.length < count) await store.changed({ops: after}, new AbortController().signal)
  }
  return seen
}

async function takeAll(store: Store, count: number): Promise<number[]> {
  const seen: number[] = []
  for (let after = 0; seen.length < count; ) {
    const batch = await readOn(store, reader('ops', 'bob'), {limit: 7})
    seen.push(...seqs(batch))
    after = batch.upTo
    if (batch.end && seen.length < count) await store.changed({ops: after}, new AbortController().signal)
  }
  return seen
}
