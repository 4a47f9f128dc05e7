import {LeatError} from './errors.js'

/** `subscribe` includes read; `manage` includes both. */
export type Permission = 'submit' | 'subscribe' | 'manage'

/** What permissions are called, in full and in everyday words. */
const NAMES: Readonly<Record<string, Permission>> = {
  submit: 'submit',
  send: 'submit',
  'channel.submit': 'submit',
  subscribe: 'subscribe',
  read: 'subscribe',
  'channel.subscribe': 'subscribe',
  manage: 'manage',
  'channel.manage': 'manage',
}

/** `submit` (also `send`), `subscribe` (also `read`) or `manage`, `channel.` in front of it or not. @throws INVALID */
export function parsePermission(text: string): Permission {
  if (Object.hasOwn(NAMES, text)) return NAMES[text] as Permission
  throw new LeatError('INVALID', `${JSON.stringify(text)} is not a permission`, {
    hint: 'send, read or manage; in full submit, subscribe, manage',
  })
}

/** Who is granted something: one actor, or everyone in a role. */
export type Grantee = {actor: string} | {role: string}

/** One permission of one actor or role, on one channel or on all. */
export interface Grant {
  /** Absent: on all channels. */
  channel?: string
  /** Either an actor … */
  actor?: string
  /** … or a role. */
  role?: string
  permission: Permission
}

/** A grant that an actor has, itself or through a role. */
export interface HeldGrant {
  permission: Permission
  /** Absent: on all channels. */
  channel?: string
  /** The role through which it is held. */
  role?: string
}

/** What a decision about a channel is made from. */
export interface Access {
  channel: string
  restricted: boolean
  createdBy: string
  /** What the actor holds on this channel, or on all. */
  held: readonly HeldGrant[]
}

export interface Decision {
  allowed: boolean
  /** Why, in words that follow "because". */
  reason: string
}

/**
 * Whether an actor has a permission on a channel. Everyone may read and send until a channel is restricted; managing
 * is always its creator's and of those who were granted it.
 */
export function decide(actor: string, permission: Permission, access: Access): Decision {
  const {channel, createdBy, restricted, held} = access
  if (createdBy === actor) return {allowed: true, reason: `${actor} made ${channel}`}
  const manage = held.find((grant) => grant.permission === 'manage')
  if (manage) return {allowed: true, reason: `${actor} manages ${whereOf(manage)}${throughRole(manage)}`}
  const grant = held.find((one) => one.permission === permission)
  if (grant)
    return {allowed: true, reason: `${actor} was granted ${permission} on ${whereOf(grant)}${throughRole(grant)}`}
  if (permission === 'manage')
    return {allowed: false, reason: `${createdBy} made ${channel}, and ${actor} was not granted manage`}
  if (!restricted) return {allowed: true, reason: `${channel} is open to all`}
  const lack = held.length === 0 ? 'is not a member' : `was not granted ${permission}`
  return {allowed: false, reason: `${channel} is restricted and ${actor} ${lack}`}
}

const whereOf = ({channel}: HeldGrant): string => channel ?? 'all channels'

const throughRole = ({role}: HeldGrant): string => (role === undefined ? '' : ` through role ${role}`)
