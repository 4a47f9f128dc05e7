/** How channels are printed. */
import type {ChannelDetails, Pruned, SchemaMisfit} from '../../../bus/channels.js'
import type {Channel, ChannelState, ChannelSummary} from '../../../model/channel.js'
import type {ConsumerKind} from '../../../model/consumer.js'
import {messageJson} from '../../../model/message.js'
import {placeName} from '../../../model/reference.js'
import {age, ago} from '../age.js'
import type {Column} from '../column.js'
import {paintSummary, shownContent, summaryOf} from '../content.js'
import {durationText} from '../duration.js'
import {firstLine} from '../escape.js'
import type {Output, View} from '../output.js'
import type {Paint} from '../paint.js'
import {grantsText} from './grant.js'
import {pairsText} from './pairs.js'

const stateColour = (text: string, paint: Paint, {state}: {state: ChannelState}): string =>
  state === 'open' ? text : state === 'draining' ? paint.warn(text) : paint.dim(text)

const yes = (value: boolean): string => (value ? 'yes' : '')

const SETTINGS: readonly Column<Channel>[] = [
  {head: 'NAME', plain: ({name}) => name},
  {head: 'TITLE', plain: ({title = ''}) => title},
  {head: 'DESCRIPTION', plain: ({description = ''}) => description},
  {head: 'STATE', plain: ({state}) => state, paint: stateColour},
  {head: 'RESTRICTED', plain: ({restricted}) => yes(restricted)},
  {head: 'HIDDEN', plain: ({hidden}) => yes(hidden)},
  {head: 'CONTENT TYPE', plain: ({contentType = ''}) => contentType},
  {head: 'SCHEMA', plain: ({schema = ''}) => schema},
  {head: 'MAX AGE', plain: ({retention: {maxAge}}) => (maxAge === undefined ? '' : durationText(maxAge))},
  {head: 'MAX MESSAGES', plain: ({retention: {maxMessages = ''}}) => String(maxMessages)},
  {head: 'INGRESS', plain: ({ingress = ''}) => ingress},
  {head: 'EGRESS', plain: ({egress = ''}) => egress},
  {head: 'META', plain: ({metadata}) => pairsText(metadata)},
  {head: 'CREATED', plain: ({createdAt}) => createdAt, shown: ({createdAt}, now) => ago(createdAt, now)},
  {head: 'CREATED BY', plain: ({createdBy}) => createdBy},
]

/** A channel with its settings. */
export const CHANNEL: View<Channel> = {columns: SETTINGS}

/** `channel show`. */
export const CHANNEL_DETAILS: View<ChannelDetails> = {
  columns: [
    ...SETTINGS,
    {head: 'LAST SEQ', plain: ({lastSeq}) => String(lastSeq)},
    {head: 'MESSAGES', plain: ({messages}) => String(messages)},
    {head: 'UNREAD', plain: ({unread}) => String(unread)},
    {head: 'MEMBERS', plain: ({members}) => members.join(', ')},
    {head: 'GRANTS', plain: ({grants}) => grantsText(grants)},
    {head: 'SUBSCRIBERS', plain: ({subscriptions}) => subscriptions.map(({subscriber}) => subscriber).join(', ')},
    {head: 'READERS', plain: ({consumers}) => consumersText(consumers, 'reader')},
    {head: 'GROUPS', plain: ({consumers}) => consumersText(consumers, 'workers')},
    {head: 'PUSHED TO', plain: ({consumers}) => consumersText(consumers, 'push')},
  ],
}

/** `bob at 42`; of a group how far it was given messages and who works: `thumbs at 42 (bob, carol)`; `pager (2 behind)`. */
const consumersText = (consumers: ChannelDetails['consumers'], wanted: ConsumerKind): string =>
  consumers
    .filter(({kind}) => kind === wanted)
    .map(({name, cursor, workers = [], lag}) => {
      if (lag !== undefined) return `${name}${lag > 0 ? ` (${lag} behind)` : ''}`
      const notes = workers.map(({actor}) => actor).join(', ')
      return `${name} at ${cursor}${notes === '' ? '' : ` (${notes})`}`
    })
    .join(', ')

