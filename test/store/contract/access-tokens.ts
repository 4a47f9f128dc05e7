import {expect} from 'vitest'
import {type Suite, upTo} from './bench.js'
import {HOUR, SECOND, START} from './harness.js'

const hash = (number: number): Uint8Array => Buffer.alloc(32, number)

export function accessTokenTests({promise}: Suite): void {
  promise('a token is found by its hash, expired or not', async ({store, clock}) => {
    const plain = await store.tokens.create({hash: hash(1), actor: 'bob'}, 'alice')
    expect(plain).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      actor: 'bob',
      createdAt: new Date(START).toISOString(),
      createdBy: 'alice',
    })
    const ending = await store.tokens.create({hash: hash(2), actor: 'zoe', expiresAt: START + HOUR}, 'alice')
    expect(ending.expiresAt).toBe(new Date(START + HOUR).toISOString())
    clock.advance(2 * HOUR)
    expect(await store.tokens.find(hash(1))).toEqual(plain)
    expect(await store.tokens.find(hash(2))).toEqual(ending)
    expect(await store.tokens.find(hash(3))).toBeUndefined()
  })

  promise('list gives them in the order in which they were made, whatever the clock says', async ({store, clock}) => {
    for (const number of upTo(6)) {
      await store.tokens.create({hash: hash(number), actor: number % 2 === 0 ? 'bob' : 'zoe'}, `by-${number}`)
      clock.advance(-SECOND)
    }
    const listed = async (query: {actor?: string}) => (await store.tokens.list(query)).map(({createdBy}) => createdBy)
    expect(await listed({})).toEqual(upTo(6).map((number) => `by-${number}`))
    expect(await listed({actor: 'bob'})).toEqual(['by-2', 'by-4', 'by-6'])
    expect(await listed({actor: 'nobody'})).toEqual([])
  })

  promise('a revoked token is gone', async ({store}) => {
    const token = await store.tokens.create({hash: hash(1), actor: 'bob'}, 'alice')
    expect(await store.tokens.revoke('00000000-0000-7000-8000-000000000000')).toBeUndefined()
    expect(await store.tokens.revoke(token.id)).toEqual(token)
    expect(await store.tokens.revoke(token.id)).toBeUndefined()
    expect(await store.tokens.find(hash(1))).toBeUndefined()
    expect(await store.tokens.list({})).toEqual([])
  })
}
