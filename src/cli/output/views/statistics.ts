/** How statistics are printed: a page about one channel, a table of several with what they have in common. */
import type {ChannelStatistics, Statistics} from '../../../bus/statistics.js'
import {placeName, shortId} from '../../../model/reference.js'
import type {Share, Standing} from '../../../model/statistics.js'
import {age, ago} from '../age.js'
import {bar, merged, sparkline} from '../chart.js'
import {type Column, fieldLine} from '../column.js'
import type {Output} from '../output.js'
import {sizeText} from '../size.js'
import {type Look, table} from '../table.js'
import {messagesIn} from '../unread.js'
import {lines, trafficText, windowText} from './traffic.js'

/** Prints to a pipe or as JSON: a line for each channel. `single`: one channel was named. */
export function printStatistics(out: Output, found: Statistics, single: boolean): void {
  for (const channel of found.channels)
    out.write(out.json ? `${JSON.stringify(jsonOf(found, channel, single))}\n` : fieldLine(channel, FIELDS))
  out.flush()
}

const jsonOf = ({at, since, until, total}: Statistics, channel: ChannelStatistics, single: boolean): object => ({
  at,
  since,
  until,
  ...channel,
  ...(single && {threads: total.threads}),
})

const FIELDS: readonly Column<ChannelStatistics>[] = [
  {head: 'CHANNEL', plain: ({channel}) => channel},
  {head: 'MESSAGES', plain: ({messages}) => String(messages)},
  {head: 'LAST', plain: ({last = ''}) => last},
  {head: 'RECENT', plain: ({recent}) => String(recent)},
  {head: 'BYTES', plain: ({bytes}) => String(bytes)},
  {head: 'BEHIND', plain: ({consumers}) => String(mostBehind(consumers))},
  {head: 'OLDEST', plain: ({consumers}) => oldestOf(consumers) ?? ''},
  {head: 'CLAIMED', plain: ({claimed}) => String(claimed)},
  {head: 'RETRYING', plain: ({retrying}) => String(retrying)},
  {head: 'DEAD', plain: ({deadLetters}) => String(deadLetters)},
  {head: 'SCHEDULED', plain: ({scheduled}) => String(scheduled)},
  {head: 'TRAFFIC', plain: ({traffic}) => traffic.join(',')},
]

const mostBehind = (consumers: readonly Standing[]): number =>
  consumers.reduce((most, {waiting}) => Math.max(most, waiting), 0)

const oldestOf = (consumers: readonly Standing[]): string | undefined =>
  consumers.flatMap(({oldest}) => oldest ?? []).sort()[0]

/** For people. */
export function statisticsText(found: Statistics, look: Look, single: boolean): string {
  const [channel] = found.channels
  const parts = single && channel ? page(found, channel, look) : overview(found, look)
  return parts.filter((part) => part !== '').join('\n')
}

function overview(found: Statistics, look: Look): string[] {
  const {channels, total} = found
  if (channels.length === 0) return ['no channels\n']
  const rows = channels.map(rowOf)
  if (channels.length > 1) {
    const consumers = channels.flatMap((channel) => channel.consumers)
    const all = {...total, name: `${channels.length} channels`, isTotal: true}
    rows.push({...all, behind: mostBehind(consumers), oldest: oldestOf(consumers)})
  }
  return [
    table(rows, columnsFor(windowText(found)), look),
    sharesText('SENDER', total.senders, total.looked, look),
    sharesText('TYPE', total.types, total.looked, look),
    threadsText(found, look),
    cutText(total, look),
  ]
}

/** A line of the table: a channel, or all of them. */
interface Row {
  name: string
  isTotal?: boolean
  messages: number
  last?: string
  recent: number
  bytes: number
  behind: number
  oldest?: string | undefined
  claimed: number
  retrying: number
  deadLetters: number
  scheduled: number
  traffic: readonly number[]
}

const rowOf = (channel: ChannelStatistics): Row => ({
  ...channel,
  name: channel.channel,
  behind: mostBehind(channel.consumers),
  oldest: oldestOf(channel.consumers),
})

/** Cells of a sparkline in a table. */
const SPARK = 24

const count = (head: string, read: (row: Row) => number, spare: number): Column<Row> => ({
  head,
  plain: (row) => (read(row) === 0 ? '' : String(read(row))),
  align: 'right',
  spare,
})

