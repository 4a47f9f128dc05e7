/** Groups of workers: messages are claimed for a lease, and acked or nacked in later calls. */
import {type Claim, DEFAULT_LEASE, LONGEST_LEASE} from '../../model/claim.js'
import {MessageWith} from '../json.js'
import type {Operation} from '../operation.js'
import {channel, duration, flag, integer, limit, millis, text} from './fields.js'

const group = text('The group.')
const claim = text('A token, or a message that the actor has claimed: CHANNEL/SEQ or an id.')
const maxAttempts = integer('Attempts before a message becomes a dead letter. Default 5.', {minimum: 1})
const lease = {
  ...duration('How long the claim lasts without extend. Default 30 s.'),
  minimum: 1,
  maximum: LONGEST_LEASE,
}

interface TakeInput {
  channel: string
  group: string
  limit?: number
  lease?: number
  maxAttempts?: number
  wait?: number
}

const take: Operation<TakeInput> = {
  name: 'work.claim',
  summary: 'Claim messages for a group: nobody else of it gets them until ack, nack or the end of the lease.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/workers/{group}/take'},
  input: {
    type: 'object',
    properties: {
      channel,
      group,
      limit: limit(1),
      lease,
      maxAttempts,
      wait: millis('How long to wait for the first message. Default: not at all.'),
    },
    required: ['channel', 'group'],
  },
  async run({bus, input: {channel, ...options}, signal}) {
    const claims = await bus.claim(channel, {...options, signal})
    return {messages: claims.map(claimJson)}
  },
}

const claimJson = ({message, token, group, attempt, until}: Claim): MessageWith =>
  new MessageWith(message, {claim: {token, group, attempt, until}})

const row = ({channel, group, message, attempt}: Claim) => ({
  channel,
  group,
  seq: message.seq,
  id: message.id,
  attempt,
})

interface ClaimInput {
  channel: string
  group: string
  claim: string
}

const ack: Operation<ClaimInput> = {
  name: 'work.ack',
  summary: 'Finish a claim: the group is done with the message.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/workers/{group}/ack'},
  input: {type: 'object', properties: {channel, group, claim}, required: ['channel', 'group', 'claim']},
  run: async ({bus, input}) => row(await bus.ack(input)),
}

interface NackInput extends ClaimInput {
  reason?: string
  detail?: string
  delay?: number
  maxAttempts?: number
  dead?: boolean
}

const nack: Operation<NackInput> = {
  name: 'work.nack',
  summary: 'Give a claimed message back: for another attempt, or as a dead letter.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/workers/{group}/nack'},
  input: {
    type: 'object',
    properties: {
      channel,
      group,
      claim,
      reason: text('Why; shown with the message and its dead letter.'),
      detail: text('More about it.'),
      delay: {
        ...duration('Give it again after this long. Default: 1 s, doubled with each attempt.'),
        maximum: LONGEST_LEASE,
      },
      maxAttempts,
      dead: flag('Give it up at once.'),
    },
    required: ['channel', 'group', 'claim'],
  },
  run: ({bus, input: {channel, group, claim, ...options}}) => bus.nack({channel, group, claim}, options),
}

const extend: Operation<ClaimInput & {lease?: number}> = {
  name: 'work.extend',
  summary: 'Keep a claim longer: its lease begins anew.',
  http: {method: 'POST', path: '/channels/{channel}/consumers/workers/{group}/extend'},
  input: {type: 'object', properties: {channel, group, claim, lease}, required: ['channel', 'group', 'claim']},
  async run({bus, input: {lease = DEFAULT_LEASE, ...name}}) {
    const extended = await bus.extend(name, lease)
    return {...row(extended), until: extended.until}
  },
}

export const WORKERS = [take, ack, nack, extend]
