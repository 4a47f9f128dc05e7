/** What is read again when the store changed, or when one comes back to a view. */
import {news} from './messages.js'
import {changeView, type MessagesView, type MessageView, newMessage, type State, shownView, withView} from './state.js'
import {type Effect, type Step, step} from './step.js'

/** What the shown view is made of, read again. */
export function refreshed(state: State): Step {
  const view = shownView(state)
  switch (view.kind) {
    case 'channels':
      return step(state, {do: 'channels'})
    case 'messages': {
      const {view: next, effects} = news(view)
      return step(
        changeView<MessagesView>(state, view.id, 'messages', () => next),
        ...effects,
        {do: 'cursor', view: view.id, channel: view.channel},
      )
    }
    case 'message':
      return step(state, detailsOf(view))
    case 'letters':
      return step(state, lettersOf(view))
    case 'help':
      return step(state)
  }
}

export const detailsOf = ({id: view, ref}: MessageView): Effect => ({do: 'details', view, ref})

export const lettersOf = ({id, channel}: {id: number; channel?: string}): Effect => ({
  do: 'letters',
  view: id,
  ...(channel !== undefined && {channel}),
})

/** Another message in the place of the shown one: the way back doesn't grow. */
export function instead(state: State, ref: string): Step {
  const id = state.given + 1
  return step(withView({...state, given: id, status: undefined}, newMessage(ref)(id)), {do: 'details', view: id, ref})
}
