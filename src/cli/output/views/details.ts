/** How everything about one message is printed. */
import type {Link, MessageDetails} from '../../../bus/show.js'
import {bodySize} from '../../../model/content.js'
import {type Message, messageJson} from '../../../model/message.js'
import {placeName, shortId} from '../../../model/reference.js'
import {ago} from '../age.js'
import type {Column} from '../column.js'
import {wholeContent} from '../content.js'
import {type Field, fieldsOf, fieldsText} from '../fields.js'
import {contentText} from '../format.js'
import type {Output, View} from '../output.js'
import {sizeText} from '../size.js'
import {inFlightText} from './claim.js'
import {deliveryText} from './delivery.js'
import {pairsText} from './pairs.js'

/** In a pipe. */
const detailsView: View<MessageDetails> = {
  columns: [
    {head: 'MESSAGE', plain: ({message}) => placeName(message)},
    field('ID', ({id}) => id),
    field('SENDER', ({sender}) => sender),
    field('TO', ({recipient = ''}) => recipient),
    time('TIME', ({time}) => time),
    time('SENT', ({sentAt = ''}) => sentAt),
    time('EXPIRES', ({expiresAt = ''}) => expiresAt),
    field('TYPE', ({type}) => type),
    field('CONTENT TYPE', ({contentType}) => contentType),
    field('BYTES', ({body}) => String(bodySize(body))),
    field('THREAD', ({thread}) => thread),
    links('REPLY TO', ({replyTo}) => (replyTo ? [replyTo] : [])),
    links('REFERENCES', ({references}) => references),
    field('CONVERSATION', ({conversation = ''}) => conversation),
    field('CORRELATION ID', ({correlationId = ''}) => correlationId),
    field('KEY', ({key = ''}) => key),
    field('REPLY CHANNEL', ({replyChannel = ''}) => replyChannel),
    field('HEADERS', ({headers = {}}) => pairsText(headers)),
    time('REDACTED', ({redactedAt = ''}) => redactedAt),
    field('REDACTED BY', ({redactedBy = ''}) => redactedBy),
    {head: 'PLACES', plain: ({places}) => (places.length > 1 ? places.map(placeName).join(' ') : '')},
    links('REPLIES', ({replies}) => replies),
    links('REFERENCED BY', ({referencedBy}) => referencedBy),
    {head: 'READERS', plain: readersText},
    {head: 'GROUPS', plain: ({claims}) => claims.map((claim) => inFlightText(claim)).join('; ')},
    {head: 'DELIVERIES', plain: ({deliveries}) => deliveries.map((one) => deliveryText(one)).join('; ')},
    {head: 'CONTENT', plain: ({message}) => (message.redactedAt ? '' : contentText(message))},
  ],
  json: ({message, places, referencedBy, replies, readers, claims, deliveries}) =>
    messageJson(message, {places, referencedBy, replies, readers, claims, deliveries}),
}

/** Everything about one message: for people a page, of which the content is the middle. */
export async function printDetails(out: Output, details: MessageDetails): Promise<void> {
  if (out.json || !out.terminal) return out.record(details, detailsView)
  const {look} = out
  const [about, around] = [fieldsOf(details, ABOUT, look), fieldsOf(details, AROUND, look)]
  const widest = widestHead([...about, ...around])
  out.write(`${fieldsText(about, look, widest)}\n`)
  for (const line of wholeContent(details.message, look.width, look.paint)) {
    out.write(`${line}\n`)
    await out.ease()
  }
  if (around.length > 0) out.write(`\n${fieldsText(around, look, widest)}`)
  await out.drain()
}

const widestHead = (fields: readonly Field[]): number => Math.max(...fields.map(({head}) => head.length))

