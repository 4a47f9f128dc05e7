import type {SubscribeOptions} from '../../bus/subscriptions.js'
import {LeatError} from '../../model/errors.js'
import {SUBSCRIBER_KINDS} from '../../model/subscription.js'
import type {Operation} from '../operation.js'
import {channel, flag, oneOf, text, texts} from './fields.js'

const subscriber = text('Who subscribes. Someone else than the actor needs manage.')

const all: Operation<{subscriber?: string}> = {
  name: 'subscription.list',
  summary: "Subscriptions to channels that the actor may read, and the actor's own.",
  http: {method: 'GET', path: '/subscriptions'},
  input: {type: 'object', properties: {subscriber: text('Only of this subscriber.')}},
  run: async ({bus, input}) => ({subscriptions: await bus.subscriptions(input)}),
}

const ofChannel: Operation<{channel: string}> = {
  name: 'channel.subscriptions',
  summary: 'Who subscribes to a channel.',
  http: {method: 'GET', path: '/channels/{channel}/subscriptions'},
  input: {type: 'object', properties: {channel}, required: ['channel']},
  run: async ({bus, input}) => ({subscriptions: await bus.subscriptions(input)}),
}

const orNull = (schema: {type: string}) => ({...schema, type: [schema.type, 'null']})

const put: Operation<SubscribeOptions & {channel: string; subscriber: string}> = {
  name: 'subscription.put',
  summary: 'Subscribe, or change the subscription that is there.',
  http: {method: 'PUT', path: '/channels/{channel}/subscriptions/{subscriber}'},
  input: {
    type: 'object',
    properties: {
      channel,
      subscriber,
      kind: oneOf(SUBSCRIBER_KINDS, 'Default user.'),
      transport: orNull(text('The transport that pushes; null: none.')),
      endpoint: orNull(text('Where to, as its transport has it; null: nowhere.')),
      allowPrivate: flag('The endpoint may be a private address; FORBIDDEN at a door.'),
      types: orNull(texts('Only these types; null: all.')),
      paused: flag('Hidden from inbox and push.'),
      from: text('Where the cursor goes; default for a new subscription: now.'),
    },
    required: ['channel', 'subscriber'],
  },
  async run({bus, input: {channel, ...options}}) {
    const {subscription, created} = await bus.subscribe(channel, options)
    return {...subscription, created}
  },
}

const remove: Operation<{channel: string; subscriber: string; forget?: boolean}> = {
  name: 'subscription.delete',
  summary: 'End a subscription; the cursor stays unless it is to be forgotten.',
  http: {method: 'DELETE', path: '/channels/{channel}/subscriptions/{subscriber}'},
  input: {
    type: 'object',
    properties: {channel, subscriber, forget: flag('Drop the cursor too.')},
    required: ['channel', 'subscriber'],
  },
  async run({bus, input: {channel, subscriber, forget = false}}) {
    if (!(await bus.unsubscribe(channel, {subscriber, forget})))
      throw new LeatError('NOT_FOUND', `${subscriber} is not subscribed to "${channel}"`)
    return {channel, subscriber, forgotten: forget}
  },
}

const secret: Operation<{channel: string; subscriber: string}> = {
  name: 'subscription.secret',
  summary: 'A new secret that deliveries are signed with, told this once; the one before stays valid beside it.',
  http: {method: 'POST', path: '/channels/{channel}/subscriptions/{subscriber}/secret', status: 201},
  input: {type: 'object', properties: {channel, subscriber}, required: ['channel', 'subscriber']},
  run: async ({bus, input: {channel, subscriber}}) => ({
    channel,
    subscriber,
    secret: await bus.newSecret(channel, {subscriber}),
  }),
}

export const SUBSCRIPTIONS = [all, ofChannel, put, remove, secret]
