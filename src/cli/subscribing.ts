/** The flags of a subscription, and the settings that they make. */
import {Flags} from '@oclif/core'
import {SUBSCRIBER_KINDS, type SubscriberKind, type SubscriptionSettings} from '../model/subscription.js'
import {list} from './flags.js'

/** Whose subscription. */
export const subscriber = Flags.string({description: 'Who subscribes (default: you).', helpValue: 'NAME'})

export const subscriptionFlags = {
  subscriber,
  kind: Flags.option({options: SUBSCRIBER_KINDS as SubscriberKind[]})({
    description: 'What the subscriber is (default: user).',
  }),
  transport: Flags.string({description: 'The transport that delivers it; without one it is read.', helpValue: 'NAME'}),
  endpoint: Flags.string({
    description: 'Where it delivers to: a URL, an address, a command, a channel.',
    helpValue: 'WHERE',
  }),
  'allow-private': Flags.boolean({
    description: 'The endpoint may be a private or local address.',
    allowNo: true,
  }),
  type: list('Only messages of this type in inbox and deliveries (repeatable).', {char: 't'}),
}

interface SubscriptionFlags {
  kind?: SubscriberKind
  transport?: string
  endpoint?: string
  'allow-private'?: boolean
  type?: string[]
}

/** Settings that flags give; an empty value takes one away. */
export function settingsOf(flags: SubscriptionFlags): SubscriptionSettings {
  const {kind, transport, endpoint, type} = flags
  const types = type?.filter((name) => name !== '')
  return {
    kind,
    transport: transport === '' ? null : transport,
    endpoint: endpoint === '' ? null : endpoint,
    allowPrivate: flags['allow-private'],
    types: types?.length === 0 ? null : types,
  }
}
