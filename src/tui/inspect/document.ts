/** The page of one message: its fields, content, thread, and whatever it is tied to, as lines for a width. */

import type {Link, MessageDetails} from '../../bus/show.js'
import type {ThreadNode} from '../../bus/thread.js'
import {ago} from '../../cli/output/age.js'
import {cells, cutTo, fitTo} from '../../cli/output/cells.js'
import {sizeText} from '../../cli/output/size.js'
import {inFlightText} from '../../cli/output/views/claim.js'
import {deliveryText} from '../../cli/output/views/delivery.js'
import {bodySize} from '../../model/content.js'
import {counted} from '../../model/counted.js'
import type {Message} from '../../model/message.js'
import {placeName, shortId} from '../../model/reference.js'
import {type Line, safe, span} from '../screen/line.js'
import {wrapped} from '../screen/wrap.js'
import {contentLines} from './document-content.js'
import {treeOf} from './document-tree.js'
import type {DocumentRow, LaidOut} from './state.js'

export interface Page {
  /** Cells of the screen. */
  width: number
  now: number
}

/** Cells in front of a line, where the mark of the chosen one stands. */
export const MARGIN = 2
const LABEL = 15
/** In front of what stands below a heading. */
const INDENT = '  '
/** Lines of one field at most. */
const FIELD_LINES = 40
/** Links of one kind at most. */
const LINKS = 200

/** As it was laid out before, where nothing has changed. */
export function layContent(message: Message, page: Page, before?: LaidOut): LaidOut {
  const {width} = insideOf(page)
  const isSame = before?.width === width && before.message.id === message.id
  // Only redaction changes a message.
  if (isSame && before.message.redactedAt === message.redactedAt) return before
  return {message, width, rows: contentLines(message, width)}
}

const outsideOf = (page: Page): Page => ({...page, width: Math.max(4, page.width - MARGIN)})
const insideOf = (page: Page): Page => ({...page, width: Math.max(4, page.width - MARGIN - INDENT.length)})

export function documentOf(
  {details, nodes}: {details: MessageDetails; nodes: readonly ThreadNode[]},
  content: LaidOut,
  page: Page,
): DocumentRow[] {
  const {message, references, referencedBy} = details
  const [outer, inner] = [outsideOf(page), insideOf(page)]
  return [
    ...fieldRows(details, outer),
    ...section('Content', contentNote(message), content.rows),
    ...section('Headers', '', headerRows(message, inner)),
    ...section('Thread', counted(nodes.length, 'message'), treeOf(nodes, inner)),
    ...section('References', '', linkRows(references, inner)),
    ...section('Referenced by', '', linkRows(referencedBy, inner)),
    ...section('Correlated', '', correlated(nodes, message, inner)),
    ...section('Readers', '', readerRows(details, inner)),
    ...section(
      'Work',
      '',
      textRows(
        details.claims.map((claim) => inFlightText(claim, page.now)),
        inner,
      ),
    ),
    ...section(
      'Deliveries',
      '',
      textRows(
        details.deliveries.map((one) => deliveryText(one, page.now)),
        inner,
      ),
    ),
  ]
}

const plain = (line: Line): DocumentRow => ({line})

/** A heading and what stands below it, further to the right; nothing where there is nothing. */
function section(title: string, note: string, rows: readonly DocumentRow[]): DocumentRow[] {
  if (rows.length === 0) return []
  const heading = [span(title, 'strong'), ...(note === '' ? [] : [span(`  ${note}`, 'dim')])]
  return [plain([]), plain(heading), ...rows.map(({line, ...row}) => ({...row, line: [span(INDENT), ...line]}))]
}

function fieldRows({message, places, replyTo}: MessageDetails, page: Page): DocumentRow[] {
  const time = (value: string | undefined): string => (value === undefined ? '' : `${value}  ${ago(value, page.now)}`)
  const fields: [label: string, value: string | undefined][] = [
    ['id', message.id],
    ['sender', message.sender],
    ['to', message.recipient],
    ['time', time(message.time)],
    ['sent', time(message.sentAt)],
    ['expires', time(message.expiresAt)],
    ['type', message.type],
    ['conversation', message.conversation],
    ['correlation id', message.correlationId],
    ['key', message.key],
    ['reply channel', message.replyChannel],
    ['places', places.length > 1 ? places.map(placeName).join(' ') : undefined],
  ]
  const rows = fields.flatMap(([label, value]) => (value ? field(label, value, page) : []))
  return replyTo ? [...rows, linkRow(replyTo, page, 'reply to')] : rows
}

/** A label and a value, over as many lines as it takes; below a label that is long. */
function field(label: string, value: string, {width}: Page): DocumentRow[] {
  const indent = labelWidth(label, width)
  const isLong = cells(label) >= indent
  const {lines} = wrapped(value, {width: Math.max(4, width - indent), lines: FIELD_LINES})
  const rows = lines.map((text, index) => {
    const front = index === 0 && !isLong ? label : ''
    return plain([span(fitTo(front, indent), 'dim'), span(text)])
  })
  return isLong ? [plain([span(cutTo(label, width), 'dim')]), ...rows] : rows
}

/** On a narrow screen the value stands right behind its label. */
const labelWidth = (label: string, width: number): number => (width >= 45 ? LABEL : Math.min(LABEL, label.length + 1))

const contentNote = ({contentType, body, redactedAt}: Message): string =>
  redactedAt === undefined ? `${safe(contentType, 40)}, ${sizeText(bodySize(body))}` : ''

const headerRows = ({headers = {}}: Message, page: Page): DocumentRow[] =>
  Object.entries(headers).flatMap(([name, value]) => field(safe(name, page.width), value, page))

const linkRows = (links: readonly Link[], page: Page): DocumentRow[] => [
  ...links.slice(0, LINKS).map((link) => linkRow(link, page)),
  ...(links.length > LINKS ? [plain([span(`… ${links.length - LINKS} more`, 'dim')])] : []),
]

/** Another message: Enter opens it, if it may be read. */
function linkRow(link: Link, {width}: Page, label?: string): DocumentRow {
  const {id, channel, seq, sender = '', summary = ''} = link
  const front = label === undefined ? [] : [span(label.padEnd(labelWidth(label, width)), 'dim')]
  if (channel === undefined || seq === undefined)
    return plain([...front, span(`${shortId(id)} (gone, or not for you)`, 'dim')])
  const name = placeName({channel, seq})
  return {
    line: [...front, span(name, 'strong'), span(`  ${safe(sender, width)}`, 'name'), span(`  ${safe(summary, width)}`)],
    opens: name,
  }
}

/** What it belongs to by its correlation id alone. */
function correlated(nodes: readonly ThreadNode[], {references = []}: Message, page: Page): DocumentRow[] {
  const links = nodes.find(({asked}) => asked)?.references ?? []
  return links
    .filter((id) => !references.includes(id))
    .map((id) => ({line: [span(safe(id, page.width), 'strong')], opens: id}))
}

function readerRows({readers, places}: MessageDetails, page: Page): DocumentRow[] {
  return readers.slice(0, LINKS).map(({channel, reader, read, held}) => {
    const who = places.length > 1 ? `${channel} ${reader}` : reader
    const state = read ? span('✓ read', 'good') : held ? span('… in hand', 'warn') : span('• unread')
    const gap = ' '.repeat(Math.max(1, LABEL - cells(who)))
    return plain([span(safe(who, page.width)), span(gap), state])
  })
}

const textRows = (texts: readonly string[], {width}: Page): DocumentRow[] =>
  texts.flatMap((text) => wrapped(text, {width, lines: FIELD_LINES}).lines.map((line) => plain([span(line)])))
