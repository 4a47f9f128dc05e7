import type {Subscription} from '../../../model/subscription.js'
import {age} from '../age.js'
import type {View} from '../output.js'

export const subscriptionView: View<Subscription> = {
  columns: [
    {head: 'CHANNEL', plain: ({channel}) => channel, paint: (text, paint) => paint.strong(text)},
    {head: 'SUBSCRIBER', plain: ({subscriber}) => subscriber, paint: (text, paint) => paint.name(text)},
    {head: 'KIND', plain: ({kind}) => kind, spare: 5},
    {
      head: 'STATE',
      spare: 1,
      plain: ({paused}) => (paused ? 'paused' : 'active'),
      paint: (text, paint, {paused}) => (paused ? paint.warn(text) : text),
    },
    {head: 'TYPES', plain: ({types = []}) => types.join(','), spare: 4},
    {head: 'TRANSPORT', plain: ({transport = ''}) => transport, spare: 3},
    {head: 'ENDPOINT', plain: ({endpoint = ''}) => endpoint, cut: true, spare: 2},
    {
      head: 'SINCE',
      plain: ({createdAt}) => createdAt,
      shown: ({createdAt}, now) => age(createdAt, now),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 6,
    },
  ],
}

/** What subscribing did. `changed`: settings or the cursor were given. */
export function subscribedSentence(
  {channel, subscriber, paused, transport, endpoint}: Subscription,
  created: boolean,
  changed: boolean,
): string {
  const note = paused ? `; paused: leat subscription resume ${channel}` : ''
  const how = transport === undefined && endpoint === undefined ? '' : ', pushed by leat serve or leat deliver'
  if (created) return `${subscriber} subscribed to ${channel}${how}${note}`
  if (changed) return `the subscription of ${subscriber} to ${channel} is changed${note}`
  return `${subscriber} is subscribed to ${channel} already${note}`
}
