import {expect} from 'vitest'
import type {Outgoing} from '../../../src/store/store.js'
import {places, type Suite} from './bench.js'
import {HOUR} from './harness.js'

export function threadTests({promise}: Suite): void {
  promise('a thread is its root and all that answers it, every place, as stored', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const root = await send(['a', 'b'])
    await send('a')
    const answer = await send('b', {replyTo: root.id, thread: root.id, sender: 'bob', recipient: 'zoe'})
    await send(['b', 'a'], {replyTo: answer.id, thread: root.id})
    const other = await send('a')
    await send('a', {replyTo: other.id, thread: other.id})
    expect(places(await store.messages.thread(root.id))).toEqual(['a/1', 'b/1', 'b/2', 'b/3', 'a/3'])
    expect(places(await store.messages.thread(other.id))).toEqual(['a/4', 'a/5'])
    expect(await store.messages.thread(answer.id)).toEqual([])
  })

  promise('a thread has its expired messages, and misses a root that was deleted', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const root = await send('ops')
    const answer = await send('ops', {replyTo: root.id, thread: root.id, expiresAt: clock.now() + 1})
    clock.advance(HOUR)
    expect(places(await store.messages.thread(root.id))).toEqual(['ops/1', 'ops/2'])
    const last = await send('ops', {replyTo: answer.id, thread: root.id})
    expect(places(await store.messages.thread(root.id))).toEqual(['ops/1', 'ops/3'])
    expect(places(await store.messages.ancestors(last.id))).toEqual(['ops/3'])
    await store.channels.prune('ops', {keep: 1})
    expect(places(await store.messages.thread(root.id))).toEqual(['ops/3'])
  })

  promise('ancestors are the chain from the root to the message itself, every place', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const root = await send('a')
    const middle = await send(['a', 'b'], {replyTo: root.id, thread: root.id})
    await send('b', {replyTo: middle.id, thread: root.id})
    const leaf = await send('b', {replyTo: middle.id, thread: root.id})
    expect(places(await store.messages.ancestors(leaf.id))).toEqual(['a/1', 'a/2', 'b/1', 'b/3'])
    expect(places(await store.messages.ancestors(root.id))).toEqual(['a/1'])
    expect(await store.messages.ancestors('00000000-0000-7000-8000-000000000000')).toEqual([])
  })

  promise('a thread of any depth comes whole', async ({store, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const chain: Outgoing[] = [outgoing('ops')]
    for (let depth = 1; depth < 1500; depth++)
      chain.push(outgoing('ops', {replyTo: chain[depth - 1]?.id, thread: chain[0]?.id}))
    await store.messages.append(chain)
    const [root, leaf] = [chain[0]?.id ?? '', chain.at(-1)?.id ?? '']
    expect((await store.messages.thread(root)).map(({id}) => id)).toEqual(chain.map(({id}) => id))
    expect((await store.messages.ancestors(leaf)).map(({id}) => id)).toEqual(chain.map(({id}) => id))
  })

  promise('links are direct answers and what refers to a message', async ({store, send, ids}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const root = await send('a')
    const answer = await send(['b', 'a'], {replyTo: root.id, thread: root.id})
    await send('b', {replyTo: answer.id, thread: root.id})
    await send('b', {references: [ids(), root.id]})
    await send('a', {references: [root.id, answer.id]})
    const links = await store.messages.links(root.id)
    expect(places(links.replies)).toEqual(['b/1', 'a/2'])
    expect(places(links.referencedBy)).toEqual(['b/3', 'a/3'])
    expect(await store.messages.links(ids())).toEqual({replies: [], referencedBy: []})
  })
}
