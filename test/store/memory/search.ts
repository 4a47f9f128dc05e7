import {LeatError} from '../../../src/model/errors.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import type {Message} from '../../../src/model/message.js'
import {fitsSearch, searchText} from '../../../src/model/search-text.js'
import {matcherOf} from '../../../src/model/where.js'
import type {Search, SearchPage, SearchQuery} from '../../../src/store/store.js'
import {type Access, room, type State, toMessage, view} from './state.js'

/** Nothing is indexed here: every search looks through all. It only counts what an index would have. */
export const search = ({state, clock, read, write}: Access): Search => {
  let indexed = 0
  let begun = false
  return {
    find: async (query) => {
      const wants = await matcherOf(query.filter ?? {})
      return read(() => find(state, query, wants, clock()))
    },
    index: ({limit, begin = false}) =>
      write(() => {
        begun ||= begin
        const orders = [...state.rooms.values()].flatMap(({messages}) => messages.map(({order}) => order))
        const open = orders.filter((order) => order > indexed).sort((a, b) => a - b)
        if (!begun) return {done: 0, left: open.length, open: false}
        const done = Math.min(limit, open.length)
        indexed = open[done - 1] ?? indexed
        return {done, left: open.length - done, open: true}
      }),
  }
}

function find(
  state: State,
  {terms, channels, actor, limit, after, inFrontOf}: SearchQuery,
  wants: (message: Message) => boolean,
  now: number,
): SearchPage {
  const below = positionOf(state, after, inFrontOf)
  const found = channels
    .flatMap(({name, all}) => {
      const named = state.rooms.get(name)
      return named ? named.messages.map((stored) => ({room: named, stored, all, order: stored.order})) : []
    })
    .filter(({order, all, stored}) => order < below && isVisible(stored.fields, {actor, all}))
    .filter(({stored}) => isLive(stored.fields, now))
    .map(({room: named, stored, order}) => ({message: view(named, stored), found: toMessage(named, stored), order}))
    .filter(({message}) => message.redactedAt === undefined && fitsSearch(textsOf(message), terms) && wants(message))
    .sort((a, b) => b.order - a.order)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  return {
    messages: page.map((one) => one.found),
    ...(found.length > limit && last && {next: `${last.order}`}),
  }
}

const textsOf = ({body, contentType, headers, sender, type}: Message): string[] => [
  searchText(body, contentType, headers),
  sender,
  type,
]

function positionOf(state: State, after: SearchQuery['after'], inFrontOf: SearchQuery['inFrontOf']): number {
  if (after !== undefined) {
    if (/^\d+$/.test(after)) return Number(after)
    throw new LeatError('INVALID', `${JSON.stringify(after)} is not where a search goes on`)
  }
  if (!inFrontOf) return Infinity
  const {channel, messages} = room(state, inFrontOf.channel)
  if (inFrontOf.seq < 1 || inFrontOf.seq > channel.lastSeq)
    throw new LeatError('INVALID', `${channel.name} has no place ${inFrontOf.seq}`)
  return messages.find(({fields}) => fields.seq >= inFrontOf.seq)?.order ?? Infinity
}
