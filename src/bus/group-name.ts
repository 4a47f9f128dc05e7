import type {Channel} from '../model/channel.js'
import {DEFAULT_GROUP, RESPONDERS} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import {manages} from './access.js'
import type {Context} from './context.js'

/**
 * Sees to it that nobody gets the direct messages of others by working as a new group of their name: a group is given what
 * is addressed to it.
 * @throws FORBIDDEN someone else of that name reads the channel, and the actor doesn't manage it
 */
export async function requireGroupName(ctx: Context, channel: Channel, group: string): Promise<void> {
  if (group === ctx.actor || group === DEFAULT_GROUP || group === RESPONDERS) return
  const {consumers, subscriptions} = ctx.store
  const {name} = channel
  if (await consumers.get({channel: name, kind: 'workers', name: group})) return
  const [reader, [subscription]] = await Promise.all([
    consumers.get({channel: name, kind: 'reader', name: group}),
    subscriptions.list({channel: name, subscriber: group}),
  ])
  if ((!reader && !subscription) || (await manages(ctx, channel))) return
  throw new LeatError(
    'FORBIDDEN',
    `${group} reads "${name}": a group of that name would get what is for ${group} alone`,
    {
      hint: `--group with another name, or ask ${channel.createdBy}, who manages it`,
    },
  )
}
