/** How much came when. */
import type {ChannelStatistics, Statistics} from '../../../bus/statistics.js'
import {wrap} from '../cells.js'
import {bars, merged, sparkline} from '../chart.js'
import {sizeText} from '../size.js'
import type {Look} from '../table.js'
import {messagesIn} from '../unread.js'

/** Lines of a chart. */
const HEIGHT = 5

/** How much came when: a chart, or where there is no room for one, a line. */
export function trafficText(
  found: Statistics,
  {traffic, recent, bytes, looked}: ChannelStatistics,
  look: Look,
): string {
  const window = windowText(found)
  if (recent === 0) return lines(`${window}: nothing`, look)
  const span = Date.parse(found.until) - Date.parse(found.since)
  const size = `${sizeText(bytes)}${looked < recent ? ' or more' : ''}`
  const head = lines(`${window}: ${messagesIn(recent)}, ${rateText(recent, span)}, ${size}`, look)
  const {paint, width} = look
  return head + (width < NARROW ? `${paint.good(sparkline(merged(traffic, width)))}\n` : chart(found, traffic, look))
}

/** There is no room for a chart. */
const NARROW = 40

function chart({since, until, at}: Statistics, traffic: readonly number[], {paint, width}: Look): string {
  const span = Date.parse(until) - Date.parse(since)
  // As many digits as the highest bar could have.
  const margin = String(traffic.reduce((sum, count) => sum + count, 0)).length
  const counts = merged(traffic, width - margin - 4)
  const rows = bars(counts, HEIGHT).map((line, row) => {
    const axis = row === 0 ? `${String(Math.max(...counts)).padStart(margin)} ┤` : `${' '.repeat(margin)} │`
    return `${paint.dim(axis)}${paint.good(line.trimEnd())}`
  })
  const [begin, end] = [clockText(since, span), until === at ? 'now' : clockText(until, span)]
  const gap = ' '.repeat(Math.max(1, counts.length - begin.length - end.length))
  const each = `a bar: ${spanText(span / counts.length)}`
  const below = [`${' '.repeat(margin)} └${'─'.repeat(counts.length)}`, `${begin}${gap}${end}`, each]
  const [axis, ...texts] = below.map((line, row) => (row === 0 ? line : ' '.repeat(margin + 2) + line))
  return [...rows, ...[axis, ...texts].map((line) => paint.dim(line as string))].map((line) => `${line}\n`).join('')
}

/** `last 24h`; where it doesn't end now, from when till when. */
export function windowText({since, until, at}: Statistics): string {
  const span = Date.parse(until) - Date.parse(since)
  return until === at ? `last ${spanText(span)}` : `${dayText(since)} – ${dayText(until)}`
}

const HOUR = 3_600_000

/** A duration in the unit in which it is easily read: `24h`, `3.5h`, `7d`. */
function spanText(ms: number): string {
  const units = [
    ['d', 24 * HOUR, 3 * 24 * HOUR],
    ['h', HOUR, HOUR],
    ['m', HOUR / 60, HOUR / 60],
    ['s', 1000, 1000],
    ['ms', 1, 0],
  ] as const
  const [unit, size] = units.find(([, , least]) => ms >= least) ?? units[4]
  return `${numberText(ms / size)}${unit}`
}

/** With one digit behind the point, where it is small and there is one. */
const numberText = (number: number): string =>
  number < 10 ? number.toFixed(1).replace(/\.0$/, '') : String(Math.round(number))

/** How many in the smallest unit in which that is one or more. */
function rateText(messages: number, span: number): string {
  const units = [
    ['s', 1000],
    ['min', 60_000],
    ['h', HOUR],
  ] as const
  const [unit, size] = units.find(([, ms]) => (messages * ms) / span >= 1) ?? ['day', 24 * HOUR]
  return `${numberText((messages * size) / span)}/${unit}`
}

/** Local time. */
const clockText = (time: string, span: number): string => (span <= 48 * HOUR ? dayText(time).slice(11) : dayText(time))

function dayText(time: string): string {
  const date = new Date(time)
  const [year, ...rest] = [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
  ].map((number) => String(number).padStart(2, '0'))
  const [month, day, hour, minute] = rest
  return `${year}-${month}-${day} ${hour}:${minute}`
}

/** A sentence on as many lines as it needs. */
export const lines = (text: string, {width}: Look): string => `${wrap(text, width).join('\n')}\n`
