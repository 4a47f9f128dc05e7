import {LeatError} from '../../../src/model/errors.js'
import type {MessageRef} from '../../../src/model/reference.js'
import {isoTime} from '../../../src/model/time.js'
import type {Messages} from '../../../src/store/store.js'
import {append} from './append.js'
import {scan} from './scan.js'
import {type Access, inOrder, placesWhere, type Room, type State, type Stored} from './state.js'

export const messages = ({state, clock, read, write}: Access): Messages => ({
  append: (outgoing) => write(() => append(state, outgoing, clock())),

  scan: (query) => read(() => scan(state, query, clock())),

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

  redact: (id, by) =>
    write(() => {
      const places = placesOf(state, id)
      if (places.length === 0) throw new LeatError('NOT_FOUND', `no message ${id} in ${state.label}`)
      for (const {stored} of places) redact(stored, by, clock())
      return inOrder(places)
    }),
})

type PlaceOf = {room: Room; stored: Stored}

function placesOf(state: State, id: string): PlaceOf[] {
  return [...state.rooms.values()].flatMap((room) => {
    const stored = room.byId.get(id)
    return stored ? [{room, stored}] : []
  })
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

function redact(stored: Stored, by: string, now: number): void {
  if (stored.fields.redactedAt !== undefined) return
  const {headers: _, ...kept} = stored.fields
  stored.fields = {...kept, body: '', redactedAt: isoTime(now), redactedBy: by}
}
