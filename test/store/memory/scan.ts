import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Message, Seq} from '../../../src/model/message.js'
import type {Page, ScanQuery} from '../../../src/store/store.js'
import {type Room, type State, toMessage, view} from './state.js'

/** A page of several channels, merged in the order of storage. */
export function scan(state: State, query: ScanQuery, wants: (message: Message) => boolean, now: number): Page {
  const {actor, limit} = query
  const forward = query.order === 'forward'
  const bounds = query.channels.flatMap(({name, all, after = 0, before = Infinity}) => {
    const room = state.rooms.get(name)
    return room ? [{room, all, after, before}] : []
  })
  const found = bounds
    .flatMap(({room, all, after, before}) =>
      room.messages
        .filter(({fields}) => fields.seq > after && fields.seq < before)
        .filter(({fields}) => (query.expired || isLive(fields, now)) && isVisible(fields, {actor, all}))
        .map((stored) => ({order: stored.order, room, stored})),
    )
    .filter(({room, stored}) => wants(view(room, stored)))
    .sort((a, b) => (forward ? a.order - b.order : b.order - a.order))
  const messages = found.slice(0, limit).map(({room, stored}) => toMessage(room, stored))
  const end = found.length <= limit
  const next = bounds.map(({room, after, before}): [string, Seq] => [
    room.channel.name,
    forward ? behind(room, messages, {after, before, end}) : inFront(room, messages, before),
  ])
  return {messages, next: Object.fromEntries(next), end}
}

/** At the end one stands behind everything, what was passed over too. */
function behind(
  {channel}: Room,
  messages: readonly Message[],
  {after, before, end}: {after: Seq; before: Seq; end: boolean},
): Seq {
  if (end) return Math.max(after, Math.min(channel.lastSeq, before - 1))
  return messages.findLast((message) => message.channel === channel.name)?.seq ?? after
}

const inFront = ({channel}: Room, messages: readonly Message[], before: Seq): Seq =>
  messages.findLast((message) => message.channel === channel.name)?.seq ?? Math.min(before, channel.lastSeq + 1)
