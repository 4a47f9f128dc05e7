import {type DeadLetter, endOfDetail} from '../../../src/model/dead-letter.js'
import {isoTime} from '../../../src/model/time.js'
import {copy, type Dead, type State, toMessage} from './state.js'

/** Keeps a copy of what is given up on. */
export function bury(state: State, {message, detail, ...rest}: Dead): Dead {
  const about = {...rest, ...(detail !== undefined && {detail: endOfDetail(detail)})}
  const dead = {...about, message: {fields: copy(message.fields), digest: message.digest}}
  state.dead.push(dead)
  return dead
}

export const toDeadLetter = ({room, message, diedAt, ...rest}: Dead): DeadLetter => ({
  ...rest,
  channel: room.channel.name,
  message: toMessage(room, message),
  diedAt: isoTime(diedAt),
})
