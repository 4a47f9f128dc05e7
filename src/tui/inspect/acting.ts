/** What the commands do that are about the message, the channel or the dead letter that is chosen. */
import {placeName} from '../../model/reference.js'
import {type Prompt, type State, shownView} from './state.js'
import {type Step, step} from './step.js'

/** The message that is meant, as `ops/42`. */
export function chosenMessage(state: State): {name: string; id: string; sender: string} | undefined {
  const view = shownView(state)
  if (view.kind === 'messages') {
    const row = view.rows[view.at]
    return row && {name: `${view.channel}/${row.seq}`, id: row.id, sender: row.sender}
  }
  if (view.kind === 'message' && view.loaded) {
    const {message} = view.loaded.details
    return {name: message.seq > 0 ? placeName(message) : message.id, id: message.id, sender: message.sender}
  }
  return undefined
}

export const asked = (state: State, prompt: Partial<Prompt> & Pick<Prompt, 'kind' | 'label'>): Step => {
  const {text = ''} = prompt
  return step({...state, status: undefined, prompt: {text, cursor: text.length, subject: '', before: '', ...prompt}})
}

export function askReply(state: State): Step {
  const message = chosenMessage(state)
  return message ? asked(state, {kind: 'reply', label: `reply to ${message.name}`, subject: message.name}) : step(state)
}

export function compose(state: State): Step {
  const message = chosenMessage(state)
  return message ? step(state, {do: 'compose', to: message.name}) : step(state)
}

export function ack(state: State): Step {
  const message = chosenMessage(state)
  return message ? step(state, {do: 'ack', place: message.name}) : step(state)
}

export function askRedact(state: State): Step {
  const message = chosenMessage(state)
  if (!message) return step(state)
  const label = `redact ${message.name} of ${message.sender}, for ever? y/n`
  return asked(state, {kind: 'redact', label, subject: message.name})
}

export function askRedrive(state: State): Step {
  const view = shownView(state)
  const letter = view.kind === 'letters' ? view.rows[view.at] : undefined
  if (!letter) return step(state)
  const label = `give ${letter.place} to ${letter.whose || 'its channel'} again? y/n`
  return asked(state, {kind: 'redrive', label, subject: letter.id})
}

/** The id of what is chosen; of a channel its name. */
export function copy(state: State): Step {
  const view = shownView(state)
  const text =
    view.kind === 'channels'
      ? view.rows[view.at]?.name
      : view.kind === 'letters'
        ? view.rows[view.at]?.messageId
        : chosenMessage(state)?.id
  if (text === undefined) return step(state)
  return step({...state, status: {mood: 'good', text: `copied ${text}`}}, {do: 'copy', text})
}
