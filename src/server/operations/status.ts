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
  summary: 'The store: what it is, not where.',
  http: {method: 'GET', path: '/store'},
  input: {type: 'object', properties: {}},
  // Where it lies and how much is in it, restricted channels included, is for who can open the file.
  run: async ({bus}) => {
    const {engine, schemaVersion, epoch, createdAt} = await bus.info()
    return {engine, schemaVersion, epoch, createdAt}
  },
}

export const STATUS = [whoami, info]
