/** Messages for people: where, who and when in columns, the content beside them, or below them where it needs more room. */
import {DEFAULT_TYPE, type Message} from '../../model/message.js'
import {placeName, shortId} from '../../model/reference.js'
import {age} from './age.js'
import {cells, cutTo, padTo} from './cells.js'
import {contentBlock, wholeLine} from './content.js'
import {forTerminalLine} from './escape.js'
import type {Output} from './output.js'
import type {Paint} from './paint.js'

/** Columns grow with what comes, up to so many cells. */
const MOST = {place: 28, sender: 20, time: 10}
/** Content has its own lines where there is less room than this beside the columns. */
const LEAST = 20
const MARGIN = '  '

/** What is shown of a content: painted, in cells. */
export interface Shown {
  /** On one line of so many cells at most; undefined where it needs more room. */
  beside(message: Message, room: number): string | undefined
  /** In lines of so many cells at most. */
  below(message: Message, width: number): string[]
}

const wholeIn = (paint: Paint): Shown => ({
  beside: (message, room) => wholeLine(message, room, paint),
  below: (message, width) => contentBlock(message, width, paint),
})

export interface LinesForPeople {
  (message: Message): string
  /** Columns become as wide as these need, which come next. */
  expect(messages: readonly Message[]): void
}

/**
 * Prints messages one after the other, each as lines that end in a newline.
 * @param clock times of the day instead of ages
 * @param shown what of their content, default: all
 */
export function linesForPeople(
  out: Output,
  {clock = false, shown = wholeIn(out.paint)}: {clock?: boolean; shown?: Shown} = {},
): LinesForPeople {
  const widths = {place: 0, sender: 5, time: clock ? 8 : 3}
  const grown = (column: keyof typeof widths, text: string): number => {
    widths[column] = Math.max(widths[column], Math.min(cells(text), MOST[column]))
    return widths[column]
  }
  const textsOf = (message: Message) => ({
    place: forTerminalLine(placeName(message)),
    sender: cutTo(forTerminalLine(message.sender), MOST.sender),
    time: clock ? timeOf(message.time) : age(message.time, out.now),
  })
  const expect = (messages: readonly Message[]): void => {
    for (const message of messages)
      for (const [column, text] of Object.entries(textsOf(message))) grown(column as keyof typeof widths, text)
  }
  let day = dayOf(out.now)
  const lines = (message: Message): string => {
    const {paint, width} = out
    const {place, sender, time} = textsOf(message)
    const columns = [padTo(place, grown('place', place)), padTo(sender, grown('sender', sender))] as const
    const last = padTo(time, grown('time', time), 'right')
    const marks = forTerminalLine(marksOf(message).join('  '))
    const plain = [...columns, last, ...(marks === '' ? [] : [marks])].join('  ')
    const date = clock && dayOf(Date.parse(message.time)) !== day ? dayOf(Date.parse(message.time)) : undefined
    day = date ?? day
    const separator = date === undefined ? '' : `${paint.dim(`── ${date} ──`)}\n`
    if (cells(plain) > width) {
      // Hardly any room: what one needs to name it, and then what it says.
      const line = cutTo(`${place}  ${sender}  ${time}${marks === '' ? '' : `  ${marks}`}`, width)
      return `${separator}${paint.strong(line)}\n${block(out, shown, message)}`
    }
    const head = [
      paint.strong(columns[0]),
      paint.name(columns[1]),
      paint.dim(last),
      ...(marks === '' ? [] : [paint.dim(marks)]),
    ].join('  ')
    const room = width - cells(plain) - 2
    const content = room < LEAST ? undefined : shown.beside(message, room)
    if (content === undefined) return `${separator}${head}\n${block(out, shown, message)}`
    return `${separator}${content === '' ? head : `${head}  ${content}`}\n`
  }
  return Object.assign(lines, {expect})
}

function block({width}: Output, shown: Shown, message: Message): string {
  const lines = shown.below(message, Math.max(1, width - MARGIN.length))
  return lines.map((line) => (line === '' ? '\n' : `${MARGIN}${line}\n`)).join('')
}

/** What is out of the ordinary about a message: its type, whom it is for, what it answers. */
export function marksOf({type, recipient, replyTo}: Message, {reply = true} = {}): string[] {
  return [
    ...(type === DEFAULT_TYPE ? [] : [`[${type}]`]),
    ...(recipient === undefined ? [] : [`→ ${recipient}`]),
    ...(replyTo === undefined || !reply ? [] : [`↳ ${shortId(replyTo)}`]),
  ]
}

const timeOf = (time: string): string => {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')
}

function dayOf(time: number): string {
  const date = new Date(time)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')
