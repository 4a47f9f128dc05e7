import type {MessageRef} from '../../../src/model/reference.js'
import type {ScheduledMessage} from '../../../src/model/scheduled.js'
import {isoTime} from '../../../src/model/time.js'
import type {Messages} from '../../../src/store/store.js'
import {byDueTime, closeIfDrained, fieldsOfDelayed} from './delayed.js'
import {type Access, type Delayed, toMessage} from './state.js'

/** Delayed messages before their time. */
export const scheduled = ({state, clock, read, write}: Access): Pick<Messages, 'scheduled' | 'cancel'> => ({
  scheduled: ({channel, message}) =>
    read(() =>
      state.delayed
        .filter(({room}) => channel === undefined || room.channel.name === channel)
        .filter(({outgoing}) => message === undefined || names(message, outgoing.id))
        .sort(byDueTime)
        .map(toScheduled),
    ),

  cancel: (id, channels) =>
    write(() => {
      const gone = state.delayed.filter(
        ({room, outgoing}) => outgoing.id === id && channels.includes(room.channel.name),
      )
      state.delayed = state.delayed.filter((delayed) => !gone.includes(delayed))
      for (const {room} of gone) closeIfDrained(state, room, clock())
      return gone.map(toScheduled)
    }),
})

/** A place names none: they have none yet. */
const names = (ref: MessageRef, id: string): boolean =>
  ref.by === 'id' ? id === ref.id : ref.by === 'end' && id.replaceAll('-', '').endsWith(ref.end)

const toScheduled = (delayed: Delayed): ScheduledMessage => ({
  message: toMessage(delayed.room, {fields: {...fieldsOfDelayed(delayed), seq: 0}}),
  deliverAt: isoTime(delayed.outgoing.deliverAt),
})
