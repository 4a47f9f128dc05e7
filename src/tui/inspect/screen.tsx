import {Box} from 'ink'
import type {Paint} from '../../cli/output/paint.js'
import {type Line, painted} from '../screen/line.js'
import {Rows} from '../screen/rows.js'
import {footerLine, statusOf, titleOf} from './bars.js'
import {isTooSmall, layoutOf} from './layout.js'
import {paneOf} from './pane.js'
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

/** The list or the page, with the names of its columns where there is room. */
function Middle({state, paint}: Look) {
  const view = shownView(state)
  const {columns, rows} = state.size
  const {heads, body} = layoutOf(state.size, view.kind)
  const {head, lines, chosen} = paneOf(state, view)
  const shown = lines.map((line, at) => painted(line, columns, paint, at === chosen))
  return (
    <Box flexDirection="column" height={body + (rows >= 10 ? 1 : 0)}>
      {rows >= 10 && <Rows lines={[heads ? painted(head, columns, paint) : '']} width={columns} height={1} />}
      <Rows lines={shown} width={columns} height={body} />
    </Box>
  )
}
