import type {LineCandidate} from './shell.js'

/** Candidates one below the other with what they are, as far as the screen has room. */
export function listing(
  candidates: readonly LineCandidate[],
  {columns, rows}: {columns: number; rows: number},
): string {
  const room = Math.max(3, rows - 3)
  const shown = candidates.length > room ? candidates.slice(0, room - 1) : candidates
  const width = Math.max(...shown.map((candidate) => candidate.shown.length))
  const lines = shown.map((candidate) => {
    const text = `${candidate.shown.padEnd(width)}  ${candidate.description ?? ''}`.trimEnd()
    return [...text].slice(0, Math.max(10, columns - 1)).join('')
  })
  if (shown.length < candidates.length) lines.push(`… ${candidates.length - shown.length} more`)
  return lines.join('\r\n')
}
