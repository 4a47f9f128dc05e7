/** What stands in the middle of the screen: a part of a list, or of a page. */
import {type Line, span} from '../screen/line.js'
import {type Column, type Table, tableOf} from './columns.js'
import {MARGIN} from './document.js'
import {sideWidth} from './layout.js'
import {CHANNEL_COLUMNS, LETTER_COLUMNS, messageColumns} from './lists.js'
import {heightOf} from './moving.js'
import type {State, View} from './state.js'

export interface Pane {
  /** Names of columns; of a page empty. */
  head: Line
  /** No more than there is room for. */
  lines: readonly Line[]
  /** Which of them is chosen. */
  chosen: number
}

const EMPTY_MARK = span(' '.repeat(MARGIN))
const CHOSEN_MARK = span('› ')

export function paneOf(state: State, view: View): Pane {
  const {head, rows} = partOf(state, view)
  const chosen = view.at - view.top
  if (rows.length === 0) return {head: [], lines: [[EMPTY_MARK, span(nothingIn(state, view), 'dim')]], chosen: -1}
  return {
    head: [EMPTY_MARK, ...head],
    lines: rows.map((line, at) => [at === chosen ? CHOSEN_MARK : EMPTY_MARK, ...line]),
    chosen,
  }
}

/** Cells of the list, or of the page. */
export const paneWidth = ({size}: State, {kind}: View): number => size.columns - sideWidth(size, kind)

/** The rows that are in sight. */
function partOf(state: State, view: View): Table {
  switch (view.kind) {
    case 'channels':
      return listed(state, view, view.rows, CHANNEL_COLUMNS)
    case 'messages':
      return listed(state, view, view.rows, messageColumns(view.cursor))
    case 'letters':
      return listed(state, view, view.rows, LETTER_COLUMNS)
    default:
      return {head: [], rows: inSight(state, view, view.rows).map(({line}) => line)}
  }
}

const listed = <T>(state: State, view: View, rows: readonly T[], columns: readonly Column<T>[]): Table =>
  tableOf(inSight(state, view, rows), columns, {width: Math.max(1, paneWidth(state, view) - MARGIN), now: state.now})

const inSight = <T>(state: State, view: View, rows: readonly T[]): readonly T[] =>
  rows.slice(view.top, view.top + heightOf(state, view))

function nothingIn({actor}: State, view: View): string {
  if (view.kind === 'message') return '…'
  if (view.kind === 'help') return ''
  if (!view.isLoaded) return '…'
  if (view.kind === 'letters') return 'no dead letters'
  if (view.filter !== '') return view.kind === 'messages' && view.looking ? 'looking…' : `nothing has "${view.filter}"`
  return view.kind === 'channels' ? `no channels for ${actor} yet: leat channel create NAME` : 'no messages yet'
}
