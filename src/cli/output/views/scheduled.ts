import {DEFAULT_TYPE, Message, messageJson} from '../../../model/message.js'
import {shortId} from '../../../model/reference.js'
import type {ScheduledMessage} from '../../../model/scheduled.js'
import {age} from '../age.js'
import {paintSummary, summaryOf} from '../content.js'
import {contentText} from '../format.js'
import type {View} from '../output.js'

export const scheduledView: View<ScheduledMessage> = {
  columns: [
    {
      head: 'ID',
      plain: ({message}) => message.id,
      shown: ({message}) => shortId(message.id),
      paint: (text, paint) => paint.strong(text),
    },
    {head: 'CHANNEL', plain: ({message}) => message.channel, paint: (text, paint) => paint.name(text)},
    {head: 'DUE', plain: ({deliverAt}) => deliverAt, shown: ({deliverAt}, now) => age(deliverAt, now), align: 'right'},
    {head: 'SENDER', plain: ({message}) => message.sender, paint: (text, paint) => paint.name(text)},
    {
      head: 'TYPE',
      plain: ({message}) => message.type,
      shown: ({message}) => (message.type === DEFAULT_TYPE ? '' : message.type),
      spare: 2,
    },
    {
      head: 'CONTENT',
      plain: ({message}) => contentText(message),
      shown: ({message}) => summaryOf(message),
      paint: (text, paint, {message}) => paintSummary(text, paint, message),
      cut: true,
    },
  ],
  // Its time will be when it is due, which is said already; its seq, 0, is left out.
  json: ({message: {time: _, ...fields}, deliverAt}) => messageJson(new Message(fields as Message), {deliverAt}),
}

/** What was taken back: one message, from all the channels that it was on the way to. */
export function cancelledSentence(gone: readonly ScheduledMessage[]): string {
  const channels = gone.map(({message}) => message.channel).join(', ')
  return `cancelled: ${channels}  ${gone[0]?.message.id ?? ''}`
}
