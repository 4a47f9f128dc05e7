import type {MessageRef} from '../../../src/model/reference.js'
import type {DeadLetters} from '../../../src/store/store.js'
import {toDeadLetter} from './bury.js'
import {redrive} from './redrive.js'
import type {Access, Dead} from './state.js'

export const deadLetters = (access: Access): DeadLetters => {
  const {state, read, write} = access
  return {
    list: ({channel, group, subscriber, message, after, limit}) =>
      read(() => {
        const start = after === undefined ? 0 : state.dead.findIndex(({id}) => id === after) + 1
        const rest = after !== undefined && start === 0 ? [] : state.dead.slice(start)
        return rest
          .filter(({room}) => channel === undefined || room.channel.name === channel)
          .filter((dead) => group === undefined || dead.group === group)
          .filter((dead) => subscriber === undefined || dead.subscriber === subscriber)
          .filter((dead) => message === undefined || isOf(dead, message))
          .slice(0, limit)
          .map(toDeadLetter)
      }),

    redrive: (ids) => write(() => redrive(access, ids)),

    purge: (ids) =>
      write(() => {
        const before = state.dead.length
        state.dead = state.dead.filter(({id}) => !ids.includes(id))
        return before - state.dead.length
      }),
  }
}

function isOf({room, message: {fields}}: Dead, ref: MessageRef): boolean {
  if (ref.by === 'id') return fields.id === ref.id
  if (ref.by === 'place') return room.channel.name === ref.channel && fields.seq === ref.seq
  return fields.id.replaceAll('-', '').endsWith(ref.end)
}
