import {LeatError} from '../model/errors.js'
import type {Token} from '../model/token.js'
import type {Store} from '../store/store.js'
import type {Context} from './context.js'

const unmade = async (): Promise<never> => {
  throw new LeatError('INTERNAL', 'not made yet')
}

/** A new token and its secret, which is told this once. @param expiresAt milliseconds since 1970 */
export const createToken: (
  ctx: Context,
  options: {actor: string; expiresAt?: number},
) => Promise<{token: Token; secret: string}> = unmade
export const tokens: (ctx: Context, query?: {actor?: string}) => Promise<Token[]> = unmade
/** @param id of a token, or a unique end of it */
export const revokeToken: (ctx: Context, id: string) => Promise<Token> = unmade

/** The token of a secret, for the doors. @throws UNAUTHENTICATED there is none, or it has expired */
export const authenticate: (at: {store: Store; clock: () => number}, secret: string) => Promise<Token> = unmade
