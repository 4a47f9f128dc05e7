import type {InboxChannel} from '../../../bus/read.js'
import {age} from '../age.js'
import type {View} from '../output.js'

/** One line of `inbox --counts`. */
export const inboxView: View<InboxChannel> = {
  columns: [
    {head: 'CHANNEL', plain: ({channel}) => channel, paint: (text, paint) => paint.strong(text)},
    {head: 'UNREAD', plain: ({unread}) => String(unread), align: 'right', paint: (text, paint) => paint.good(text)},
    {
      head: 'LAST',
      plain: ({lastTime = ''}) => lastTime,
      shown: ({lastTime}, now) => (lastTime ? age(lastTime, now) : ''),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 1,
    },
  ],
}
