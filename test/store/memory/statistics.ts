import {bodySize} from '../../../src/model/content.js'
import {isLetterVisible} from '../../../src/model/dead-letter.js'
import {isForGroup, isLive, isVisible, type Viewer} from '../../../src/model/filter.js'
import type {Backlog, Makeup, Share, Standing} from '../../../src/model/statistics.js'
import {isoTime} from '../../../src/model/time.js'
import type {BacklogQuery, MakeupQuery, Statistics} from '../../../src/store/store.js'
import {isClaimed} from './groups.js'
import type {Access, Room, Stored} from './state.js'

export const statistics = (access: Access): Statistics => {
  const {state, clock, read} = access
  const ofEach = <T>({channels, actor}: BacklogQuery, answer: (found: Room, viewer: Viewer) => T): Promise<T[]> =>
    read(() =>
      channels.flatMap(({name, all = false}) => {
        const found = state.rooms.get(name)
        return found ? [answer(found, {actor, all})] : []
      }),
    )
  const seen = (found: Room, viewer: Viewer) =>
    timed(found).filter(({stored: {fields}}) => isLive(fields, clock()) && isVisible(fields, viewer))
  return {
    traffic: (query) =>
      ofEach(query, (found, viewer) => {
        const all = seen(found, viewer)
        const last = all.at(-1)?.stored.fields.time
        return {
          channel: found.channel.name,
          counts: query.points.slice(1).map((until, at) => within(all, query.points[at]!, until).length),
          ...(last !== undefined && {last}),
        }
      }),
    makeup: (query) =>
      ofEach(query, (found, viewer) =>
        makeup(found.channel.name, within(seen(found, viewer), query.since, query.until), query),
      ),
    backlog: (query) => ofEach(query, (found, viewer) => backlog(access, found, viewer)),
  }
}

interface Timed {
  /** The highest time of all up to it. */
  time: number
  stored: Stored
}

function timed({messages}: Room): Timed[] {
  let highest = 0
  return messages.map((stored) => {
    highest = Math.max(highest, Date.parse(stored.fields.time))
    return {time: highest, stored}
  })
}

const within = (all: readonly Timed[], since: number, until: number): Timed[] =>
  all.filter(({time}) => time >= since && time < until)

function makeup(channel: string, all: readonly Timed[], {limit, threads}: MakeupQuery): Makeup {
  const looked = all.slice(-limit)
  const sizes = sharesBy(looked, ({fields}) => fields.thread)
  return {
    channel,
    messages: all.length,
    looked: looked.length,
    ...(looked[0] && {from: isoTime(looked[0].time)}),
    bytes: looked.reduce((sum, {stored}) => sum + bodySize(stored.fields.body), 0),
    senders: sharesBy(looked, ({fields}) => fields.sender),
    types: sharesBy(looked, ({fields}) => fields.type),
    threads: sizes
      .filter(({messages}) => messages > 1)
      .slice(0, threads)
      .map(({name: thread, messages}) => ({thread, messages})),
  }
}

function sharesBy(looked: readonly Timed[], nameOf: (stored: Stored) => string): Share[] {
  const shares = new Map<string, Share>()
  for (const {stored} of looked) {
    const name = nameOf(stored)
    const {messages, bytes} = shares.get(name) ?? {messages: 0, bytes: 0}
    shares.set(name, {name, messages: messages + 1, bytes: bytes + bodySize(stored.fields.body)})
  }
  return [...shares.values()].sort((a, b) => b.messages - a.messages || (a.name < b.name ? -1 : 1))
}

function backlog({state, clock}: Access, found: Room, viewer: Viewer): Backlog {
  const now = clock()
  const ahead = (cursor: number, wanted: (fields: Stored['fields']) => boolean): Stored[] =>
    found.messages.filter(({fields}) => fields.seq > cursor && isLive(fields, now) && wanted(fields))
  const theirs = (name: string): Viewer => (viewer.all ? {actor: name} : viewer)
  const standing = (kind: Standing['kind'], name: string, waiting: readonly Stored[]): Standing => {
    const [oldest] = waiting.toSorted((a, b) => a.fields.seq - b.fields.seq)
    return {kind, name, waiting: waiting.length, ...(oldest && {oldest: oldest.fields.time})}
  }
  const tasks = [...found.groups.values()].flatMap(({inFlight}) => [...inFlight.values()])
  const claimed = tasks.filter((task) => task.claim !== undefined && isClaimed(state, task, now)).length
  return {
    channel: found.channel.name,
    consumers: [
      ...[...found.pushes].map(([name, {cursor, parcels}]) => {
        const pending = [...parcels.values()].filter((parcel) => parcel.state === 'pending')
        const seen = pending.filter(({stored}) => isVisible(stored.fields, theirs(name))).map(({stored}) => stored)
        return standing('push', name, [...seen, ...ahead(cursor, (fields) => isVisible(fields, theirs(name)))])
      }),
      ...[...found.readers].map(([name, {cursor}]) =>
        standing(
          'reader',
          name,
          ahead(cursor, (fields) => isVisible(fields, theirs(name))),
        ),
      ),
      ...[...found.groups].map(([name, {cursor, inFlight}]) => {
        const isFor = (fields: Stored['fields']): boolean =>
          viewer.all ? isForGroup(fields, name) : fields.recipient === undefined
        return standing('workers', name, [...[...inFlight.values()].map(({stored}) => stored), ...ahead(cursor, isFor)])
      }),
    ].sort((a, b) => (`${a.kind}\n${a.name}` < `${b.kind}\n${b.name}` ? -1 : 1)),
    claimed,
    retrying: tasks.length - claimed,
    deadLetters: state.dead.filter(
      ({room, group, subscriber, message}) =>
        room === found && isLetterVisible({group, subscriber, message: message.fields}, viewer),
    ).length,
    scheduled: state.delayed.filter(
      ({room, outgoing}) => room === found && (viewer.all === true || outgoing.sender === viewer.actor),
    ).length,
  }
}
