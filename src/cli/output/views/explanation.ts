import type {Explanation} from '../../../bus/why.js'
import {oneLine} from '../escape.js'
import type {Output} from '../output.js'

/** One line: the answer, and the next command to type. */
export function printExplanation(out: Output, explanation: Explanation): void {
  const {reason, next} = explanation
  if (out.json) out.write(`${JSON.stringify(explanation)}\n`)
  else out.write(`${oneLine(reason)}${next === undefined ? '' : out.paint.dim(` (${oneLine(next)})`)}\n`)
  out.flush()
}
