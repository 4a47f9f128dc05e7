import {expect} from 'vitest'
import type {Delivery} from '../../../src/model/delivery.js'
import {only, type Suite, texts} from './bench.js'
import {deliverAll, failed, list, listed, retryIn, settle, subscribed, takeOne} from './delivering.js'
import {HOUR} from './harness.js'

export function deliveryListTests({promise}: Suite): void {
  promise('by channel, subscriber and seq, page by page', async (bench) => {
    const {store, sendAll} = bench
    const keys = ['ops', 'dev'].flatMap((channel) => ['pager', 'bob'].map((subscriber) => ({channel, subscriber})))
    for (const key of keys) await subscribed(bench, {}, key)
    for (const channel of ['ops', 'dev']) await sendAll(channel, texts(3))
    for (const key of keys) await deliverAll(store, key)
    const all = (await list(store)).map(({channel, subscriber, seq}) => `${channel}/${seq} ${subscriber}`)
    expect(all).toEqual(
      ['dev', 'ops'].flatMap((channel) =>
        ['bob', 'pager'].flatMap((subscriber) => [1, 2, 3].map((seq) => `${channel}/${seq} ${subscriber}`)),
      ),
    )
    const paged: string[] = []
    for (let after: Delivery | undefined; ; ) {
      const page = await list(store, {limit: 5, ...(after && {after})})
      if (page.length === 0) break
      expect(page.length).toBeLessThanOrEqual(5)
      paged.push(...page.map(({channel, subscriber, seq}) => `${channel}/${seq} ${subscriber}`))
      after = page.at(-1)
    }
    expect(paged).toEqual(all)
  })

  promise('limits to channel, subscriber, seq, state and the end of an id', async (bench) => {
    const {store, sendAll, ids} = bench
    const mail = {channel: 'ops', subscriber: 'mail'}
    await subscribed(bench)
    await subscribed(bench, {}, mail)
    await sendAll('ops', texts(3))
    await settle(store, await takeOne(store), failed)
    await settle(store, await takeOne(store))
    await settle(store, await takeOne(store), retryIn(HOUR))
    await deliverAll(store, mail)
    expect(await listed(store, {subscriber: 'pager'})).toEqual([
      'ops/pager 1 failed 1',
      'ops/pager 2 delivered 1',
      'ops/pager 3 pending 1',
    ])
    expect(await listed(store, {channel: 'ops', seq: 2})).toEqual(['ops/mail 2 delivered 1', 'ops/pager 2 delivered 1'])
    expect(await listed(store, {state: 'pending'})).toEqual(['ops/pager 3 pending 1'])
    expect(await listed(store, {state: 'failed'})).toEqual(['ops/pager 1 failed 1'])
    expect(await listed(store, {state: 'delivered', subscriber: 'pager'})).toEqual(['ops/pager 2 delivered 1'])
    const {id} = only(await list(store, {state: 'failed'}))
    const hex = id.replaceAll('-', '')
    for (const idEnd of [hex, hex.slice(-8)]) expect(only(await list(store, {idEnd})).id).toBe(id)
    for (const query of [{channel: 'none'}, {subscriber: 'none'}, {seq: 9}, {idEnd: ids().replaceAll('-', '')}])
      expect(await listed(store, query)).toEqual([])
  })
}
