import {expect} from 'vitest'
import {only, places, reader, readOn, refused, type Suite, scanAll} from './bench.js'
import {claimOne, deadLetters, fail} from './claiming.js'
import {HOUR, START} from './harness.js'

export function redactionTests({promise}: Suite): void {
  promise('redact removes content and headers of every place and leaves the rows', async ({store, send}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const root = await send('a')
    const secret = await send(['a', 'b'], {
      body: 'secret',
      headers: {token: 'x'},
      replyTo: root.id,
      thread: root.id,
      key: 'k',
      conversation: 'c',
      type: 't',
    })
    const redacted = await store.messages.redact(secret.id, 'zoe')
    expect(places(redacted).sort()).toEqual(['a/2', 'b/1'])
    for (const message of [...redacted, ...(await store.messages.find({by: 'id', id: secret.id}))]) {
      expect(message).toMatchObject({
        sender: 'alice',
        type: 't',
        replyTo: root.id,
        thread: root.id,
        key: 'k',
        conversation: 'c',
        redactedAt: new Date(START).toISOString(),
        redactedBy: 'zoe',
      })
      expect(message.body).toHaveLength(0)
      expect(message.headers).toBeUndefined()
      expect(message.content).toBeUndefined()
    }
    expect(await scanAll(store, ['a', 'b'], {filter: {text: 'secret'}})).toEqual([])
    expect(places((await readOn(store, reader('b', 'bob'))).messages)).toEqual(['b/1'])
  })

  promise('redact reaches what a worker has in hand', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: 'secret', headers: {token: 'x'}})
    const one = await claimOne(store)
    await store.messages.redact(id, 'zoe')
    const {message} = await store.claims.get(one.token)
    expect([message.body.length, message.headers, message.redactedBy]).toEqual([0, undefined, 'zoe'])
    await fail(store, one)
    expect((await claimOne(store)).message).toEqual(message)
  })

  promise('redact reaches a message that is delayed', async ({store, send, clock}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const deliverAt = clock.now() + HOUR
    const {id} = await send(['a', 'b'], {body: 'secret', headers: {token: 'x'}, key: 'k', deliverAt})
    const redacted = await store.messages.redact(id, 'zoe')
    expect(redacted.map(({channel, seq}) => `${channel}/${seq}`).sort()).toEqual(['a/0', 'b/0'])
    expect(redacted[0]).toMatchObject({id, redactedBy: 'zoe', key: 'k'})
    expect((await store.messages.scheduled({channel: 'a'}))[0]?.message.body).toHaveLength(0)
    expect(await send(['a', 'b'], {key: 'k', body: 'secret', deliverAt})).toMatchObject({id, duplicate: true})
    await store.channels.setState('b', 'closed')
    clock.advance(HOUR)
    const [stored, dead] = [only(await scanAll(store, ['a'])), only(await deadLetters(store))]
    for (const message of [stored, dead.message]) {
      expect(message).toMatchObject({id, redactedAt: new Date(START).toISOString(), redactedBy: 'zoe'})
      expect([message.body.length, message.headers]).toEqual([0, undefined])
    }
  })

  promise('redacting again changes nothing', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const {id} = await send('ops', {body: Uint8Array.of(0, 1), contentType: 'x/y'})
    const first = await store.messages.redact(id, 'zoe')
    clock.advance(HOUR)
    expect(await store.messages.redact(id, 'bob')).toEqual(first)
    expect(only(first)).toMatchObject({redactedBy: 'zoe', contentType: 'x/y'})
    expect(only(first).body).toHaveLength(0)
  })

  promise('an unknown message is NOT_FOUND', async ({store, ids}) => {
    await refused('NOT_FOUND', store.messages.redact(ids(), 'zoe'))
  })
}
