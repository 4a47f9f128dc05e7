import {createHash} from 'node:crypto'
import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {authenticate} from '../../src/bus/tokens.js'
import type {Token} from '../../src/model/token.js'
import {refusal, START, type World, world} from './world.js'

const HOUR = 3_600_000

let w: World
let amy: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[amy, bob] = [w.as('amy'), w.as('bob')]
  await amy.grant({permissions: ['manage'], to: [{actor: 'amy'}]})
})

const proves = (secret: string): Promise<Token> => authenticate({store: w.store, clock: () => w.clock.now}, secret)
const unauthenticated = refusal('UNAUTHENTICATED', 'this token is unknown, or has expired')

test('a token proves its actor until it is revoked; the store keeps a hash', async () => {
  const {token, secret} = await amy.createToken({actor: 'bob'})
  expect(secret).toMatch(/^leat_[\w-]{43}$/)
  expect(token).toEqual({
    id: token.id,
    actor: 'bob',
    createdAt: new Date(START).toISOString(),
    createdBy: 'amy',
  })
  expect(await proves(secret)).toEqual(token)
  expect(await w.store.tokens.find(createHash('sha256').update(secret).digest())).toEqual(token)
  expect(JSON.stringify(await amy.tokens())).not.toContain(secret)
  expect(await amy.revokeToken(token.id)).toEqual(token)
  await expect(proves(secret)).rejects.toMatchObject(unauthenticated)
})

test('it ends when it expires', async () => {
  const {token, secret} = await amy.createToken({actor: 'bob', expiresAt: START + HOUR})
  expect(token.expiresAt).toBe(new Date(START + HOUR).toISOString())
  w.clock.now += HOUR - 1
  expect((await proves(secret)).actor).toBe('bob')
  w.clock.now += 1
  await expect(proves(secret)).rejects.toMatchObject(unauthenticated)
  expect(await amy.tokens()).toHaveLength(1)
})

test('what is refused is not repeated, and not told apart', async () => {
  const {secret} = await amy.createToken({actor: 'bob'})
  const wrong = secret.slice(0, -1) + (secret.endsWith('A') ? 'E' : 'A')
  for (const given of ['', 'x', wrong, `${secret} `, secret.slice(5), `${secret}a`, secret.toUpperCase()]) {
    const error = await proves(given).catch((reason) => reason)
    expect(error).toMatchObject(unauthenticated)
    if (given.length > 1) expect(JSON.stringify(error)).not.toContain(given)
  }
})

test.each([0, START, START - 1, 1.5, Number.NaN, Infinity, 1e16])('it can’t expire at %d', async (expiresAt) => {
  await expect(amy.createToken({actor: 'bob', expiresAt})).rejects.toMatchObject(refusal('INVALID'))
  expect(await amy.tokens()).toEqual([])
})

test('two tokens are never the same', async () => {
  const secrets = await Promise.all(Array.from({length: 20}, () => amy.createToken({actor: 'bob'})))
  expect(new Set(secrets.map(({secret}) => secret)).size).toBe(20)
})

describe('who sees and revokes tokens', () => {
  let bobs: Token
  let zoes: Token
  beforeEach(async () => {
    bobs = (await amy.createToken({actor: 'bob'})).token
    zoes = (await amy.createToken({actor: 'zoe'})).token
  })

  test('administration all, others their own', async () => {
    expect(await amy.tokens()).toEqual([bobs, zoes])
    expect(await amy.tokens({actor: 'zoe'})).toEqual([zoes])
    expect(await bob.tokens()).toEqual([bobs])
    expect(await bob.tokens({actor: 'zoe'})).toEqual([])
    await expect(bob.revokeToken(zoes.id)).rejects.toMatchObject(refusal('NOT_FOUND', /^no token /, 'leat token list'))
    expect(await bob.revokeToken(bobs.id)).toEqual(bobs)
    await expect(bob.createToken({actor: 'bob'})).rejects.toMatchObject(
      refusal('FORBIDDEN', 'bob may not make a token for bob: that is for who manages all channels'),
    )
  })

  test('by a unique end of the id', async () => {
    await expect(amy.revokeToken('abc')).rejects.toMatchObject(refusal('INVALID'))
    expect(await amy.revokeToken(zoes.id.slice(-12).toUpperCase())).toEqual(zoes)
    await expect(amy.revokeToken(zoes.id.slice(-12))).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('a secret in place of an id is not repeated', async () => {
    const {secret} = await amy.createToken({actor: 'bob'})
    const error = await amy.revokeToken(secret).catch((reason) => reason)
    expect(error).toMatchObject(refusal('INVALID', 'this is not the id of a token'))
  })
})
