import {Box} from 'ink'
import type {Paint} from '../../cli/output/paint.js'
import {filled, type Line, painted} from '../screen/line.js'
import {Rows} from '../screen/rows.js'
import {footerLine, statusOf, titleOf} from './bars.js'
import {isTooSmall, layoutOf} from './layout.js'
import {paneOf, paneWidth} from './pane.js'
import {sideOf} from './side.js'
import {type State, shownView} from './state.js'

interface Look {
  state: State
  paint: Paint
}

/** Everything that is to be seen. */
export function Screen({state, paint}: Look) {
  const {size} = state
  if (isTooSmall(size)) return <Rows lines={['too small']} width={size.columns} height={size.rows} />
  const {twoLines} = layoutOf(size, shownView(state).kind)
  const one = (line: Line) => <Rows lines={[painted(line, size.columns, paint)]} width={size.columns} height={1} />
  const [status = [], more] = statusOf(state)
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      {one(titleOf(state))}
      <Middle state={state} paint={paint} />
      {twoLines && one(status)}
      {one(twoLines || status.length === 0 ? (more ?? footerLine(state)) : status)}
    </Box>
  )
}

/** The list or the page, with the names of its columns where there is room, and on a wide screen what is chosen in it. */
function Middle({state, paint}: Look) {
  const view = shownView(state)
  const {columns, rows} = state.size
  const {heads, body} = layoutOf(state.size, view.kind)
  const {head, lines, chosen} = paneOf(state, view)
  const width = paneWidth(state, view)
  // In one piece: ink counts cells in its own way, and would put two of them over each other.
  const side = sideOf(state, view).map((line) => painted(line, columns - width, paint))
  const shown = Array.from({length: body}, (_, at) => {
    const line = lines[at] ?? []
    return painted(side.length > 0 ? filled(line, width) : line, width, paint, at === chosen) + (side[at] ?? '')
  })
  return (
    <Box flexDirection="column" height={body + (rows >= 10 ? 1 : 0)}>
      {rows >= 10 && <Rows lines={[heads ? painted(head, width, paint) : '']} width={columns} height={1} />}
      <Rows lines={shown} width={columns} height={body} />
    </Box>
  )
}
