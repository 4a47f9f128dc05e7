import {expect} from 'vitest'
import {bodies, only, refused, type Suite, scanAll, sentTo, texts} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

export function appendTests({law, promise}: Suite): void {
  promise('every field comes back as it was given, absent ones absent', async ({store, send, outgoing, ids, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    await store.channels.create('ops.replies', {}, 'alice')
    const root = await send('ops')
    const full = outgoing('ops', {
      type: 'deploy.done',
      recipient: 'bob',
      replyTo: root.id,
      thread: root.id,
      references: [ids(), root.id],
      conversation: 'release',
      correlationId: 'c ✓ 1',
      key: 'any text: \u{1f600}',
      replyChannel: 'ops.replies',
      headers: {'X-a': 'ü', b: '', constructor: 'c'},
      expiresAt: clock.now() + HOUR,
    })
    only(await store.messages.append([full]))
    const [bare, stored] = await scanAll(store, ['ops'])
    const {channels: _, deliverAt: __, expiresAt: ___, ...same} = full
    expect({...stored}).toEqual({
      ...same,
      channel: 'ops',
      seq: 2,
      time: new Date(START).toISOString(),
      expiresAt: new Date(START + HOUR).toISOString(),
    })
    expect(Object.keys(bare ?? {}).sort()).toEqual([
      'body',
      'channel',
      'contentType',
      'id',
      'sender',
      'seq',
      'thread',
      'time',
      'type',
    ])
    expect(bare?.thread).toBe(bare?.id)
  })

  promise('content comes back byte for byte', async ({store, send}) => {
    await store.channels.create('ops', {}, 'alice')
    const given: [string | Uint8Array, string][] = [
      ['', 'text/plain'],
      ['\ufeffBOM, CRLF\r\n, tab\t, \u{1f600}, e\u0301 é, \u2028', 'text/plain'],
      ['{"b": 12345678901234567890, "a": 1.0, "a": 1e400,\n "__proto__": null}', 'application/json'],
      ['"\\ud800 \\u0000"', 'application/json'],
      [Uint8Array.from({length: 256}, (_, byte) => byte), 'application/octet-stream'],
      [new Uint8Array(), 'application/octet-stream'],
      [new TextEncoder().encode('valid UTF-8'), 'image/x'],
      ['x'.repeat(3_000_000), 'text/plain'],
    ]
    for (const [body, contentType] of given) await send('ops', {body, contentType})
    const stored = await scanAll(store, ['ops'])
    expect(stored).toHaveLength(given.length)
    for (const [index, [body, contentType]] of given.entries()) {
      const got = stored[index]?.body
      expect(typeof got).toBe(typeof body)
      expect(Buffer.compare(Buffer.from(got as string), Buffer.from(body as string))).toBe(0)
      expect(stored[index]?.contentType).toBe(contentType)
    }
  })

  promise('what the caller does with its objects afterwards changes nothing', async ({store, outgoing}) => {
    await store.channels.create('ops', {}, 'alice')
    const body = Uint8Array.of(1, 2, 3)
    const headers: Record<string, string> = {a: 'b'}
    await store.messages.append([outgoing('ops', {body, contentType: 'x/y', headers})])
    body[0] = 9
    headers.a = 'changed'
    const stored = only(await scanAll(store, ['ops']))
    expect([...(stored.body as Uint8Array)]).toEqual([1, 2, 3])
    expect(stored.headers).toEqual({a: 'b'})
  })

  promise('the receipt names id, thread, time and places', async ({store, send, ids}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const id = ids()
    expect(await send(['b', 'a'], {id})).toEqual({
      id,
      thread: id,
      time: new Date(START).toISOString(),
      sent: [
        {channel: 'b', seq: 1},
        {channel: 'a', seq: 1},
      ],
    })
    expect((await send('a', {replyTo: id, thread: id})).thread).toBe(id)
  })

  promise('receipts come in the order of the messages, whose order stays', async ({store, sendAll}) => {
    await store.channels.create('ops', {}, 'alice')
    const receipts = await sendAll('ops', texts(50))
    expect(receipts.map((receipt) => only(sentTo(receipt)))).toEqual(texts(50).map((_, index) => `ops/${index + 1}`))
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(texts(50))
    expect(await store.messages.append([])).toEqual([])
  })

  law(6, 'a message to several channels has one id and a place in each, or none', async ({store, send, ids}) => {
    for (const name of ['a', 'b', 'shut']) await store.channels.create(name, {}, 'alice')
    await store.channels.setState('shut', 'closed')
    await refused('CHANNEL_CLOSED', send(['a', 'b', 'shut']))
    await refused('NOT_FOUND', send(['a', 'b', 'none']))
    expect(await scanAll(store, ['a', 'b', 'shut'])).toEqual([])
    const id = ids()
    expect(sentTo(await send(['a', 'b'], {id}))).toEqual(['a/1', 'b/1'])
    expect((await scanAll(store, ['a', 'b'])).map((message) => message.id)).toEqual([id, id])
  })

  law(6, 'when the last of many is refused nothing of the others is left', async ({store, outgoing, ids, clock}) => {
    for (const name of ['a', 'shut']) await store.channels.create(name, {}, 'alice')
    const id = ids()
    await store.messages.append([outgoing('a', {id, body: 'first'})])
    await store.channels.setState('shut', 'closed')
    const good = [outgoing('a', {conversation: 'made', key: 'k'}), outgoing('a', {deliverAt: clock.now() + SECOND})]
    await refused('NOT_FOUND', store.messages.append([...good, outgoing('none')]))
    await refused('CHANNEL_CLOSED', store.messages.append([...good, outgoing('shut')]))
    await refused('CONFLICT', store.messages.append([...good, outgoing('a', {id, body: 'other'})]))
    clock.advance(HOUR)
    expect(bodies({messages: await scanAll(store, ['a'])})).toEqual(['first'])
    expect((await store.channels.get('a'))?.lastSeq).toBe(1)
    expect(await store.conversations.list({actor: 'alice', readable: [{name: 'a'}]})).toEqual([])
    const again = await store.messages.append([outgoing('a', {key: 'k', body: 'the key is free'})])
    expect(only(again).duplicate).toBeUndefined()
  })

  promise('an unknown channel is NOT_FOUND, named', async ({send}) => {
    expect((await refused('NOT_FOUND', send('nowhere'))).message).toContain('nowhere')
  })

  promise('closed takes nothing, draining takes replies', async ({store, send, clock}) => {
    await store.channels.create('ops', {}, 'alice')
    const asked = await send('ops')
    await send('ops', {deliverAt: clock.now() + HOUR})
    await store.channels.setState('ops', 'draining')
    await refused('CHANNEL_CLOSED', send('ops'))
    expect(sentTo(await send('ops', {replyTo: asked.id, thread: asked.thread}))).toEqual(['ops/2'])
    await store.channels.setState('ops', 'closed')
    await refused('CHANNEL_CLOSED', send('ops', {replyTo: asked.id, thread: asked.thread}))
  })

  promise('append applies the retention by count', async ({store, sendAll, send}) => {
    await store.channels.create('ops', {retention: {maxMessages: 3}}, 'alice')
    await sendAll('ops', texts(5))
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['one 3', 'one 4', 'one 5'])
    await send('ops', {body: 'six'})
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['one 4', 'one 5', 'six'])
  })

  promise('append applies the retention by age', async ({store, send, clock}) => {
    await store.channels.create('ops', {retention: {maxAge: HOUR}}, 'alice')
    await send('ops', {body: 'old'})
    clock.advance(HOUR / 2)
    await send('ops', {body: 'young'})
    clock.advance(HOUR / 2 + SECOND)
    await send('ops', {body: 'new'})
    expect(bodies({messages: await scanAll(store, ['ops'])})).toEqual(['young', 'new'])
  })
}
