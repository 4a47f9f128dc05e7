/** Going on to another view, and back. */
import {documentOf, layContent} from './document.js'
import {keysDocument} from './help.js'
import {lookFor, restarted} from './messages.js'
import {settledView} from './moving.js'
import {detailsOf, instead, lettersOf, refreshed} from './refreshing.js'
import {
  type LettersView,
  type MessageView,
  newLetters,
  newMessage,
  newMessages,
  open,
  type State,
  shownView,
  type View,
  withView,
} from './state.js'
import {type Event, type Step, step, type Target} from './step.js'

export function openTarget(state: State, target: Target): Step {
  if ('message' in target) return openMessage(state, target.message)
  const opened = open(state, newMessages(target.channel))
  const view = shownView(opened)
  if (view.kind !== 'messages') return step(opened)
  return step(opened, lookFor(view, 'newest'), {do: 'cursor', view: view.id, channel: view.channel})
}

export function openMessage(state: State, ref: string): Step {
  const opened = open(state, newMessage(ref))
  return step(opened, detailsOf(shownView(opened) as MessageView))
}

export function openLetters(state: State, channel: string | undefined): Step {
  const opened = open(state, newLetters(channel))
  return step(opened, lettersOf(shownView(opened) as LettersView))
}

export function openHelp(state: State): Step {
  if (shownView(state).kind === 'help') return step(state)
  return step(open(state, (id) => ({kind: 'help', id, rows: keysDocument(state.size.columns), at: 0, top: 0})))
}

/** What Enter opens. */
export function openChosen(state: State): Step {
  const view = shownView(state)
  switch (view.kind) {
    case 'channels': {
      const channel = view.rows[view.at]?.name
      return channel === undefined ? step(state) : openTarget(state, {channel})
    }
    case 'messages': {
      const row = view.rows[view.at]
      return row ? openMessage(state, `${view.channel}/${row.seq}`) : step(state)
    }
    case 'message': {
      const opens = view.rows[view.at]?.opens
      return opens === undefined ? step(state) : openMessage(state, opens)
    }
    case 'letters': {
      const row = view.rows[view.at]
      return row ? openMessage(state, row.place) : step(state)
    }
    case 'help':
      return step(state)
  }
}

/** Takes a filter away, else goes back; at the beginning nothing happens. */
export function back(state: State): Step {
  const view = shownView(state)
  if (view.kind === 'channels' && view.filter !== '')
    return step(withView(state, {...view, rows: view.all, filter: ''}))
  if (view.kind === 'messages' && view.filter !== '') {
    const row = view.rows[view.at]
    return restarted(state, {...view, filter: ''}, row ? {around: String(row.seq)} : 'newest')
  }
  if (state.views.length === 1) return step(state)
  const left = {...state, views: state.views.slice(0, -1), status: undefined}
  // The screen may have another size than when it was left.
  return refreshed(withView(left, resettled(left, shownView(left))))
}

/** What was looked for by name is shown. */
export const openResolved = (state: State, {target, isInstead}: Event & {type: 'resolved'}): Step =>
  isInstead && 'message' in target ? instead(state, target.message) : openTarget(state, target)

/** A view as it is in a screen of another size. */
export function resettled(state: State, view: View): View {
  if (view.kind === 'message') return settledView(state, laidOut(state, view))
  if (view.kind === 'help') return settledView(state, {...view, rows: keysDocument(state.size.columns)})
  return settledView(state, view)
}

/** The page of a message, for the screen as it is. */
export function laidOut(state: State, view: MessageView): MessageView {
  if (!view.loaded) return view
  const page = {width: state.size.columns, now: state.now}
  const content = layContent(view.loaded.details.message, page, view.content)
  return {...view, content, rows: documentOf(view.loaded, content, page)}
}