/** The newest message of a channel, on one line. */
export const LAST_CONTENT: Column<ChannelSummary> = {
  head: 'CONTENT',
  plain: ({last}) => (last ? summaryOf(last) : ''),
  paint: (text, paint, {last}) => (last ? paintSummary(text, paint, last) : text),
  cut: true,
  spare: 1,
}

/** `list`. */
export const CHANNEL_SUMMARY: View<ChannelSummary> = {
  columns: [
    {head: 'NAME', plain: ({name}) => name},
    {head: 'TITLE', plain: ({title = ''}) => title},
    {head: 'STATE', plain: ({state}) => state},
    {head: 'MESSAGES', plain: ({messages}) => String(messages)},
    {head: 'UNREAD', plain: ({unread}) => String(unread)},
    {head: 'SUBSCRIBERS', plain: ({subscribers}) => String(subscribers)},
    {head: 'LAST', plain: ({last}) => last?.time ?? ''},
    {head: 'SENDER', plain: ({last}) => last?.sender ?? ''},
    {head: 'CONTENT', plain: ({last}) => (last ? firstLine(shownContent(last)) : '')},
  ],
  people: [
    {head: 'CHANNEL', plain: ({name}) => name, paint: (text, paint) => paint.strong(text)},
    {head: 'STATE', plain: ({state}) => (state === 'open' ? '' : state), paint: stateColour, spare: 2},
    {
      head: 'UNREAD',
      plain: ({unread}) => String(unread),
      align: 'right',
      paint: (text, paint, {unread}) => (unread > 0 ? paint.good(text) : paint.dim(text)),
    },
    {
      head: 'MESSAGES',
      plain: ({messages}) => String(messages),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 5,
    },
    {
      head: 'SUBS',
      plain: ({subscribers}) => String(subscribers),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 6,
    },
    {head: 'TITLE', plain: ({title = ''}) => title, cut: true, spare: 7},
    {
      head: 'LAST',
      plain: ({last}) => (last ? last.time : ''),
      shown: ({last}, now) => (last ? age(last.time, now) : ''),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 3,
    },
    {
      head: 'SENDER',
      plain: ({last}) => last?.sender ?? '',
      paint: (text, paint) => paint.name(text),
      spare: 4,
    },
    LAST_CONTENT,
  ],
  json: ({last, ...channel}) => {
    const json = JSON.stringify(channel)
    // Not through JSON.stringify: the content of a message keeps every digit.
    return last ? `${json.slice(0, -1)},"last":${messageJson(last)}}` : json
  },
}

/** `channel prune`. */
export const PRUNED: View<Pruned> = {
  columns: [
    {head: 'CHANNEL', plain: ({channel}) => channel},
    {head: 'DELETED', plain: ({deleted}) => String(deleted), align: 'right'},
    {head: 'KEPT', plain: ({kept}) => String(kept), align: 'right'},
  ],
}

/** What will go, and how much of it. */
export const pruneQuestion = (plan: readonly Pruned[]): string =>
  `delete ${plan.map(({channel, deleted, kept}) => `${deleted} of ${deleted + kept} messages of ${channel}`).join(', ')}`

/** `channel update --check`. */
export const MISFIT: View<SchemaMisfit> = {
  columns: [
    {head: 'MESSAGE', plain: placeName},
    {head: 'ID', plain: ({id}) => id},
    {
      head: 'VIOLATIONS',
      plain: ({violations}) =>
        violations.map(({pointer, message}) => `${pointer || '(the whole)'}: ${message}`).join('; '),
      cut: true,
    },
  ],
}

/** A channel that was made or changed: in a pipe its name alone. */
export async function printChannel(out: Output, channel: Channel): Promise<void> {
  if (out.json || (out.terminal && !out.quiet)) return out.record(channel, CHANNEL)
  if (!out.quiet) out.write(`${channel.name}\n`)
  out.flush()
}

/** Names alone, one a line. */
export function printNames(out: Output, channels: readonly {name: string}[]): void {
  for (const {name} of channels) out.write(`${out.json ? JSON.stringify({name}) : name}\n`)
  out.flush()
}
