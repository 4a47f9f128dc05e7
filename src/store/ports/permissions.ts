/** Who may do what, and who is who. The laws by number stand in `../store.ts`. */
import type {Grant, Grantee, HeldGrant, Permission} from '../../model/permission.js'
import type {Role} from '../../model/role.js'
import type {Token} from '../../model/token.js'

/** Who was granted what. What one grant gives another can't take away. */
export interface Grants {
  /**
   * Grants as they were given, by channel (those on all channels first), actor and role.
   * @param query `channel: null`: only those on all channels
   */
  list(query: {channel?: string | null; actor?: string; role?: string}): Promise<Grant[]>

  /**
   * What an actor holds, itself or through roles: on one channel, or without one on each; what it holds on all channels
   * always.
   */
  held(actor: string, channel?: string): Promise<HeldGrant[]>

  /**
   * Adds and takes away permissions of one actor or role, on a channel or (`null`) on all; what is in both is taken
   * away. Returns what it has there then.
   * @throws NOT_FOUND no such channel, no such role
   */
  change(
    channel: string | null,
    to: Grantee,
    change: {add?: readonly Permission[]; remove?: readonly Permission[]},
  ): Promise<Permission[]>

  /** Whether anybody manages all channels: an actor, or a role that has a member. */
  administered(): Promise<boolean>
}

export interface Roles {
  /** @throws EXISTS */
  create(name: string, options: {description?: string}, by: string): Promise<Role>

  /** By name; with `actor` only those that it is in. */
  list(query: {name?: string; actor?: string}): Promise<Role[]>

  /** Adds and takes away members; who is in both goes. @throws NOT_FOUND */
  change(name: string, change: {add?: readonly string[]; remove?: readonly string[]}): Promise<Role>

  /** Deletes a role with what was granted to it. Returns whether there was one. */
  delete(name: string): Promise<boolean>
}

export interface Tokens {
  /** @param hash SHA-256 of the token, 32 bytes. @param expiresAt milliseconds since 1970 */
  create(token: {hash: Uint8Array; actor: string; expiresAt?: number}, by: string): Promise<Token>

  /** The token of a hash, expired or not. */
  find(hash: Uint8Array): Promise<Token | undefined>

  /** In the order in which they were made. */
  list(query: {actor?: string}): Promise<Token[]>

  /** @param id a token's id. Returns what was revoked. */
  revoke(id: string): Promise<Token | undefined>
}
