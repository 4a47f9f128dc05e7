/** `subscribe` includes read; `manage` includes both. */
export type Permission = 'submit' | 'subscribe' | 'manage'

/** One permission of one actor on one channel. */
export interface Grant {
  channel: string
  actor: string
  permission: Permission
}

/** What a decision about a channel is made from. */
export interface Access {
  channel: string
  restricted: boolean
  createdBy: string
  grants: readonly Grant[]
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
  if (access.createdBy === actor) return {allowed: true, reason: `${actor} made ${access.channel}`}
  const held = access.grants.filter((grant) => grant.actor === actor).map((grant) => grant.permission)
  if (held.includes('manage')) return {allowed: true, reason: `${actor} manages ${access.channel}`}
  if (held.includes(permission))
    return {allowed: true, reason: `${actor} was granted ${permission} on ${access.channel}`}
  if (permission === 'manage') return {allowed: false, reason: `only ${access.createdBy} manages ${access.channel}`}
  if (!access.restricted) return {allowed: true, reason: `${access.channel} is open to all`}
  return {allowed: false, reason: `${access.channel} is restricted and ${actor} is not a member`}
}
