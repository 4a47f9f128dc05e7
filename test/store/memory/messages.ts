import type {MessageRef} from '../../../src/model/reference.js'
import {matcherOf} from '../../../src/model/where.js'
import type {Messages} from '../../../src/store/store.js'
import {append} from './append.js'
import {heldBy} from './grants.js'
import {redact} from './redact.js'
import {scan} from './scan.js'
import {scheduled} from './scheduled.js'
import {type Access, inOrder, type PlaceOf, placesOf, placesWhere, type State} from './state.js'
import {markOf} from './waking.js'

export const messages = (access: Access): Messages => {
  const {state, clock, read, write} = access
  return {
    ...scheduled(access),

    append: (outgoing) => write(() => append(state, outgoing, clock())),

    scan: async (query) => {
      const wants = await matcherOf(query.filter ?? {})
      return read(() => scan(state, query, wants, clock()))
    },

    arrivals: ({channels, actor, limit}) =>
      read(() => ({
        ...scan(state, {channels, actor, limit, order: 'forward'}, () => true, clock()),
        access: channels.flatMap(({name}) => {
          const channel = state.rooms.get(name)?.channel
          return channel ? [{channel: structuredClone(channel), held: heldBy(state, actor, name)}] : []
        }),
        mark: markOf(state),
      })),

    find: (ref) => read(() => inOrder(found(state, ref))),

    firstSince: (channel, time) =>
      read(() => state.rooms.get(channel)?.messages.find(({fields}) => Date.parse(fields.time) >= time)?.fields.seq),

    thread: (root) => read(() => inOrder(placesWhere(state, ({fields}) => fields.thread === root))),

    ancestors: (id) => read(() => chain(state, id).flatMap((places) => inOrder(places))),

    links: (id) =>
      read(() => ({
        replies: inOrder(placesWhere(state, ({fields}) => fields.replyTo === id)),
        referencedBy: inOrder(placesWhere(state, ({fields}) => fields.references?.includes(id) ?? false)),
      })),

    redact: (id, by) => write(() => redact(state, id, by, clock())),
  }
}

function found(state: State, ref: MessageRef): PlaceOf[] {
  if (ref.by === 'id') return placesOf(state, ref.id)
  if (ref.by === 'place') {
    const room = state.rooms.get(ref.channel)
    const stored = room?.messages.find(({fields}) => fields.seq === ref.seq)
    return room && stored ? [{room, stored}] : []
  }
  const places = placesWhere(state, ({fields}) => fields.id.replaceAll('-', '').endsWith(ref.end))
  const ids = new Set([...new Set(places.map(({stored}) => stored.fields.id))].slice(0, 10))
  return places.filter(({stored}) => ids.has(stored.fields.id))
}

/** The places of a message and of each parent, the root's first. */
function chain(state: State, id: string): PlaceOf[][] {
  const steps: PlaceOf[][] = []
  const seen = new Set<string>()
  for (let next: string | undefined = id; next !== undefined && !seen.has(next); ) {
    seen.add(next)
    const places = placesOf(state, next)
    if (places.length > 0) steps.push(places)
    next = places[0]?.stored.fields.replyTo
  }
  return steps.reverse()
}
