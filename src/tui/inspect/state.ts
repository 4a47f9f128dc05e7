/**
 * All that the browser knows, as plain values. `update.ts` says what becomes of it when something happens; nothing here
 * reads, writes or draws.
 */
import type {MessageDetails} from '../../bus/show.js'
import type {ThreadNode} from '../../bus/thread.js'
import type {Message, Seq} from '../../model/message.js'
import type {Key} from '../screen/keys.js'
import type {Line} from '../screen/line.js'

export interface Size {
  columns: number
  rows: number
}

/** A channel as the list shows it. All texts are cut to what a line can show. */
export interface ChannelRow {
  name: string
  title: string
  state: string
  messages: number
  unread: number
  /** ISO 8601, of the newest message. */
  time?: string
  sender: string
  text: string
}

/** A message as the list shows it. */
export interface MessageRow {
  seq: Seq
  id: string
  sender: string
  type: string
  time: string
  recipient?: string
  isReply: boolean
  isRedacted: boolean
  text: string
  /** The beginning of its content, where that is text: what a wide screen shows beside the list. */
  beginning?: {text: string; isJson: boolean}
}

/** A dead letter as the list shows it. */
export interface LetterRow {
  /** Of the dead letter itself. */
  id: string
  messageId: string
  /** `ops/42`; of one that never had a place the message's id. */
  place: string
  /** The group or the subscriber. */
  whose: string
  attempts: number
  diedAt: string
  reason: string
  text: string
}

/** Which row is chosen, and which is the first that is shown. */
export interface Choice {
  at: number
  top: number
}

export interface ChannelsView extends Choice {
  kind: 'channels'
  id: number
  /** All of them, by name. */
  all: readonly ChannelRow[]
  /** Those that the filter leaves. */
  rows: readonly ChannelRow[]
  filter: string
  isLoaded: boolean
}

export interface MessagesView extends Choice {
  kind: 'messages'
  id: number
  channel: string
  /** A part of the channel, by seq: what was loaded of it. */
  rows: readonly MessageRow[]
  /** Nothing is in front of, or behind, the rows. */
  atStart: boolean
  atEnd: boolean
  filter: string
  /** Up to where the channel was looked at. */
  looked: Seq
  /** Whose answers are waited for: what an earlier look finds is not wanted any more. */
  load: number
  /** What is being looked for now; `reached` says how far a long look has come. */
  looking?: {for: Edge; reached?: Seq}
  /** Something changed while it was being looked. */
  isStale: boolean
  /** What came while the chosen message was not the last. */
  fresh: number
  /** The reader's cursor: what is behind it is unread. */
  cursor: Seq
  isLoaded: boolean
}

export type Edge = 'all' | 'older' | 'newer'

export interface MessageView extends Choice {
  kind: 'message'
  id: number
  /** What names it: `ops/42`, or an id. */
  ref: string
  loaded?: {details: MessageDetails; nodes: readonly ThreadNode[]}
  content?: LaidOut
  /** The page as it is laid out for the width of the screen. */
  rows: readonly DocumentRow[]
  /** What was pressed to go somewhere in it before it was loaded. */
  keys: readonly Key[]
}

/** A line of the page of one message. */
export interface DocumentRow {
  line: Line
  /** What Enter opens here. */
  opens?: string
}

/** The content of a message, which may be large, laid out once for a width. */
export interface LaidOut {
  message: Message
  width: number
  rows: readonly DocumentRow[]
}

export interface LettersView extends Choice {
  kind: 'letters'
  id: number
  /** Absent: of all channels. */
  channel?: string
  rows: readonly LetterRow[]
  /** There are more than these. */
  more: boolean
  isLoaded: boolean
}

export interface HelpView extends Choice {
  kind: 'help'
  id: number
  rows: readonly DocumentRow[]
}

export type View = ChannelsView | MessagesView | MessageView | LettersView | HelpView
export type ViewKind = View['kind']

/** A line that is being written, or a question. */
export interface Prompt {
  kind: 'filter' | 'jump' | 'go' | 'reply' | 'redact' | 'redrive'
  /** What stands in front of what is written. */
  label: string
  text: string
  /** UTF-16 units in front of the cursor. */
  cursor: number
  /** What it is about: `ops/42`; the id of a dead letter. */
  subject: string
  /** Of a filter: what Escape goes back to. */
  before: string
}

export interface Status {
  mood: 'good' | 'bad' | 'plain'
  text: string
}

export interface State {
  size: Size
  actor: string
  /** Whose cursor unread counts from, and moves. */
  reader: string
  store: string
  /** Milliseconds since 1970: what ages are counted from. */
  now: number
  /** The way here: the last one is shown, Escape goes back. Never empty. */
  views: readonly View[]
  prompt?: Prompt
  status?: Status
  /** Ids of views and loads that were given. */
  given: number
}

export const shownView = ({views}: State): View => views.at(-1) as View

/** The state with the shown view changed. */
export const withView = (state: State, view: View): State => ({...state, views: [...state.views.slice(0, -1), view]})

/** Changes the view of an id, wherever it stands; one that is gone changes nothing. */
export function changeView<T extends View>(state: State, id: number, kind: T['kind'], change: (view: T) => T): State {
  return {
    ...state,
    views: state.views.map((view) => (view.id === id && view.kind === kind ? change(view as T) : view)),
  }
}

/** Views on the way back at most. */
const HISTORY = 100

/** Goes on to a view; where it was is remembered. */
export function open(state: State, make: (id: number) => View): State {
  const id = state.given + 1
  const [first, ...others] = state.views
  const kept = first ? [first, ...others.slice(-HISTORY)] : []
  return {...state, given: id, views: [...kept, make(id)], status: undefined}
}

export const newChannels = (id: number): ChannelsView => ({
  kind: 'channels',
  id,
  all: [],
  rows: [],
  filter: '',
  at: 0,
  top: 0,
  isLoaded: false,
})

export const newMessages =
  (channel: string) =>
  (id: number): MessagesView => ({
    kind: 'messages',
    id,
    channel,
    rows: [],
    atStart: false,
    atEnd: false,
    filter: '',
    looked: 0,
    load: id,
    looking: {for: 'all'},
    isStale: false,
    fresh: 0,
    cursor: 0,
    at: 0,
    top: 0,
    isLoaded: false,
  })

export const newMessage =
  (ref: string) =>
  (id: number): MessageView => ({
    kind: 'message',
    id,
    ref,
    rows: [],
    keys: [],
    at: 0,
    top: 0,
  })

export const newLetters =
  (channel: string | undefined) =>
  (id: number): LettersView => ({
    kind: 'letters',
    id,
    ...(channel !== undefined && {channel}),
    rows: [],
    more: false,
    at: 0,
    top: 0,
    isLoaded: false,
  })
