import {expect} from 'vitest'
import {bodies, reader, readOn, type Suite, scanAll, seqs, texts} from './bench.js'

export function directMessageTests({promise}: Suite): void {
  promise('a direct message is seen by sender, recipient and those with `all`', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    await send('ops', {body: 'to all', sender: 'bob'})
    await send('ops', {body: 'for zoe', sender: 'bob', recipient: 'zoe'})
    const seenBy = async (actor: string, all?: boolean) =>
      bodies({
        messages: await scanAll(store, [], {actor, channels: [{name: 'ops', ...(all === undefined ? {} : {all})}]}),
      })
    expect(await seenBy('bob')).toEqual(['to all', 'for zoe'])
    expect(await seenBy('zoe')).toEqual(['to all', 'for zoe'])
    expect(await seenBy('eve')).toEqual(['to all'])
    expect(await seenBy('alice')).toEqual(['to all'])
    expect(await seenBy('alice', true)).toEqual(['to all', 'for zoe'])
  })

  promise('a limit never loses a direct message among those of others', async ({store, sendAll}) => {
    await store.channels.create('box', {}, 'alice')
    await sendAll('box', texts(25, 'zoe'), {recipient: 'zoe'})
    await sendAll('box', texts(2, 'bob'), {recipient: 'bob'})
    await sendAll('box', texts(25, 'zoe again'), {recipient: 'zoe'})
    await sendAll('box', texts(3, 'bob again'), {recipient: 'bob'})
    const counts: number[] = []
    for (let runs = 0; runs < 4; runs++)
      counts.push((await readOn(store, reader('box', 'bob'), {limit: 2})).messages.length)
    expect(counts).toEqual([2, 2, 1, 0])
    expect(seqs({messages: await scanAll(store, ['box'], {actor: 'bob', limit: 3})})).toEqual([26, 27, 53])
    expect(seqs({messages: await scanAll(store, ['box'], {actor: 'bob', limit: 3, order: 'backward'})})).toEqual([
      55, 54, 53,
    ])
  })

  promise("other people's direct messages are in no count", async ({store, sendAll, send}) => {
    await store.channels.create('box', {}, 'alice')
    await send('box', {sender: 'bob', conversation: 'c'})
    await sendAll('box', texts(9), {sender: 'bob', recipient: 'zoe', conversation: 'c'})
    const eve = reader('box', 'eve')
    expect(await store.consumers.unread(eve, {actor: 'eve'})).toBe(1)
    expect(await store.consumers.unread(reader('box', 'zoe'), {actor: 'zoe'})).toBe(10)
    const [summary] = await store.channels.summaries({channels: [{name: 'box'}], actor: 'eve'})
    expect([summary?.messages, summary?.unread, summary?.last?.seq]).toEqual([1, 1, 1])
    const [conversation] = await store.conversations.list({actor: 'eve', readable: [{name: 'box'}]})
    expect(conversation?.messages).toBe(1)
    expect(await store.consumers.seek(eve, 10, {actor: 'eve'})).toMatchObject({skipped: 1})
    expect(await store.consumers.seek(eve, 0, {actor: 'eve'})).toMatchObject({again: 1})
  })

  promise("who reads is the actor, whoever's the reader", async ({store, send}) => {
    await store.channels.create('box', {}, 'alice')
    await send('box', {recipient: 'bob', body: 'for bob'})
    expect(bodies(await readOn(store, reader('box', 'desk'), {actor: 'zoe'}))).toEqual([])
    await send('box', {recipient: 'bob', body: 'again'})
    expect(bodies(await readOn(store, reader('box', 'desk'), {actor: 'bob'}))).toEqual(['again'])
  })
}
