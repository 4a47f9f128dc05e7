/** Pages of help at a terminal that is narrower than they are. */
import {cells, wrap} from './output/cells.js'

/** Below this nothing that hangs has room; a line is then broken as it is. */
const LEAST = 30

/**
 * A page in lines of so many cells: prose is filled anew, what stands in a second column stays there, and what one would
 * copy (indented by four) is left as it is.
 */
export function fitted(page: string, columns: number): string {
  const lines = page.split('\n')
  if (lines.every((line) => cells(line) <= columns)) return page
  const shown: string[] = []
  let prose: string[] = []
  const endProse = (): void => {
    if (prose.length > 0) shown.push(...wrap(prose.join(' '), columns))
    prose = []
  }
  for (const line of lines) {
    if (/^\S/.test(line)) prose.push(line)
    else {
      endProse()
      shown.push(...(/^ {4,6}\S/.test(line) ? [line] : hung(line, columns)))
    }
  }
  endProse()
  return shown.join('\n')
}

/** A line that goes on below the beginning of its second column, where there is one, else below its beginning. */
export function hung(line: string, columns: number): string[] {
  if (cells(line) <= columns) return [line]
  const [start = ''] = /^ *(?:\S+(?: \S+)* {2,})?/.exec(line) ?? []
  const room = columns - start.length
  if (room < LEAST) return wrap(line, columns)
  const [first = '', ...others] = wrap(line.slice(start.length), room)
  return [start + first, ...others.map((rest) => ' '.repeat(start.length) + rest)]
}
