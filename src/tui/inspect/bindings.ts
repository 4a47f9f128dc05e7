/** Every key and what it does: the one table behind the keys themselves, the footer, the help screen and docs/inspect.md. */
import type {ViewKind} from './state.js'

export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'filter'
  | 'jump'
  | 'go'
  | 'next-link'
  | 'earlier'
  | 'later'
  | 'parent'
  | 'answer'
  | 'thread-next'
  | 'thread-previous'
  | 'reply'
  | 'compose'
  | 'ack'
  | 'letters'
  | 'redrive'
  | 'redact'
  | 'copy'
  | 'help'
  | 'quit'

/** Under which heading it is explained. */
export const TOPICS = ['Moving', 'Finding', 'Along threads and links', 'Doing', 'And'] as const
export type Topic = (typeof TOPICS)[number]

export interface Binding {
  /** Names of keys, or characters. */
  keys: readonly string[]
  /** As people call them. */
  shown: string
  command: Command
  topic: Topic
  /** A word or two for the footer. */
  label: string
  /** The sentence of the help screen and the documentation. */
  does: string
  /** Where it applies; absent: everywhere. */
  views?: readonly ViewKind[]
  /** Stands in the footer: lower numbers first, where there is not room for all. */
  footer?: number
}

const LISTS: readonly ViewKind[] = ['channels', 'messages', 'letters']

export const BINDINGS: readonly Binding[] = [
  {keys: ['up', 'k'], shown: '↑ k', command: 'up', topic: 'Moving', label: 'up', does: 'One line up.'},
  {keys: ['down', 'j'], shown: '↓ j', command: 'down', topic: 'Moving', label: 'down', does: 'One line down.'},
  {
    keys: ['pageup', 'ctrl-b'],
    shown: 'PgUp',
    command: 'page-up',
    topic: 'Moving',
    label: 'page up',
    does: 'One screen up.',
  },
  {
    keys: ['pagedown', ' ', 'ctrl-f'],
    shown: 'PgDn Space',
    command: 'page-down',
    topic: 'Moving',
    label: 'page down',
    does: 'One screen down.',
  },
  {keys: ['home', '<'], shown: 'Home <', command: 'first', topic: 'Moving', label: 'first', does: 'To the beginning.'},
  {
    keys: ['end', 'G', '>'],
    shown: 'End G >',
    command: 'last',
    topic: 'Moving',
    label: 'newest',
    does: 'To the end. At the end of a channel you stay there: what arrives is shown as it comes.',
  },
  {
    keys: ['enter'],
    shown: 'Enter',
    command: 'open',
    topic: 'Moving',
    label: 'open',
    does: 'Open the channel, the message or the link under the cursor.',
    views: [...LISTS, 'message'],
    footer: 1,
  },
  {
    keys: ['escape', 'backspace'],
    shown: 'Esc',
    command: 'back',
    topic: 'Moving',
    label: 'back',
    does: 'Back to where you came from. In a list with a filter: take the filter away.',
    footer: 2,
  },
  {
    keys: ['/'],
    shown: '/',
    command: 'filter',
    topic: 'Finding',
    label: 'filter',
    does: 'Show only what has a text in it, as you type; of messages also from:NAME and type:WORD.',
    views: ['channels', 'messages'],
    footer: 4,
  },
  {
    keys: ['t'],
    shown: 't',
    command: 'jump',
    topic: 'Finding',
    label: 'time',
    does: 'Go to a time (2h, yesterday, 2026-12-01 08:30), a seq, start, now or cursor.',
    views: ['messages'],
    footer: 7,
  },
  {
    keys: ['g'],
    shown: 'g',
    command: 'go',
    topic: 'Finding',
    label: 'go to',
    does: 'Go to a channel or a message by its name: ops, ops/42, an id.',
  },
  {
    keys: ['tab'],
    shown: 'Tab',
    command: 'next-link',
    topic: 'Along threads and links',
    label: 'next link',
    does: 'To the next message that this one is tied to.',
    views: ['message'],
    footer: 9,
  },
  {
    keys: ['left', 'h'],
    shown: '← h',
    command: 'earlier',
    topic: 'Along threads and links',
    label: 'earlier',
    does: 'The message before this one in its channel.',
    views: ['message'],
  },
  {
    keys: ['right', 'l'],
    shown: '→ l',
    command: 'later',
    topic: 'Along threads and links',
    label: 'later',
    does: 'The message behind this one in its channel.',
    views: ['message'],
  },
  {
    keys: ['p'],
    shown: 'p',
    command: 'parent',
    topic: 'Along threads and links',
    label: 'parent',
    does: 'The message that this one answers.',
    views: ['message'],
    footer: 6,
  },
  {
    keys: ['o'],
    shown: 'o',
    command: 'answer',
    topic: 'Along threads and links',
    label: 'answer',
    does: 'The first answer to this one.',
    views: ['message'],
    footer: 7,
  },
  {
    keys: [']', 'n'],
    shown: '] n',
    command: 'thread-next',
    topic: 'Along threads and links',
    label: 'next in thread',
    does: 'The next message of its thread.',
    views: ['message'],
  },
  {
    keys: ['[', 'N'],
    shown: '[ N',
    command: 'thread-previous',
    topic: 'Along threads and links',
    label: 'previous in thread',
    does: 'The message before it in its thread.',
    views: ['message'],
  },
  {
    keys: ['r'],
    shown: 'r',
    command: 'reply',
    topic: 'Doing',
    label: 'reply',
    does: 'Answer it in a line.',
    views: ['messages', 'message'],
    footer: 5,
  },
  {
    keys: ['e'],
    shown: 'e',
    command: 'compose',
    topic: 'Doing',
    label: 'reply in editor',
    does: 'Answer it in your editor ($VISUAL, $EDITOR).',
    views: ['messages', 'message'],
  },
  {
    keys: ['a'],
    shown: 'a',
    command: 'ack',
    topic: 'Doing',
    label: 'ack',
    does: 'If you have claimed it: finish the claim. Otherwise: it, and all in front of it, is read.',
    views: ['messages', 'message'],
    footer: 6,
  },
  {
    keys: ['d'],
    shown: 'd',
    command: 'letters',
    topic: 'Finding',
    label: 'dead letters',
    does: 'The dead letters of the channel; from the list of channels: all of them.',
    views: ['channels', 'messages', 'message'],
    footer: 8,
  },
  {
    keys: ['d'],
    shown: 'd',
    command: 'redrive',
    topic: 'Doing',
    label: 'redrive',
    does: 'Give the dead letter to its group or subscriber again.',
    views: ['letters'],
    footer: 3,
  },
  {
    keys: ['x'],
    shown: 'x',
    command: 'redact',
    topic: 'Doing',
    label: 'redact',
    does: 'Remove its content and headers for ever. Asks first.',
    views: ['messages', 'message'],
  },
  {
    keys: ['c'],
    shown: 'c',
    command: 'copy',
    topic: 'Doing',
    label: 'copy id',
    does: 'Copy its id (the name of a channel) to the clipboard, where the terminal lets programs do that.',
    views: [...LISTS, 'message'],
  },
  {keys: ['?'], shown: '?', command: 'help', topic: 'And', label: 'keys', does: 'All keys.', footer: 2},
  {
    keys: ['q'],
    shown: 'q',
    command: 'quit',
    topic: 'And',
    label: 'quit',
    does: 'Quit. So does Ctrl-C, with exit code 130.',
    footer: 3,
  },
]
