/** States of the browser for tests, and what becomes of them. */
import {
  type ChannelRow,
  type MessageRow,
  newChannels,
  newMessages,
  open,
  type State,
} from '../../src/tui/inspect/state.js'
import type {Effect, Event, Found} from '../../src/tui/inspect/step.js'
import {update} from '../../src/tui/inspect/update.js'

export const NOW = Date.parse('2026-06-01T12:00:00.000Z')

const NOTHING: State = {
  size: {columns: 80, rows: 24},
  actor: 'alice',
  reader: 'alice',
  store: '/data/bus.db',
  now: NOW,
  views: [],
  given: 0,
}

export const channelRow = (name: string, more: Partial<ChannelRow> = {}): ChannelRow => ({
  name,
  title: '',
  state: 'open',
  messages: 3,
  unread: 0,
  sender: 'bob',
  text: 'hi',
  ...more,
})

export const messageRow = (seq: number): MessageRow => ({
  seq,
  id: `0000${seq}`,
  sender: 'bob',
  type: '',
  time: '2026-06-01T11:59:00.000Z',
  isReply: false,
  isRedacted: false,
  text: `message ${seq}`,
})

export const rows = (from: number, to: number): MessageRow[] =>
  Array.from({length: to - from + 1}, (_, at) => messageRow(from + at))

/** A list of channels. */
export const atChannels = (...names: string[]): State =>
  after(open(NOTHING, newChannels), {type: 'channels', rows: names.map((name) => channelRow(name))}).state

/** The messages of `ops`, as the newest look finds them. */
export function atMessages(found: Partial<Found>, more: Partial<State> = {}): State {
  const state = open({...atChannels('ops'), ...more}, newMessages('ops'))
  const {id, load} = state.views.at(-1) as {id: number; load: number}
  return after(state, {
    type: 'found',
    found: {view: id, load, for: 'all', rows: [], atStart: true, atEnd: true, looked: 0, ...found},
  }).state
}

/** What becomes of a state when this happens, and all that is to be done. */
export function after(state: State, ...events: Event[]): {state: State; effects: Effect[]} {
  let now = state
  const effects: Effect[] = []
  for (const event of events) {
    const step = update(now, event)
    now = step.state
    effects.push(...step.effects)
  }
  return {state: now, effects}
}

/** Keys by name, else letter by letter. */
export function press(state: State, ...keys: string[]): {state: State; effects: Effect[]} {
  const isName = (key: string): boolean => key.length > 1 && /^[a-z-]+$/.test(key) && key !== 'ops'
  return after(
    state,
    ...keys.flatMap((key): Event[] =>
      isName(key) ? [{type: 'key', key: {name: key}}] : [...key].map((char): Event => ({type: 'key', key: {char}})),
    ),
  )
}
