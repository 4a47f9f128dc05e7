/** What becomes of the browser when something happens: a state and an event give a state, and what is to be done. */
import type {Place} from '../../model/message.js'
import {parsePlace} from '../../model/reference.js'
import type {Key} from '../screen/keys.js'
import {ack, asked, askRedact, askRedrive, askReply, compose, copy} from './acting.js'
import type {Command} from './bindings.js'
import {withChannels} from './channels.js'
import {bindingFor} from './keymap.js'
import {movedTo, restarted, withFound, withRedacted} from './messages.js'
import {destination, heightOf, settledView} from './moving.js'
import {back, laidOut, openChosen, openHelp, openLetters, openMessage, openResolved, resettled} from './opening.js'
import {prompted} from './prompting.js'
import {instead, refreshed} from './refreshing.js'
import {
  changeView,
  type LettersView,
  type MessagesView,
  type MessageView,
  type State,
  shownView,
  withView,
} from './state.js'
import {type Event, type Step, step} from './step.js'

export function update(state: State, event: Event): Step {
  switch (event.type) {
    case 'key':
      return pressed(state, event.key)
    case 'resized': {
      const resized = {...state, size: event.size}
      return step(withView(resized, resettled(resized, shownView(resized))))
    }
    case 'ticked': {
      const later = {...state, now: event.now}
      const view = shownView(later)
      return step(view.kind === 'message' ? withView(later, resettled(later, view)) : later)
    }
    case 'changed':
      return refreshed(state)
    case 'channels': {
      const views = state.views.map((view) =>
        view.kind === 'channels' ? {...withChannels(state, view, {all: event.rows}), isLoaded: true} : view,
      )
      return step({...state, views})
    }
    case 'found':
      return withFound(state, event.found)
    case 'cursor':
      return step(changeView<MessagesView>(state, event.view, 'messages', (view) => ({...view, cursor: event.cursor})))
    case 'details':
      return withDetails(state, event)
    case 'letters':
      return step(withLetters(state, event))
    case 'resolved':
      return openResolved(state, event)
    case 'done':
      return done(state, event)
    case 'said':
      return said(state, event.text)
    case 'failed':
      return step({...failed(state), status: {mood: 'bad', text: event.text}})
  }
}

/** A message is loaded; what was pressed meanwhile happens now. */
function withDetails(state: State, {view: id, details, nodes}: Event & {type: 'details'}): Step {
  const before = shownView(state)
  const keys = before.kind === 'message' && before.id === id ? before.keys : []
  const loaded = changeView<MessageView>(state, id, 'message', (view) =>
    settledView(state, laidOut(state, {...view, loaded: {details, nodes}, keys: []})),
  )
  return keys.reduce<Step>((so, key) => {
    const next = pressed(so.state, key)
    return {state: next.state, effects: [...so.effects, ...next.effects]}
  }, step(loaded))
}

function withLetters(state: State, {view: id, rows, more}: Event & {type: 'letters'}): State {
  return changeView<LettersView>(state, id, 'letters', (view) =>
    settledView(state, {...view, rows, more, isLoaded: true}),
  )
}

function done(state: State, {text, redacted}: Event & {type: 'done'}): Step {
  const told: State = {...state, status: {mood: 'good', text}}
  if (redacted === undefined) return refreshed(told)
  const views = told.views.map((view) => (view.kind === 'messages' ? withRedacted(view, redacted) : view))
  return refreshed({...told, views})
}

/** What was waited for doesn't come: a message that can't be shown is left again. */
function failed(state: State): State {
  const view = shownView(state)
  if (view.kind === 'message' && !view.loaded && state.views.length > 1)
    return {...state, views: state.views.slice(0, -1)}
  if (view.kind !== 'messages') return state
  const {looking: _, ...rest} = view
  return withView(state, {...rest, isLoaded: true})
}

function pressed(state: State, key: Key): Step {
  if ('name' in key && key.name === 'ctrl-c') return step(state, {do: 'interrupt'})
  if ('name' in key && key.name === 'ctrl-z') return step(state, {do: 'suspend'})
  if (state.prompt) return prompted(state, state.prompt, key)
  const binding = bindingFor(shownView(state).kind, key)
  return binding ? commanded({...state, status: undefined}, binding.command, key) : step(state)
}

