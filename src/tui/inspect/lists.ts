/** The columns of each list. The narrower the screen, the fewer there are. */
import {age} from '../../cli/output/age.js'
import type {Seq} from '../../model/message.js'
import type {Column} from './columns.js'
import type {ChannelRow, LetterRow, MessageRow} from './state.js'

const ageOf = (time: string | undefined, now: number): string => (time === undefined ? '' : age(time, now))

export const CHANNEL_COLUMNS: readonly Column<ChannelRow>[] = [
  {head: 'CHANNEL', most: 28, cell: ({name}) => ({text: name, role: 'strong'})},
  {
    head: 'UNREAD',
    most: 10,
    align: 'right',
    from: 30,
    cell: ({unread}) => (unread > 0 ? {text: `• ${unread}`, role: 'good'} : {text: '', role: 'dim'}),
  },
  {head: 'MESSAGES', most: 10, align: 'right', from: 64, cell: ({messages}) => ({text: String(messages)})},
  {head: 'LAST', most: 10, align: 'right', from: 24, cell: ({time}, now) => ({text: ageOf(time, now), role: 'dim'})},
  {head: 'TITLE', most: 28, from: 110, cell: ({title}) => ({text: title})},
  {head: 'STATE', most: 8, from: 90, cell: ({state}) => (state === 'open' ? {text: ''} : {text: state, role: 'warn'})},
  {head: 'SENDER', most: 16, from: 64, cell: ({sender}) => ({text: sender, role: 'name'})},
  {head: 'NEWEST', cell: ({text}) => ({text})},
]

export const messageColumns = (cursor: Seq): readonly Column<MessageRow>[] => [
  {head: '', most: 1, from: 24, cell: ({seq}) => ({text: seq > cursor ? '•' : '', role: 'good'})},
  {head: 'SEQ', most: 12, align: 'right', cell: ({seq}) => ({text: String(seq), role: 'strong'})},
  {head: 'AGE', most: 10, align: 'right', from: 40, cell: ({time}, now) => ({text: age(time, now), role: 'dim'})},
  {head: 'SENDER', most: 18, from: 30, cell: ({sender}) => ({text: sender, role: 'name'})},
  {head: 'TYPE', most: 16, from: 70, cell: ({type}) => ({text: type, role: 'dim'})},
  {
    head: 'CONTENT',
    cell: ({text, recipient, isReply, isRedacted}) => ({
      text: `${isReply ? '↩ ' : ''}${recipient === undefined ? '' : `→ ${recipient}  `}${text}`,
      ...(isRedacted && {role: 'dim'}),
    }),
  },
]

export const LETTER_COLUMNS: readonly Column<LetterRow>[] = [
  {head: 'MESSAGE', most: 24, cell: ({place}) => ({text: place, role: 'strong'})},
  {head: 'FOR', most: 16, from: 40, cell: ({whose}) => ({text: whose, role: 'name'})},
  {head: 'TRIES', most: 6, align: 'right', from: 60, cell: ({attempts}) => ({text: String(attempts)})},
  {head: 'DIED', most: 10, align: 'right', from: 50, cell: ({diedAt}, now) => ({text: age(diedAt, now), role: 'dim'})},
  {head: 'REASON', most: 32, from: 30, cell: ({reason}) => ({text: reason, role: 'bad'})},
  {head: 'CONTENT', cell: ({text}) => ({text})},
]
