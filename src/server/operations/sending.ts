import {Message} from '../../model/message.js'
import type {ScheduledMessage} from '../../model/scheduled.js'
import {MessageWith} from '../json.js'
import type {Operation} from '../operation.js'
import {channel, flag, message, millis, text, texts} from './fields.js'

const send: Operation<{channel: string; channels?: string[]; create?: boolean}> = {
  name: 'message.send',
  summary: 'Send a message; another content type than application/json is the content itself, byte for byte.',
  http: {method: 'POST', path: '/channels/{channel}/messages', status: 201},
  input: {
    type: 'object',
    properties: {
      channel,
      channels: texts('Further channels: in all of them, or in none.'),
      create: flag('Make channels that do not exist.'),
    },
    required: ['channel'],
  },
  takes: 'message',
  run: ({bus, input: {channel, channels = [], create}, draft}) => bus.send([channel, ...channels], draft, {create}),
}

const reply: Operation<{message: string; error?: boolean}> = {
  name: 'message.reply',
  summary: 'Answer a message where its asker waits for it, in its thread.',
  http: {method: 'POST', path: '/messages/{message}/reply', status: 201},
  input: {
    type: 'object',
    properties: {message, error: flag('Answer with an error: who asked sees a failure.')},
    required: ['message'],
  },
  takes: 'message',
  run: ({bus, input: {message, error}, draft}) => bus.reply(message, draft, {error}),
}

/** Milliseconds that a call waits for an answer which doesn't say. */
const ANSWER_WAIT = 30_000

const request: Operation<{channel: string; timeout?: number}> = {
  name: 'request',
  summary: 'Ask, and wait for the answer, which is given as a message.',
  http: {method: 'POST', path: '/request/{channel}'},
  input: {
    type: 'object',
    properties: {channel, timeout: {...millis('How long to wait. Default 30 s.'), minimum: 1}},
    required: ['channel'],
  },
  takes: 'message',
  run: ({bus, input: {channel, timeout}, draft, signal}) =>
    bus.request(channel, draft, {timeout, replyChannel: draft.replyChannel, signal}),
}

const wait: Operation<{message: string; timeout?: number}> = {
  name: 'message.wait',
  summary: 'Wait for the first answer to a message.',
  http: {method: 'GET', path: '/messages/{message}/answer'},
  input: {
    type: 'object',
    properties: {message, timeout: {...millis('How long to wait. Default 30 s.'), minimum: 1}},
    required: ['message'],
  },
  run: async ({bus, input: {message, timeout = ANSWER_WAIT}, signal}) => {
    for await (const answer of bus.waitForReply(message, {timeout, signal})) return answer
    return undefined
  },
}

/** Its time will be when it is due, which is said already; its seq, 0, is left out. */
const delayed = ({message: {time: _, ...fields}, deliverAt}: ScheduledMessage): MessageWith =>
  new MessageWith(new Message(fields as Message), {deliverAt})

const scheduled: Operation<{channel?: string}> = {
  name: 'scheduled.list',
  summary: "Delayed messages that are not due yet: the actor's own, and all of channels that it manages.",
  http: {method: 'GET', path: '/scheduled'},
  input: {type: 'object', properties: {channel: text('Only of this channel.')}},
  run: async ({bus, input}) => ({scheduled: (await bus.scheduled(input)).map(delayed)}),
}

const cancel: Operation<{message: string; channel?: string}> = {
  name: 'scheduled.cancel',
  summary: 'Take a delayed message back before it is due.',
  http: {method: 'DELETE', path: '/scheduled/{message}'},
  input: {type: 'object', properties: {message, channel: text('Only from this channel.')}, required: ['message']},
  run: async ({bus, input: {message, channel}}) => ({
    cancelled: (await bus.cancelScheduled(message, {channel})).map(delayed),
  }),
}

export const SENDING = [send, reply, request, wait, scheduled, cancel]
