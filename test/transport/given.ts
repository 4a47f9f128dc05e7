/** What transports are given, for tests. */

import type {Channel} from '../../src/model/channel.js'
import {Message, type MessageFields} from '../../src/model/message.js'
import type {Subscription} from '../../src/model/subscription.js'
import type {Recipient, Transport, TransportResult} from '../../src/transport/transport.js'

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
export const OLDER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
export const DELIVERY = '0d6a2a51-3b1c-5a53-9a4f-2f1f3f0f4a01'

export const message = (more: Partial<MessageFields> = {}): Message =>
  new Message({
    seq: 42,
    id: '019aa3f0-0000-7000-8000-000000000042',
    channel: 'ops',
    sender: 'alice',
    type: 'message',
    body: 'disk full',
    contentType: 'text/plain',
    time: '2026-06-01T12:00:00.000Z',
    thread: '019aa3f0-0000-7000-8000-000000000042',
    ...more,
  })

export const channel: Channel = {
  name: 'ops',
  state: 'open',
  restricted: false,
  hidden: false,
  metadata: {},
  createdAt: '2026-06-01T00:00:00.000Z',
  createdBy: 'alice',
} as Channel

export const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  id: '7d3c1f5e-2222-4222-8222-000000000001',
  channel: 'ops',
  subscriber: 'bob',
  kind: 'user',
  paused: false,
  createdAt: '2026-06-01T00:00:00.000Z',
  createdBy: 'bob',
  ...more,
})

export const recipient = (settings: Partial<Subscription> = {}, more: Partial<Recipient> = {}): Recipient => ({
  subscription: subscription(settings),
  deliveryId: DELIVERY,
  attempt: 1,
  secrets: async () => [SECRET],
  ...more,
})

/** Sends one message to one recipient. */
export const sendTo = (
  transport: Transport,
  to: Recipient,
  {sent = message(), signal = new AbortController().signal}: {sent?: Message; signal?: AbortSignal} = {},
): Promise<TransportResult> => transport.send(sent, channel, [to], {signal})

/** What a transport says when it delivered. */
export const DELIVERED = {success: true, deliveredCount: 1, failedCount: 0, errors: []}