const columnsFor = (window: string): Column<Row>[] => [
  {
    head: 'CHANNEL',
    plain: ({name}) => name,
    paint: (text, paint, {isTotal}) => (isTotal ? paint.dim(text) : paint.strong(text)),
    cut: true,
  },
  {head: 'MESSAGES', plain: ({messages}) => String(messages), align: 'right'},
  {
    head: window.length > 10 ? 'RECENT' : window.toUpperCase(),
    plain: ({recent}) => String(recent),
    align: 'right',
    paint: (text, paint, {recent}) => (recent > 0 ? paint.good(text) : paint.dim(text)),
    spare: 2,
  },
  {
    head: 'TRAFFIC',
    plain: ({traffic}) => sparkline(merged(traffic, SPARK)),
    paint: (text, paint, {recent}) => (recent > 0 ? paint.good(text) : paint.dim(text)),
    spare: 1,
  },
  {head: 'BYTES', plain: ({bytes}) => sizeText(bytes), align: 'right', spare: 8},
  {
    head: 'LAST',
    plain: ({last = ''}) => last,
    shown: ({last}, now) => (last === undefined ? '' : age(last, now)),
    align: 'right',
    paint: (text, paint) => paint.dim(text),
    spare: 5,
  },
  {...count('BEHIND', ({behind}) => behind, 3), paint: (text, paint) => paint.warn(text)},
  {
    head: 'OLDEST',
    plain: ({oldest = ''}) => oldest,
    shown: ({oldest}, now) => (oldest === undefined ? '' : age(oldest, now)),
    align: 'right',
    spare: 7,
  },
  count('CLAIMED', ({claimed}) => claimed, 9),
  count('RETRYING', ({retrying}) => retrying, 10),
  {...count('DEAD', ({deadLetters}) => deadLetters, 4), paint: (text, paint) => paint.bad(text)},
  count('DELAYED', ({scheduled}) => scheduled, 11),
]

function page(found: Statistics, channel: ChannelStatistics, look: Look): string[] {
  const {paint, now} = look
  const {messages, last} = channel
  const newest = last === undefined ? '' : `, newest ${ago(last, now)}`
  return [
    // However that line is broken, the name stands out.
    lines(`${channel.channel}  ${messagesIn(messages)}${newest}`, look).replace(channel.channel, (name) =>
      paint.strong(name),
    ),
    trafficText(found, channel, look),
    sharesText('SENDER', channel.senders, channel.looked, look),
    sharesText('TYPE', channel.types, channel.looked, look),
    channel.consumers.length === 0 ? '' : table(channel.consumers, CONSUMERS, look),
    threadsText(found, look),
    outstandingText(channel, look),
    cutText(channel, look),
  ]
}

function sharesText(head: string, shares: readonly Share[], whole: number, look: Look): string {
  // Where all are of one type that says nothing.
  if (shares.length === 0 || (head === 'TYPE' && shares.length === 1)) return ''
  const columns: Column<Share>[] = [
    {
      head,
      plain: ({name}) => name,
      paint: (text, paint) => (head === 'SENDER' ? paint.name(text) : text),
    },
    {head: 'MESSAGES', plain: ({messages}) => String(messages), align: 'right'},
    {
      head: 'SHARE',
      plain: ({messages}) => bar(messages, whole, SPARK),
      paint: (text, paint) => paint.good(text),
      spare: 1,
    },
    {
      head: 'BYTES',
      plain: ({bytes}) => sizeText(bytes),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 2,
    },
  ]
  return table(shares, columns, look)
}

const KINDS = {reader: 'reader', workers: 'group', push: 'push'} as const

const CONSUMERS: readonly Column<Standing>[] = [
  {head: 'CONSUMER', plain: ({name}) => name, paint: (text, paint) => paint.name(text)},
  {head: 'KIND', plain: ({kind}) => KINDS[kind], spare: 2},
  {
    head: 'BEHIND',
    plain: ({waiting}) => String(waiting),
    align: 'right',
    paint: (text, paint, {waiting}) => (waiting > 0 ? paint.warn(text) : paint.dim(text)),
  },
  {
    head: 'OLDEST',
    plain: ({oldest = ''}) => oldest,
    shown: ({oldest}, now) => (oldest === undefined ? '' : age(oldest, now)),
    align: 'right',
    spare: 1,
  },
]

type Thread = Statistics['total']['threads'][number]

const threadsText = ({total: {threads}}: Statistics, look: Look): string =>
  threads.length === 0 ? '' : table(threads, THREADS, look)

const THREADS: readonly Column<Thread>[] = [
  {
    head: 'THREAD',
    plain: ({thread, root: {channel, seq}}) =>
      channel === undefined || seq === undefined ? shortId(thread) : placeName({channel, seq}),
    paint: (text, paint) => paint.strong(text),
  },
  {head: 'MESSAGES', plain: ({messages}) => String(messages), align: 'right'},
  {head: 'SENDER', plain: ({root: {sender = ''}}) => sender, paint: (text, paint) => paint.name(text), spare: 2},
  {head: 'CONTENT', plain: ({root: {summary = ''}}) => summary, cut: true, spare: 1},
]

function outstandingText({channel, claimed, retrying, deadLetters, scheduled}: ChannelStatistics, look: Look) {
  const {paint} = look
  const parts = [
    [claimed, `${claimed} claimed`, paint.warn],
    [retrying, `${retrying} waiting for the next attempt`, paint.warn],
    [deadLetters, `${deadLetters} dead: leat dead list ${channel}`, paint.bad],
    [scheduled, `${scheduled} delayed: leat scheduled list ${channel}`, paint.dim],
  ] as const
  return parts.flatMap(([number, text, colour]) => (number === 0 ? [] : [colour(lines(text, look))])).join('')
}

/** What was not looked at. */
const cutText = ({recent, looked}: {recent: number; looked: number}, look: Look): string =>
  looked < recent ? lines(`senders, types, threads and bytes: of the newest ${looked} of ${recent}`, look) : ''
