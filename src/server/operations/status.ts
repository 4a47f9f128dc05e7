import type {Operation} from '../operation.js'

const whoami: Operation = {
  name: 'whoami',
  summary: 'Who the token proves, and the door.',
  http: {method: 'GET', path: '/whoami'},
  input: {type: 'object', properties: {}},
  run: async ({bus}) => ({actor: bus.context.actor, door: bus.context.door}),
}

const info: Operation = {
  name: 'store.info',
  summary: 'What is in the store; for who administers it.',
  http: {method: 'GET', path: '/store'},
  input: {type: 'object', properties: {}},
  run: ({bus}) => bus.info(),
}

export const STATUS = [whoami, info]
