/** How deliveries are printed. */
import type {Delivery, DeliveryAttempt} from '../../../model/delivery.js'
import {placeName, shortId} from '../../../model/reference.js'
import {age, ago} from '../age.js'
import type {Column} from '../column.js'
import type {View} from '../output.js'

const lastError = ({state, history}: Delivery): string => (state === 'delivered' ? '' : (history.at(-1)?.error ?? ''))
const lastStatus = ({history}: Delivery): string => String(history.at(-1)?.status ?? '')

/** Empty where it is in hand or done. */
const next = ({nextAt = ''}: Delivery): string => nextAt
const heldBy = ({held}: Delivery): string => (held ? `${held.holder}, until ${held.until}` : '')

const STATE: Column<Delivery> = {
  head: 'STATE',
  plain: ({state}) => state,
  paint: (text, paint, {state}) =>
    state === 'failed' ? paint.bad(text) : state === 'delivered' ? paint.good(text) : paint.warn(text),
}

/** `delivery list`. */
export const DELIVERY: View<Delivery> = {
  columns: [
    {head: 'ID', plain: ({id}) => id, shown: ({id}) => shortId(id), spare: 4},
    {head: 'MESSAGE', plain: placeName, paint: (text, paint) => paint.strong(text)},
    {head: 'SUBSCRIBER', plain: ({subscriber}) => subscriber, paint: (text, paint) => paint.name(text)},
    STATE,
    {head: 'ATTEMPTS', plain: ({attempts}) => String(attempts), align: 'right', spare: 6},
    {
      head: 'NEXT',
      plain: next,
      spare: 3,
      shown: (one, now) => (one.nextAt ? dueText(one.nextAt, now) : one.held ? 'in hand' : ''),
    },
    {head: 'STATUS', plain: lastStatus, align: 'right', spare: 5},
    {head: 'ERROR', plain: lastError, paint: (text, paint) => paint.bad(text), cut: true, spare: 2},
  ],
}

/** `delivery show`. */
export const DELIVERY_DETAILS: View<Delivery> = {
  columns: [
    {head: 'MESSAGE', plain: placeName},
    {head: 'MESSAGE ID', plain: ({messageId}) => messageId},
    {head: 'ID', plain: ({id}) => id},
    {head: 'SUBSCRIBER', plain: ({subscriber}) => subscriber},
    STATE,
    {head: 'ATTEMPTS', plain: ({attempts}) => String(attempts)},
    {head: 'SINCE', plain: ({createdAt}) => createdAt, shown: ({createdAt}, now) => withAge(createdAt, now)},
    {head: 'NEXT', plain: next, shown: ({nextAt}, now) => (nextAt ? `${nextAt} (${dueText(nextAt, now)})` : '')},
    {head: 'IN HAND', plain: heldBy},
    {
      head: 'HISTORY',
      plain: ({history}) => history.map(attemptText).join('; '),
      shown: ({history}) => history.map(attemptText).join('\n'),
    },
  ],
}

/** `in 5m`; `due` from then on: it waits for somebody who delivers. */
const dueText = (nextAt: string, now: number): string => (Date.parse(nextAt) <= now ? 'due' : age(nextAt, now))

const withAge = (time: string, now: number): string => `${time} (${ago(time, now)})`

/** `2026-… http, 120 ms, 503: Service Unavailable`. */
function attemptText({at, ms, transport, status, error}: DeliveryAttempt): string {
  const answer = status === undefined ? '' : `, ${status}`
  return `${at} ${transport}, ${ms} ms${answer}: ${error ?? 'delivered'}`
}

/** How a message stands with a subscriber: `pager: delivered`. @param now for times as people say them */
export function deliveryText(delivery: Delivery, now?: number): string {
  const {subscriber, state, attempts, nextAt, held} = delivery
  const error = lastError(delivery)
  const why = error === '' ? '' : ` (${error})`
  if (state === 'delivered') return `${subscriber}: delivered`
  if (state === 'failed') return `${subscriber}: given up after attempt ${attempts}${why}`
  if (held) return `${subscriber}: being delivered, attempt ${attempts}`
  const when = nextAt === undefined || now === undefined ? nextAt : dueText(nextAt, now)
  const again = when === 'due' ? when : `next ${when}`
  return attempts === 0
    ? `${subscriber}: pending, ${again}`
    : `${subscriber}: attempt ${attempts} failed${why}, ${again}`
}

export const deliveriesIn = (count: number): string => (count === 1 ? '1 delivery' : `${count} deliveries`)
