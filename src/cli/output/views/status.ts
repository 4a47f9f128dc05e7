/** What `leat` alone shows. */

import type {ChannelSummary} from '../../../model/channel.js'
import {counted} from '../../../model/counted.js'
import {messageJson} from '../../../model/message.js'
import {quotedWord} from '../../words.js'
import {age} from '../age.js'
import {type Column, fieldLine} from '../column.js'
import {shownContent, summaryOf} from '../content.js'
import {firstLine, forField, forTerminalLine} from '../escape.js'
import type {Output} from '../output.js'
import {LAST_CONTENT} from './channel.js'
import {deliveriesIn} from './delivery.js'

export interface Status {
  actor: string
  store: string
  /** What says so. */
  from: string
  /** The context in force, and what says so. */
  context?: {value: string; from: string}
  exists: boolean
  /** Newest message first. */
  channels: readonly ChannelSummary[]
  /** Deliveries that failed at least once, and are to be tried again. */
  failingDeliveries: number
}

/** Rows for people; programs get all. */
const MOST = 10

export async function printStatus(out: Output, status: Status): Promise<void> {
  const unread = status.channels.filter((channel) => channel.unread > 0)
  if (out.json) out.write(`${statusJson(status, unread)}\n`)
  else if (out.terminal) await printForPeople(out, status, unread)
  else printFields(out, status, unread)
  out.flush()
}

const COLUMNS: readonly Column<ChannelSummary>[] = [
  {head: 'CHANNEL', plain: ({name}) => name, paint: (text, paint) => paint.strong(text)},
  {head: 'UNREAD', plain: ({unread}) => String(unread), align: 'right', paint: (text, paint) => paint.good(text)},
  {
    head: 'LAST',
    plain: ({last}) => last?.time ?? '',
    shown: ({last}, now) => (last ? age(last.time, now) : ''),
    align: 'right',
    paint: (text, paint) => paint.dim(text),
    spare: 2,
  },
  {head: 'SENDER', plain: ({last}) => last?.sender ?? '', paint: (text, paint) => paint.name(text), spare: 3},
  {
    ...LAST_CONTENT,
    plain: ({last}) => (last ? firstLine(shownContent(last)) : ''),
    shown: ({last}) => (last ? summaryOf(last) : ''),
  },
]

async function printForPeople(out: Output, status: Status, unread: readonly ChannelSummary[]): Promise<void> {
  const {paint} = out
  const {actor, store, context, exists, channels, failingDeliveries: failing} = status
  const named = context ? paint.dim(` (context ${forTerminalLine(context.value)})`) : ''
  out.write(
    `${paint.name(actor)} on ${forTerminalLine(store)}${named}${exists ? '' : paint.dim(' (not there yet)')}\n\n`,
  )
  if (unread.length > 0) await out.records(unread.slice(0, MOST), {columns: COLUMNS})
  else
    out.write(
      channels.length === 0
        ? 'No channels yet. To start with:\n'
        : `Nothing unread in ${channelsIn(channels.length)}.\n`,
    )
  if (unread.length > MOST) out.write(`… and ${unread.length - MOST} more: leat list --sort unread\n`)
  if (failing > 0) out.write(`\n${paint.warn(failingText(failing))}\n`)
  if (channels.length > 0) out.write('\n')
  for (const command of nextCommands(status, unread)) out.write(`  ${forTerminalLine(command)}\n`)
}

function printFields(out: Output, status: Status, unread: readonly ChannelSummary[]): void {
  out.write(`actor\t${forField(status.actor)}\nstore\t${forField(status.store)}\n`)
  for (const channel of unread) out.write(`unread\t${fieldLine(channel, COLUMNS)}`)
  if (status.failingDeliveries > 0) out.write(`failing deliveries\t${status.failingDeliveries}\n`)
  for (const command of nextCommands(status, unread)) out.write(`next\t${forField(command)}\n`)
}

function statusJson(status: Status, unread: readonly ChannelSummary[]): string {
  const {actor, store, context, exists, channels, failingDeliveries} = status
  // The content of a message keeps every digit, so it doesn't go through JSON.stringify.
  const rows = unread.map(({name, unread: count, last}) => {
    const row = JSON.stringify({channel: name, unread: count})
    return last ? `${row.slice(0, -1)},"last":${messageJson(last)}}` : row
  })
  const head = JSON.stringify({
    actor,
    store,
    ...(context && {context: context.value}),
    exists,
    channels: channels.length,
    ...(failingDeliveries > 0 && {failingDeliveries}),
    next: nextCommands(status, unread),
  })
  return `${head.slice(0, -1)},"unread":[${rows.join(',')}]}`
}

/** What to type next: where nothing is yet, how to start; else what is new. */
function nextCommands(
  {channels, store, from, context, failingDeliveries}: Status,
  unread: readonly ChannelSummary[],
): string[] {
  // What was named by a flag has to be named by the next commands too.
  const where = [
    context?.from === '--context' ? ` --context ${quotedWord(context.value)}` : '',
    from === '--store' ? ` --store ${quotedWord(store)}` : '',
  ].join('')
  const [newest] = unread
  const commands =
    channels.length === 0
      ? ['leat channel create ops', 'leat send ops "hello"', 'leat read ops']
      : newest
        ? [`leat read ${newest.name}`, 'leat list']
        : ['leat list', `leat send ${channels[0]?.name} "hello"`]
  if (failingDeliveries > 0) commands.push('leat delivery list --state pending')
  return commands.map((command) => command + where)
}

const failingText = (count: number): string => `${deliveriesIn(count)} ${count === 1 ? 'keeps' : 'keep'} failing`

const channelsIn = (count: number): string => counted(count, 'channel')
