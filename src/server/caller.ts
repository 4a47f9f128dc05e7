/** Who is at the door. */
import {LeatError} from '../model/errors.js'

export interface Caller {
  actor: string
  /** Whether who came is still welcome: long-lived connections ask now and then. @throws UNAUTHENTICATED */
  verify(): Promise<void>
}

/** Whether it says that someone is not welcome: a store that is busy for a moment says nothing about a token. */
export const isRefusal = (error: unknown): boolean => error instanceof LeatError && error.code === 'UNAUTHENTICATED'

/** How callers are known: by tokens, or, without any, everybody is one actor. */
export type Admission = {authenticate: (secret: string) => Promise<{actor: string}>} | {everybody: string}

/**
 * @param authorization the header of that name
 * @param trusted whom the connection proves where there is no such header
 * @throws UNAUTHENTICATED no token, or not one that holds
 */
export async function callerOf(
  admission: Admission,
  authorization: string | undefined,
  trusted?: string,
): Promise<Caller> {
  if ('everybody' in admission) return {actor: admission.everybody, verify: async () => {}}
  if (authorization === undefined && trusted !== undefined) return {actor: trusted, verify: async () => {}}
  const secret = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1]
  if (secret === undefined)
    throw new LeatError('UNAUTHENTICATED', authorization === undefined ? 'no token' : 'the Authorization is no token', {
      hint: 'Authorization: Bearer TOKEN; leat token create --for ACTOR makes one',
    })
  return callerWith(admission, secret)
}

/** @throws UNAUTHENTICATED */
export async function callerWith(
  {authenticate}: Extract<Admission, {authenticate: unknown}>,
  secret: string,
): Promise<Caller> {
  const {actor} = await authenticate(secret)
  return {actor, verify: async () => void (await authenticate(secret))}
}
