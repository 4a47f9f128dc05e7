import type {Grants} from '../../../src/store/store.js'
import {type Access, room} from './state.js'

export const grants = ({state, read, write}: Access): Grants => ({
  list: (query) =>
    read(() =>
      [...state.rooms.values()]
        .filter(({channel}) => query.channel === undefined || channel.name === query.channel)
        .flatMap(({channel, grants: held}) =>
          [...held].flatMap(([actor, permissions]) =>
            permissions.map((permission) => ({channel: channel.name, actor, permission})),
          ),
        )
        .filter(({actor}) => query.actor === undefined || actor === query.actor),
    ),

  set: (channel, actor, permissions) =>
    write(() => {
      const {grants: held} = room(state, channel)
      if (permissions.length === 0) held.delete(actor)
      else held.set(actor, [...new Set(permissions)])
    }),
})
