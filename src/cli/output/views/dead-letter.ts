/** How dead letters are printed. */
import {bodySize} from '../../../model/content.js'
import type {DeadLetter, Redriven} from '../../../model/dead-letter.js'
import {messageJson} from '../../../model/message.js'
import {placeName, shortId} from '../../../model/reference.js'
import {age, ago} from '../age.js'
import type {Column} from '../column.js'
import {paintSummary, shownContent, summaryOf} from '../content.js'
import {printFirst} from '../first.js'
import {contentText} from '../format.js'
import type {Output, View} from '../output.js'

/** What people call it: its place, or the message's id where it never had one. */
const letterName = ({channel, message}: DeadLetter): string =>
  message.seq > 0 ? placeName({channel, seq: message.seq}) : message.id

const content = ({message}: DeadLetter): string => (message.redactedAt ? '' : contentText(message))

// The content of a message keeps every digit, so it doesn't go through JSON.stringify.
const letterJson = ({message, ...letter}: DeadLetter): string =>
  `${JSON.stringify(letter).slice(0, -1)},"message":${messageJson(message)}}`

/** `dead list`. */
const DEAD_LETTER: View<DeadLetter> = {
  columns: [
    {head: 'ID', plain: ({id}) => id, shown: ({id}) => shortId(id), spare: 4},
    {head: 'MESSAGE', plain: letterName, paint: (text, paint) => paint.strong(text)},
    {head: 'GROUP', plain: ({group = ''}) => group, paint: (text, paint) => paint.name(text), spare: 3},
    {head: 'ATTEMPTS', plain: ({attempts}) => String(attempts), align: 'right', spare: 6},
    {head: 'DIED', plain: ({diedAt}) => diedAt, shown: ({diedAt}, now) => age(diedAt, now), align: 'right', spare: 5},
    {head: 'REASON', plain: ({reason}) => reason, paint: (text, paint) => paint.bad(text), cut: true},
    {
      head: 'CONTENT',
      plain: content,
      shown: ({message}) => summaryOf(message),
      paint: (text, paint, {message}) => paintSummary(text, paint, message),
      cut: true,
      spare: 1,
    },
    // Behind the others: scripts count fields.
    {
      head: 'SUBSCRIBER',
      plain: ({subscriber = ''}) => subscriber,
      paint: (text, paint) => paint.name(text),
      spare: 3,
    },
  ],
  json: letterJson,
}

/** `dead show`. */
export const DEAD_LETTER_DETAILS: View<DeadLetter> = {
  columns: [
    {head: 'MESSAGE', plain: letterName},
    {head: 'ID', plain: ({id}) => id},
    {head: 'GROUP', plain: ({group = ''}) => group},
    {head: 'SUBSCRIBER', plain: ({subscriber = ''}) => subscriber},
    {head: 'ATTEMPTS', plain: ({attempts}) => String(attempts)},
    {head: 'DIED', plain: ({diedAt}) => diedAt, shown: ({diedAt}, now) => `${diedAt} (${ago(diedAt, now)})`},
    {head: 'REASON', plain: ({reason}) => reason, paint: (text, paint) => paint.bad(text)},
    {head: 'DETAIL', plain: ({detail = ''}) => detail},
    ofMessage('MESSAGE ID', ({id}) => id),
    ofMessage('SENDER', ({sender}) => sender),
    ofMessage('TIME', ({time}) => time),
    ofMessage('TYPE', ({type}) => type),
    ofMessage('CONTENT TYPE', ({contentType}) => contentType),
    ofMessage('BYTES', ({body}) => String(bodySize(body))),
    {head: 'CONTENT', plain: content, shown: ({message}) => shownContent(message)},
  ],
  json: letterJson,
}

function ofMessage(head: string, read: (message: DeadLetter['message']) => string): Column<DeadLetter> {
  return {head, plain: ({message}) => read(message)}
}

/** Where a dead letter went. */
export function redrivenSentence({channel, seq, group, subscriber}: Redriven): string {
  const place = seq > 0 ? placeName({channel, seq}) : channel
  const whose = group ?? subscriber
  return whose === undefined ? `back in ${place}` : `${place} is given to ${whose} again`
}

/** As a table for people, the first of them where there are many. */
export const printLetters = (out: Output, letters: AsyncIterable<DeadLetter>, limit?: number): Promise<void> =>
  printFirst(out, letters, DEAD_LETTER, {limit, empty: 'no dead letters'})
