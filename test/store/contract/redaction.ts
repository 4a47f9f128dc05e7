import {expect} from 'vitest'
import {only, places, reader, readOn, refused, type Suite, scanAll} from './bench.js'
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
