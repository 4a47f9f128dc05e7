/** What becomes of the line that is being written. */
import type {Key} from '../screen/keys.js'
import {withChannels} from './channels.js'
import {restarted} from './messages.js'
import {type Prompt, type State, shownView, withView} from './state.js'
import {type Step, step} from './step.js'

/** A text longer than this is not for a line. */
const LONGEST = 64 * 1024

const QUESTIONS: ReadonlySet<Prompt['kind']> = new Set(['redact', 'redrive'])

/** Whether it takes one key for an answer. */
export const isQuestion = ({kind}: Prompt): boolean => QUESTIONS.has(kind)

export function prompted(state: State, prompt: Prompt, key: Key): Step {
  if (isQuestion(prompt)) return answered(state, prompt, key)
  if ('name' in key && key.name === 'escape') return dropped(state, prompt)
  if ('name' in key && key.name === 'enter') return entered(state, prompt)
  const edited = editedBy(prompt, key)
  if (edited === undefined) return step(state)
  const next = {...state, prompt: edited}
  return edited.kind === 'filter' && edited.text !== prompt.text ? filtered(next, edited.text) : step(next)
}

function answered(state: State, {kind, subject}: Prompt, key: Key): Step {
  const next = {...state, prompt: undefined}
  if (!('char' in key && key.char === 'y')) return step({...next, status: {mood: 'plain', text: 'nothing was done'}})
  return step(next, kind === 'redact' ? {do: 'redact', message: subject} : {do: 'redrive', letter: subject})
}

/** Escape: a filter is as it was before. */
function dropped(state: State, {kind, before, text}: Prompt): Step {
  const next = {...state, prompt: undefined}
  return kind === 'filter' && text !== before ? filtered(next, before) : step(next)
}

function entered(state: State, {kind, text, subject}: Prompt): Step {
  const next = {...state, prompt: undefined}
  const view = shownView(state)
  if (kind === 'filter' || text.trim() === '') return step(next)
  if (kind === 'reply') return step(next, {do: 'reply', to: subject, body: text})
  if (kind === 'go') return step(next, {do: 'go', text: text.trim()})
  return view.kind === 'messages' ? restarted(next, view, {around: text.trim()}) : step(next)
}

function filtered(state: State, filter: string): Step {
  const view = shownView(state)
  if (view.kind === 'channels') return step(withView(state, withChannels(state, view, {filter})))
  return view.kind === 'messages' ? restarted(state, {...view, filter}, 'newest') : step(state)
}

/** The line with a key typed into it; undefined for one that means nothing here. */
function editedBy(prompt: Prompt, key: Key): Prompt | undefined {
  const {text, cursor} = prompt
  if ('char' in key) return inserted(prompt, key.char)
  // Only what is sent may have several lines.
  if ('paste' in key)
    return inserted(
      prompt,
      prompt.kind === 'reply' ? key.paste.replace(/\r\n?/g, '\n') : key.paste.replace(/\s+/g, ' '),
    )
  switch (key.name) {
    case 'left':
      return {...prompt, cursor: before(text, cursor)}
    case 'right':
      return {...prompt, cursor: behind(text, cursor)}
    case 'home':
    case 'ctrl-a':
      return {...prompt, cursor: 0}
    case 'end':
    case 'ctrl-e':
      return {...prompt, cursor: text.length}
    case 'backspace':
      return without(prompt, before(text, cursor), cursor)
    case 'delete':
      return without(prompt, cursor, behind(text, cursor))
    case 'ctrl-u':
      return without(prompt, 0, cursor)
    case 'ctrl-k':
      return without(prompt, cursor, text.length)
    case 'ctrl-w':
      return without(prompt, text.slice(0, cursor).replace(/\S+\s*$/, '').length, cursor)
    default:
      return undefined
  }
}

function inserted(prompt: Prompt, given: string): Prompt {
  const {text, cursor} = prompt
  const piece = given.slice(0, Math.max(0, LONGEST - text.length)).toWellFormed()
  return {...prompt, text: text.slice(0, cursor) + piece + text.slice(cursor), cursor: cursor + piece.length}
}

const without = (prompt: Prompt, from: number, to: number): Prompt => ({
  ...prompt,
  text: prompt.text.slice(0, from) + prompt.text.slice(to),
  cursor: from,
})

/** Where the character in front of a place begins, as people see characters. */
function before(text: string, cursor: number): number {
  let start = 0
  for (const {index} of SEGMENTER.segment(text.slice(0, cursor))) start = index
  return start
}

function behind(text: string, cursor: number): number {
  for (const {segment} of SEGMENTER.segment(text.slice(cursor))) return cursor + segment.length
  return text.length
}

const SEGMENTER = new Intl.Segmenter()
