/** What proves an actor at a network door. */
import {createHash, randomBytes} from 'node:crypto'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {MAX_TIME} from '../model/time.js'
import type {Token} from '../model/token.js'
import type {Store} from '../store/store.js'
import {administers, requireAdministration} from './administration.js'
import type {Context} from './context.js'
import {checkOneId} from './find.js'

/** So that people, and programs that look for secrets, know one when they see it. */
const PREFIX = 'leat_'
const SECRET = /^leat_[A-Za-z0-9_-]{43}$/
const BYTES = 32

/**
 * A new token and its secret, which is told this once: the store keeps its SHA-256 hash.
 * @param expiresAt milliseconds since 1970; absent: it lasts until it is revoked
 * @throws FORBIDDEN the actor doesn't administer the store
 * @throws INVALID
 */
export async function createToken(
  ctx: Context,
  {actor, expiresAt}: {actor: string; expiresAt?: number},
): Promise<{token: Token; secret: string}> {
  checkName('actor', actor)
  if (expiresAt !== undefined) checkExpiry(ctx, expiresAt)
  await requireAdministration(ctx, `make a token for ${actor}`)
  const secret = PREFIX + randomBytes(BYTES).toString('base64url')
  const ends = expiresAt === undefined ? {} : {expiresAt}
  const token = await ctx.store.tokens.create({hash: hashOf(secret), actor, ...ends}, ctx.actor)
  return {token, secret}
}

/** Tokens in the order in which they were made: the actor's own, for who administers the store all. Never their secrets. */
export async function tokens(ctx: Context, {actor}: {actor?: string} = {}): Promise<Token[]> {
  if (actor !== undefined) checkName('actor', actor)
  const found = await ctx.store.tokens.list({...(actor !== undefined && {actor})})
  return (await administers(ctx)) ? found : found.filter((token) => token.actor === ctx.actor)
}

/**
 * Ends a token: the actor's own, or for who administers the store any.
 * @param id of a token, or a unique end of it (6 characters or more)
 * @throws NOT_FOUND no such token that the actor may see
 * @throws USAGE     several end like this
 * @throws INVALID
 */
export async function revokeToken(ctx: Context, id: string): Promise<Token> {
  const end = id.toLowerCase().replaceAll('-', '')
  // What somebody pasted here may be a secret: it is not repeated.
  if (!/^[0-9a-f]{6,32}$/.test(end))
    throw new LeatError('INVALID', 'this is not the id of a token', {
      hint: 'an id of leat token list, or the last 6 or more characters of one',
    })
  const ids = (await tokens(ctx)).map((token) => token.id).filter((one) => one.replaceAll('-', '').endsWith(end))
  checkOneId(id, ids)
  const [found] = ids
  const revoked = found === undefined ? undefined : await ctx.store.tokens.revoke(found)
  if (revoked) return revoked
  throw new LeatError('NOT_FOUND', `no token "${id}" in ${ctx.store.label}`, {hint: 'leat token list'})
}

/**
 * The token of a secret, for the doors. What is wrong with one that is refused is not said, nor is it repeated.
 * @throws UNAUTHENTICATED no such token, or it has expired
 */
export async function authenticate(
  {store, clock}: {store: Store; clock: () => number},
  secret: string,
): Promise<Token> {
  const token = SECRET.test(secret) ? await store.tokens.find(hashOf(secret)) : undefined
  if (token && (token.expiresAt === undefined || clock() < Date.parse(token.expiresAt))) return token
  throw new LeatError('UNAUTHENTICATED', 'this token is unknown, or has expired', {
    hint: 'leat token create --for ACTOR, by someone who administers the store',
  })
}

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** @throws INVALID */
function checkExpiry(ctx: Context, expiresAt: number): void {
  if (Number.isSafeInteger(expiresAt) && expiresAt > ctx.clock() && expiresAt <= MAX_TIME) return
  throw new LeatError('INVALID', `a token can't expire at ${expiresAt}`, {
    hint: 'milliseconds since 1970, ahead of now',
  })
}
