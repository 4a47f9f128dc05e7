import {Transform} from 'ink'

/**
 * Lines of a part of the screen, painted already, each no wider than it. ink lays out blanks of that size: it would measure
 * every text that is ever shown, and keep all of them.
 */
export function Rows({lines, width, height}: {lines: readonly string[]; width: number; height: number}) {
  const blanks = Array.from({length: height}, () => ' '.repeat(width)).join('\n')
  return <Transform transform={(_, index) => lines[index] ?? ''}>{blanks}</Transform>
}
