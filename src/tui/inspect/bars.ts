/** The lines around the middle: the title above it, the status and the keys below it. */

import {cells, characters} from '../../cli/output/cells.js'
import {oneLine} from '../../cli/output/escape.js'
import type {Span} from '../../cli/output/json.js'
import {messagesIn} from '../../cli/output/unread.js'
import {counted} from '../../model/counted.js'
import {type Line, safe, span, spread} from '../screen/line.js'
import {wrapped} from '../screen/wrap.js'
import {footerOf} from './keymap.js'
import {isFollowing} from './messages.js'
import {heightOf} from './moving.js'
import {isQuestion} from './prompting.js'
import {type MessagesView, type Prompt, type State, type Status, shownView, type View} from './state.js'

export function titleOf(state: State): Line {
  const {size, actor, store} = state
  const view = shownView(state)
  const width = size.columns
  const who = [span(`${safe(actor, 40)}  ${safe(store.split('/').at(-1) ?? '', 40)} `, 'dim')]
  const right = [...positionOf(state, view), ...(width >= 60 ? who : [])]
  return spread([span(' '), ...nameOf(view)], right, width)
}

function nameOf(view: View): Line {
  switch (view.kind) {
    case 'channels':
      return [
        span('leat', 'strong'),
        span(`  ${counted(view.rows.length, 'channel')}`, 'dim'),
        ...filterMark(view.filter),
      ]
    case 'messages':
      return [span(view.channel, 'strong'), ...filterMark(view.filter)]
    case 'message': {
      const message = view.loaded?.details.message
      return [span(view.ref, 'strong'), ...(message ? [span(`  ${safe(message.sender, 60)}`, 'name')] : [])]
    }
    case 'letters':
      return [
        span('dead letters', 'strong'),
        span(
          `  ${view.channel === undefined ? '' : `${view.channel}, `}${view.rows.length}${view.more ? ' and more' : ''}`,
          'dim',
        ),
      ]
    case 'help':
      return [span('keys', 'strong')]
  }
}

const filterMark = (filter: string): Line =>
  filter === '' ? [] : [span('  / ', 'warn'), span(safe(filter, 60), 'warn')]

/** How the list stands to what goes on, or how far down a page one is. */
function positionOf(state: State, view: View): Line {
  if (view.kind === 'messages') return view.isLoaded ? [liveMark(view), span('  ')] : []
  if (view.kind !== 'message' && view.kind !== 'help') return []
  const height = heightOf(state, view)
  if (view.rows.length <= height) return []
  const percent = Math.round((100 * view.top) / (view.rows.length - height))
  return [span(`${percent}%  `, 'dim')]
}

function liveMark(view: MessagesView) {
  if (isFollowing(view)) return span('● live', 'good')
  if (view.fresh > 0) return span(`↓ ${view.fresh} new`, 'warn')
  return span(view.atEnd ? `${view.rows.length - 1 - view.at} below` : '↓ more', 'dim')
}

/** What is being asked, said or done, in lines; none when there is nothing to say. An error may need two. */
export function statusOf(state: State): Line[] {
  const {prompt, status, size} = state
  if (prompt) return [promptLine(prompt, size.columns)]
  if (status) return toldIn(status, size.columns)
  const view = shownView(state)
  if (view.kind === 'messages' && view.looking?.reached !== undefined)
    return [
      [span(` looking… at ${view.channel}/${view.looking.reached}, ${messagesIn(view.rows.length)} found`, 'dim')],
    ]
  return []
}

const MARKS: Readonly<Record<Status['mood'], Span>> = {
  good: span('✓ ', 'good'),
  bad: span('✗ ', 'bad'),
  plain: span('  ', 'dim'),
}

function toldIn({mood, text}: Status, width: number): Line[] {
  const {lines} = wrapped(oneLine(text.slice(0, LONGEST)), {width: Math.max(4, width - 3), lines: 2})
  return lines.map((line, at) => [
    span(' '),
    at === 0 ? MARKS[mood] : MARKS.plain,
    span(line, mood === 'bad' ? 'bad' : undefined),
  ])
}

/** Characters of a status that are looked at. */
const LONGEST = 2000

/** Stands where the cursor is, and is inverse there: see `painted`. */
export const CURSOR = '▏'

/** The line that is written, moved so that its cursor is in sight. */
function promptLine(prompt: Prompt, width: number): Line {
  const {label, text, cursor} = prompt
  const front = ` ${safe(label, width)}${isQuestion(prompt) ? ' ' : ': '}`
  if (isQuestion(prompt)) return [span(front, 'warn'), span(CURSOR)]
  const short = cells(front) > width / 2 ? ' › ' : front
  const room = Math.max(3, width - cells(short) - 2)
  return [
    span(short, 'name'),
    span(inSight(safeLine(text.slice(0, cursor)), room)),
    span(CURSOR),
    span(safeLine(text.slice(cursor))),
  ]
}

/** Newlines that were pasted show as a mark. */
const safeLine = (text: string): string => safe(text.replaceAll('\n', '⏎').slice(-8000), 1000)

/** The end of a text. */
function inSight(text: string, width: number): string {
  if (cells(text) <= width) return text
  const all = [...characters(text)]
  let used = 1
  let from = all.length
  while (from > 0 && used + all[from - 1]!.width <= width) used += all[--from]!.width
  return `…${all
    .slice(from)
    .map((one) => one.text)
    .join('')}`
}

/** Keys that apply, as many as there is room for. */
export function footerLine(state: State): Line {
  const {size, prompt} = state
  if (prompt)
    return isQuestion(prompt)
      ? keys([
          ['y', 'yes'],
          ['any other key', 'no'],
        ])
      : keys([
          ['Enter', 'ok'],
          ['Esc', 'cancel'],
        ])
  const view = shownView(state)
  const isHome = state.views.length === 1 && !('filter' in view && view.filter !== '')
  const bindings = footerOf(view.kind).filter(({command}) => !(command === 'back' && isHome))
  let left = size.columns - 1
  const shown = bindings.filter(({shown: key, label}) => {
    const size = cells(key) + 1 + cells(label) + 2
    left -= size
    return left >= 0
  })
  return keys(shown.map(({shown: key, label}) => [key, label]))
}

const keys = (pairs: readonly (readonly [key: string, label: string])[]): Line =>
  pairs.flatMap(([key, label], at) => [span(`${at === 0 ? ' ' : '  '}${key}`, 'strong'), span(` ${label}`, 'dim')])