const ABOUT: readonly Column<MessageDetails>[] = [
  {head: 'MESSAGE', plain: ({message}) => placeName(message), paint: (text, paint) => paint.strong(text)},
  field('ID', ({id}) => id),
  {
    head: 'SENDER',
    plain: ({message: {sender, recipient}}) => (recipient === undefined ? sender : `${sender} → ${recipient}`),
    paint: (text, paint) => paint.name(text),
  },
  time('TIME', ({time}) => time),
  time('SENT', ({sentAt = ''}) => sentAt),
  time('EXPIRES', ({expiresAt = ''}) => expiresAt),
  field('TYPE', ({type}) => type),
  field('CONTENT TYPE', ({contentType, body}) => `${contentType}, ${sizeText(bodySize(body))}`),
  field('CONVERSATION', ({conversation = ''}) => conversation),
  field('CORRELATION ID', ({correlationId = ''}) => correlationId),
  field('KEY', ({key = ''}) => key),
  field('REPLY CHANNEL', ({replyChannel = ''}) => replyChannel),
  field('HEADERS', ({headers = {}}) =>
    Object.entries(headers)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  ),
  time('REDACTED', ({redactedAt = ''}) => redactedAt),
  field('REDACTED BY', ({redactedBy = ''}) => redactedBy),
]

const AROUND: readonly Column<MessageDetails>[] = [
  {head: 'PLACES', plain: ({places}) => (places.length > 1 ? places.map(placeName).join(' ') : '')},
  links('THREAD', ({root, replyTo}) => (root && root.id !== replyTo?.id ? [root] : [])),
  links('REPLY TO', ({replyTo}) => (replyTo ? [replyTo] : [])),
  links('REPLIES', ({replies}) => replies),
  links('REFERENCES', ({references}) => references),
  links('REFERENCED BY', ({referencedBy}) => referencedBy),
  {head: 'READERS', plain: readersText},
  {
    head: 'GROUPS',
    plain: ({claims}) => claims.map((claim) => inFlightText(claim)).join('\n'),
    shown: ({claims}, now) => claims.map((claim) => inFlightText(claim, now)).join('\n'),
  },
  {
    head: 'DELIVERIES',
    plain: ({deliveries}) => deliveries.map((one) => deliveryText(one)).join('\n'),
    shown: ({deliveries}, now) => deliveries.map((one) => deliveryText(one, now)).join('\n'),
  },
]

function field(head: string, read: (message: Message) => string): Column<MessageDetails> {
  return {head, plain: ({message}) => read(message)}
}

function time(head: string, read: (message: Message) => string): Column<MessageDetails> {
  const plain = ({message}: MessageDetails): string => read(message)
  return {
    head,
    plain,
    shown: (details, now) => (plain(details) ? `${plain(details)} (${ago(plain(details), now)})` : ''),
  }
}

/** Other messages: ids for programs, a line each for people. */
function links(head: string, read: (details: MessageDetails) => readonly Link[]): Column<MessageDetails> {
  return {
    head,
    plain: (details) =>
      read(details)
        .map(({id}) => id)
        .join(' '),
    shown: (details) => read(details).map(linkText).join('\n'),
  }
}

function linkText({id, channel, seq, sender, summary}: Link): string {
  if (channel === undefined || seq === undefined) return `${shortId(id)} (gone, or not for you)`
  return `${placeName({channel, seq})} ${sender}${summary ? `: ${summary}` : ''}`
}

/**
 * `bob read, carol unread`; where the message has several places, `ops bob read`. Who is pushed to doesn't read: how it
 * stands there is among the deliveries.
 */
function readersText({places, readers, deliveries}: MessageDetails): string {
  const isPushed = (channel: string, reader: string): boolean =>
    deliveries.some((delivery) => delivery.channel === channel && delivery.subscriber === reader)
  return readers
    .filter(({channel, reader, read, held}) => read || held || !isPushed(channel, reader))
    .map(({channel, reader, read, held}) => {
      const state = read ? 'read' : held ? 'in hand' : 'unread'
      return `${places.length > 1 ? `${channel} ` : ''}${reader} ${state}`
    })
    .join(', ')
}
