import {cells, cutTo, padTo} from '../../cli/output/cells.js'
import type {LineCandidate} from './shell.js'

/** Candidates one below the other with what they are, as far as the screen has room. */
export function listing(
  candidates: readonly LineCandidate[],
  {columns, rows}: {columns: number; rows: number},
): string {
  const room = Math.max(3, rows - 3)
  const shown = candidates.length > room ? candidates.slice(0, room - 1) : candidates
  const width = Math.max(...shown.map((candidate) => cells(candidate.shown)))
  const lines = shown.map((candidate) =>
    cutTo(`${padTo(candidate.shown, width)}  ${candidate.description ?? ''}`.trimEnd(), Math.max(10, columns - 1)),
  )
  if (shown.length < candidates.length) lines.push(`… ${candidates.length - shown.length} more`)
  return lines.join('\r\n')
}
