/** What becomes of the list of messages: a window onto a channel that may have millions. */
import {heightOf, settled, settledView} from './moving.js'
import type {MessageRow, MessagesView, State} from './state.js'
import {changeView} from './state.js'
import {type Effect, type Found, type LookFrom, type Step, step} from './step.js'

/** Rows that are kept at most. */
export const WINDOW = 1000
/** So near to the end of what is loaded, more is. */
const NEAR = 60

/** The chosen one is the newest there is: what arrives is chosen next. */
export const isFollowing = ({atEnd, at, rows}: MessagesView): boolean => atEnd && at >= rows.length - 1

export const lookFor = ({id: view, load, channel, filter}: MessagesView, from: LookFrom): Effect => ({
  do: 'look',
  view,
  load,
  channel,
  filter,
  from,
})

/** Begins anew somewhere: what is looked for until now is not wanted any more. */
export function restarted(state: State, view: MessagesView, from: LookFrom): Step {
  const load = state.given + 1
  const begun: MessagesView = {...view, load, looking: {for: 'all'}, fresh: 0}
  return step(
    changeView<MessagesView>({...state, given: load}, view.id, 'messages', () => begun),
    lookFor(begun, from),
  )
}

/** What has to be loaded so that one can go on in either direction. */
export function wanted(view: MessagesView): {view: MessagesView; effects: Effect[]} {
  if (view.looking || !view.isLoaded) return {view, effects: []}
  const first = view.rows[0]
  if (!view.atStart && view.at < NEAR && first)
    return {view: {...view, looking: {for: 'older'}}, effects: [lookFor(view, {before: first.seq})]}
  if (!view.atEnd && view.at >= view.rows.length - NEAR)
    return {view: {...view, looking: {for: 'newer'}}, effects: [lookFor(view, {after: view.looked})]}
  return {view, effects: []}
}

/** What has arrived, if the end of the channel is shown. */
export function news(view: MessagesView): {view: MessagesView; effects: Effect[]} {
  if (view.looking) return {view: {...view, isStale: true}, effects: []}
  if (!view.isLoaded || !view.atEnd) return {view, effects: []}
  return {view: {...view, looking: {for: 'newer'}}, effects: [lookFor(view, {after: view.looked})]}
}

/** Rows came. */
export function withFound(state: State, found: Found): Step {
  const view = state.views.find(({id}) => id === found.view)
  if (view?.kind !== 'messages' || view.load !== found.load) return step(state)
  // Far behind, the newest are shown instead of all that passed meanwhile.
  if (found.for === 'newer' && found.atEnd === false && isFollowing(view) && view.filter === '')
    return restarted(state, view, 'newest')
  const next = placed(state, view, found)
  const looking =
    found.reached === undefined ? undefined : {for: view.looking?.for ?? found.for, reached: found.reached}
  const {looking: _, ...rest} = next
  const more = looking ? {view: {...rest, looking}, effects: []} : onwards(rest)
  return step(
    changeView<MessagesView>(state, view.id, 'messages', () => more.view),
    ...more.effects,
  )
}

/** Nothing is being looked for any more: what is wanted next. */
function onwards(view: MessagesView): {view: MessagesView; effects: Effect[]} {
  const next = wanted(view)
  return next.effects.length === 0 && view.isStale ? news({...view, isStale: false}) : next
}

function placed(state: State, view: MessagesView, found: Found): MessagesView {
  if (found.for === 'all') return replaced(state, view, found)
  return found.for === 'older' ? prepended(state, view, found) : appended(state, view, found)
}

function replaced(state: State, view: MessagesView, {rows, atStart, atEnd, looked, choose}: Found): MessagesView {
  const behind = choose === undefined ? -1 : rows.findIndex(({seq}) => seq >= choose)
  const at = behind < 0 ? rows.length - 1 : behind
  const height = heightOf(state, view)
  const next: MessagesView = {
    ...view,
    rows,
    atStart: atStart ?? false,
    atEnd: atEnd ?? false,
    looked: looked ?? 0,
    fresh: 0,
    isLoaded: true,
    at,
    // Where one jumped to has what led there above it.
    top: Math.max(0, at - Math.floor(height / 3)),
  }
  return settled(next, rows.length, height)
}

function prepended(state: State, view: MessagesView, {rows, atStart}: Found): MessagesView {
  const all = [...rows, ...view.rows]
  // In an empty list, and at the end of one that follows, the last stays chosen.
  const at = view.rows.length === 0 ? all.length - 1 : view.at + rows.length
  const next = {...view, rows: all, at, top: view.top + rows.length, atStart: atStart ?? view.atStart}
  return settledView(state, all.length > WINDOW ? withoutNewest(next) : next)
}

function appended(state: State, view: MessagesView, {rows, atEnd, looked}: Found): MessagesView {
  const follows = isFollowing(view)
  const all = rows.length === 0 ? view.rows : [...view.rows, ...rows]
  const next: MessagesView = {
    ...view,
    rows: all,
    at: follows ? all.length - 1 : view.at,
    atEnd: atEnd ?? view.atEnd,
    looked: looked ?? view.looked,
    fresh: follows || !view.atEnd ? view.fresh : view.fresh + rows.length,
  }
  const surplus = all.length - WINDOW
  if (surplus <= 0) return settledView(state, next)
  return settledView(state, next.at >= surplus + NEAR || follows ? withoutOldest(next, surplus) : withoutNewest(next))
}

const withoutOldest = (view: MessagesView, surplus: number): MessagesView => ({
  ...view,
  rows: view.rows.slice(surplus),
  at: view.at - surplus,
  top: view.top - surplus,
  atStart: false,
})

const withoutNewest = (view: MessagesView): MessagesView => {
  const rows = view.rows.slice(0, WINDOW)
  return {...view, rows, atEnd: false, looked: (rows.at(-1) as MessageRow).seq}
}

/** The list moved to a row. */
export function movedTo(state: State, view: MessagesView, at: number): Step {
  const moved = settledView(state, {...view, at})
  const {view: next, effects} = wanted(isFollowing(moved) ? {...moved, fresh: 0} : moved)
  return step(
    changeView<MessagesView>(state, view.id, 'messages', () => next),
    ...effects,
  )
}

/** A message that has lost its content. */
export const withRedacted = (view: MessagesView, id: string): MessagesView => ({
  ...view,
  rows: view.rows.map(({beginning, ...row}) =>
    row.id === id ? {...row, isRedacted: true, text: '(redacted)'} : {...row, ...(beginning && {beginning})},
  ),
})
