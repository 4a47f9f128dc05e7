import type {NewConversation} from '../../bus/conversations.js'
import type {Operation} from '../operation.js'
import {stringMap, text} from './fields.js'

const conversation = text('The name of a conversation.')

const list: Operation = {
  name: 'conversation.list',
  summary: 'Conversations, with counts of messages that the actor may see.',
  http: {method: 'GET', path: '/conversations'},
  input: {type: 'object', properties: {}},
  run: async ({bus}) => ({conversations: await bus.conversations()}),
}

const create: Operation<NewConversation & {conversation: string}> = {
  name: 'conversation.create',
  summary: 'Make a conversation, or give one that came to be by a send its title.',
  http: {method: 'POST', path: '/conversations', status: 201},
  input: {
    type: 'object',
    properties: {
      conversation,
      title: text('A title for people.'),
      description: text('What it is about.'),
      metadata: stringMap('Anything else worth knowing.'),
    },
    required: ['conversation'],
  },
  run: ({bus, input: {conversation, ...rest}}) => bus.createConversation(conversation, rest),
}

const show: Operation<{conversation: string}> = {
  name: 'conversation.show',
  summary: 'One conversation.',
  http: {method: 'GET', path: '/conversations/{conversation}'},
  input: {type: 'object', properties: {conversation}, required: ['conversation']},
  run: async ({bus, input}) => (await bus.conversations(input.conversation))[0],
}

export const CONVERSATIONS = [list, create, show]