function commanded(state: State, command: Command, key: Key): Step {
  const view = shownView(state)
  switch (command) {
    case 'open':
      return openChosen(state)
    case 'back':
      return back(state)
    case 'filter':
      return askFilter(state)
    case 'jump':
      return asked(state, {kind: 'jump', label: 'go to a time or a seq (2h, yesterday, 42)'})
    case 'go':
      return asked(state, {kind: 'go', label: 'go to a channel or a message'})
    case 'reply':
      return askReply(state)
    case 'compose':
      return compose(state)
    case 'ack':
      return ack(state)
    case 'letters':
      return openLetters(state, channelOf(state))
    case 'redrive':
      return askRedrive(state)
    case 'redact':
      return askRedact(state)
    case 'copy':
      return copy(state)
    case 'help':
      return openHelp(state)
    case 'quit':
      return step(state, {do: 'quit'})
    default:
      if (view.kind !== 'message') return moved(state, command)
      return view.loaded || command === 'earlier' || command === 'later'
        ? movedInMessage(state, view, command)
        : step(withView(state, {...view, keys: [...view.keys, key]}))
  }
}

function moved(state: State, command: Command): Step {
  const view = shownView(state)
  if (view.kind === 'messages' && command === 'first' && !view.atStart) return restarted(state, view, {around: 'start'})
  if (view.kind === 'messages' && command === 'last' && !view.atEnd) return restarted(state, view, 'newest')
  const at = destination(command, view.at, view.rows.length, heightOf(state, view))
  if (at === undefined) return step(state)
  return view.kind === 'messages' ? movedTo(state, view, at) : step(withView(state, settledView(state, {...view, at})))
}

function askFilter(state: State): Step {
  const view = shownView(state)
  const before = view.kind === 'channels' || view.kind === 'messages' ? view.filter : ''
  return asked(state, {kind: 'filter', label: 'filter', text: before, before})
}

/** The channel that a view is about. */
function channelOf(state: State): string | undefined {
  const view = shownView(state)
  return view.kind === 'messages'
    ? view.channel
    : view.kind === 'message'
      ? view.loaded?.details.message.channel
      : undefined
}

/** Where a message stands, which one may leave before it is loaded; a delayed one stands nowhere. */
function placeOf({loaded, ref}: MessageView): Place | undefined {
  if (!loaded) return parsePlace(ref)
  const {channel, seq} = loaded.details.message
  return seq > 0 ? {channel, seq} : undefined
}

/** Along links, the thread and the channel; else through the page. */
function movedInMessage(state: State, view: MessageView, command: Command): Step {
  const nodes = view.loaded?.nodes ?? []
  const at = nodes.findIndex(({asked: isAsked}) => isAsked)
  switch (command) {
    case 'next-link': {
      const next = view.rows.findIndex(({opens}, index) => opens !== undefined && index > view.at)
      const first = view.rows.findIndex(({opens}) => opens !== undefined)
      return moveOrSay(state, view, next >= 0 ? next : first)
    }
    case 'parent': {
      const parent = view.loaded?.details.replyTo
      if (!parent) return said(state, 'it answers no message')
      return parent.unreadable
        ? said(state, 'what it answers is gone, or not for you')
        : openMessage(state, refOf(parent))
    }
    case 'answer': {
      const [first] = view.loaded?.details.replies ?? []
      return first ? openMessage(state, refOf(first)) : said(state, 'nothing answers it')
    }
    case 'thread-next':
      return alongThread(state, nodes.slice(at + 1), 'it is the last of its thread')
    case 'thread-previous':
      return alongThread(state, nodes.slice(0, Math.max(0, at)).reverse(), 'it is the first of its thread')
    case 'earlier':
    case 'later': {
      const place = placeOf(view)
      return place ? step(state, {do: 'neighbour', ...place, side: command}) : step(state)
    }
    default:
      return moved(state, command)
  }
}

const moveOrSay = (state: State, view: MessageView, at: number): Step =>
  at < 0 ? said(state, 'it is tied to no other message') : step(withView(state, settledView(state, {...view, at})))

const said = (state: State, text: string): Step => step({...state, status: {mood: 'plain', text}})

const refOf = ({id, channel, seq}: {id: string; channel?: string; seq?: number}): string =>
  channel === undefined || !seq ? id : `${channel}/${seq}`

/** The nearest message that may be read. */
function alongThread(state: State, nodes: readonly {message?: {channel: string; seq: number}}[], none: string): Step {
  const message = nodes.find((node) => node.message)?.message
  return message ? instead(state, `${message.channel}/${message.seq}`) : said(state, none)
}
