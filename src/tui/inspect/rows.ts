/** From what the bus gives to what a list shows: no more of a text than a line can show, and nothing that a terminal obeys. */

import {shownContent} from '../../cli/output/content.js'
import {firstLine} from '../../cli/output/escape.js'
import type {ChannelSummary} from '../../model/channel.js'
import {isJsonType} from '../../model/content.js'
import type {DeadLetter} from '../../model/dead-letter.js'
import {DEFAULT_TYPE, type Message} from '../../model/message.js'
import {placeName} from '../../model/reference.js'
import {safe} from '../screen/line.js'
import type {ChannelRow, LetterRow, MessageRow} from './state.js'

/** Cells of a text that are kept. */
const WIDTH = 400
/** Characters in which the first line of a content is looked for. */
const BEGINNING = 16 * 1024

const lineOf = (message: Message): string => safe(firstLine(shownContent(message).slice(0, BEGINNING)), WIDTH)

export const channelRow = ({name, title = '', state, messages, unread, last}: ChannelSummary): ChannelRow => ({
  name,
  title: safe(title, WIDTH),
  state,
  messages,
  unread,
  ...(last && {time: last.time}),
  sender: safe(last?.sender ?? '', WIDTH),
  text: last ? lineOf(last) : '',
})

/** Characters of a content that are kept. */
const KEPT = 2048

const beginningOf = ({body, contentType, redactedAt}: Message): Pick<MessageRow, 'beginning'> =>
  typeof body !== 'string' || redactedAt !== undefined
    ? {}
    : {beginning: {text: body.slice(0, KEPT), isJson: isJsonType(contentType)}}

export const messageRow = (message: Message): MessageRow => ({
  seq: message.seq,
  id: message.id,
  sender: safe(message.sender, WIDTH),
  type: message.type === DEFAULT_TYPE ? '' : safe(message.type, WIDTH),
  time: message.time,
  ...(message.recipient !== undefined && {recipient: safe(message.recipient, WIDTH)}),
  isReply: message.replyTo !== undefined,
  isRedacted: message.redactedAt !== undefined,
  text: lineOf(message),
  ...beginningOf(message),
})

export const letterRow = (letter: DeadLetter): LetterRow => ({
  id: letter.id,
  messageId: letter.message.id,
  place: letter.message.seq > 0 ? placeName({channel: letter.channel, seq: letter.message.seq}) : letter.message.id,
  whose: safe(letter.group ?? letter.subscriber ?? '', WIDTH),
  attempts: letter.attempts,
  diedAt: letter.diedAt,
  reason: safe(letter.reason, WIDTH),
  text: lineOf(letter.message),
})
