/** What deliveries are signed with. */
import {randomBytes} from 'node:crypto'
import {checkName} from '../model/names.js'
import type {SubscriptionKey} from '../model/subscription.js'
import {requireChannel} from './access.js'
import type {Context} from './context.js'
import {requireSubscription} from './subscriptions.js'

/** Secrets of a subscription that are valid at once: while a receiver is given the new one, it knows the old one. */
const KEPT = 2

/** As Standard Webhooks writes them: 32 random bytes. */
const makeSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/**
 * A new secret of a subscription, told this once; the one before stays valid beside it.
 * @throws NOT_FOUND no such channel or subscription
 * @throws FORBIDDEN it is someone else's, and the actor doesn't manage the channel
 * @throws INVALID
 */
export async function newSecret(
  ctx: Context,
  channel: string,
  {subscriber = ctx.actor}: {subscriber?: string} = {},
): Promise<string> {
  checkName('actor', subscriber)
  await requireChannel(ctx, channel, subscriber === ctx.actor ? 'subscribe' : 'manage')
  await requireSubscription(ctx, channel, subscriber)
  const secret = makeSecret()
  await ctx.store.subscriptions.addSecret(channel, subscriber, secret, {keep: KEPT})
  return secret
}

/** The secrets of a subscription, the newest first; the first is made when it is first asked for. @throws NOT_FOUND */
export async function secretsOf({store}: Context, {channel, subscriber}: SubscriptionKey): Promise<readonly string[]> {
  const secrets = await store.subscriptions.secrets(channel, subscriber)
  if (secrets.length > 0) return secrets
  return store.subscriptions.addSecret(channel, subscriber, makeSecret(), {keep: KEPT, ifNone: true})
}
