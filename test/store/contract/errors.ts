import {expect} from 'vitest'
import {LeatError} from '../../../src/model/errors.js'
import type {Outgoing, Store} from '../../../src/store/store.js'
import {bodies, only, type Suite, scanAll, sentTo, texts, upTo} from './bench.js'
import {ack, claim} from './claiming.js'

const missing = {channel: 'none', reader: 'bob'}
const nowhere = {channel: 'none', group: 'workers'}

/** What fails with an unknown channel or role, by what it calls. */
const FAILING: Record<string, (store: Store, message: Outgoing) => Promise<unknown>> = {
  update: (store) => store.channels.update('none', {title: 'x'}),
  setState: (store) => store.channels.setState('none', 'closed'),
  rename: (store) => store.channels.rename('none', 'other'),
  delete: (store) => store.channels.delete('none'),
  prune: (store) => store.channels.prune('none', {keep: 1}),
  append: (store, message) => store.messages.append([message]),
  take: (store) => store.consumers.take(missing, {actor: 'bob', limit: 1, wait: 0}),
  seek: (store) => store.consumers.seek(missing, 0, {actor: 'bob'}),
  claim: (store) => claim(store, nowhere),
  join: (store) => store.claims.join(nowhere, 'bob'),
  put: (store) => store.subscriptions.put('none', 'bob', {}, 'bob'),
  grant: (store) => store.grants.change('none', {actor: 'bob'}, {add: ['submit']}),
  grantToRole: (store) => store.grants.change(null, {role: 'none'}, {add: ['submit']}),
  role: (store) => store.roles.change('none', {add: ['bob']}),
}

export function errorTests({law}: Suite): void {
  law(10, 'an error has a code and names the thing', async ({store, outgoing}) => {
    for (const [method, fail] of Object.entries(FAILING)) {
      const error = await fail(store, outgoing('none')).catch((reason: unknown) => reason)
      expect([method, error instanceof LeatError && error.code]).toEqual([method, 'NOT_FOUND'])
      expect((error as Error).message).toMatch(/"none"|none/)
    }
  })

  law(10, 'a store that was closed answers with a LeatError, if it refuses', async ({store, open, outgoing}) => {
    const other = await open()
    await other.channels.create('ops', {}, 'alice')
    await store.close()
    const calls: (() => Promise<unknown>)[] = [
      () => store.channels.all(),
      () => store.messages.append([outgoing('ops')]),
      () => store.consumers.take({channel: 'ops', reader: 'bob'}, {actor: 'bob', limit: 1, wait: 0}),
      () => claim(store, {channel: 'ops', group: 'workers'}),
      () => store.deadLetters.redrive([]),
      () => store.messages.scheduled({}),
      () => store.info(),
    ]
    for (const call of calls) {
      const error = await Promise.resolve()
        .then(call)
        .catch((reason: unknown) => reason)
      if (error instanceof Error) expect(error).toBeInstanceOf(LeatError)
    }
  })

  law(11, 'writes of sixteen handles wait for each other, none fails', async ({store, handles, outgoing}) => {
    for (const name of ['a', 'b', 'c']) await store.channels.create(name, {}, 'alice')
    const writing = (await handles(16)).map(async (one, writer) => {
      for (const text of texts(6, `w${writer}`))
        await one.messages.append([outgoing(['a', 'b', 'c'][writer % 3] ?? 'a', {body: text})])
      await ack(one, ...(await claim(one, {channel: 'c', group: `g${writer % 4}`}, {limit: 2})).claims)
      await one.subscriptions.put('a', `s${writer}`, {}, 'alice')
      await one.grants.change('b', {actor: `g${writer}`}, {add: ['submit']})
    })
    await Promise.all(writing)
    expect(new Set(bodies({messages: await scanAll(store, ['a', 'b', 'c'])})).size).toBe(96)
    expect(await store.subscriptions.list({channel: 'a'})).toHaveLength(16)
    expect(await store.grants.list({channel: 'b'})).toHaveLength(16)
  })

  law(1, 'who reads while a batch is appended sees all of it or nothing', async ({store, open, outgoing}) => {
    for (const name of ['a', 'b']) await store.channels.create(name, {}, 'alice')
    const other = await open()
    let done = false
    const writing = (async () => {
      for (const round of upTo(8))
        await other.messages.append(texts(5, `${round}`).map((body) => outgoing(['a', 'b'], {body})))
      done = true
    })()
    while (!done) expect((await scanAll(store, ['a', 'b'])).length % 10).toBe(0)
    await writing
    expect(sentTo(only(await store.messages.append([outgoing('a')])))).toEqual(['a/41'])
  })
}
