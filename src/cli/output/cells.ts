/** Text measured as a terminal shows it: in cells, never through a character as people see one. */
import stringWidth from 'string-width'

const NARROW = /^[\x20-\x7e]*$/

/** Letters that stand for themselves, one or two cells wide: of these a text is measured quickly. */
const SIMPLE =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0386-\u0482\u048a-\u052f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/
const WIDE = /[\u3041-\ud7a3]/g

/** How many cells a line without control characters takes. */
export const cells = (line: string): number =>
  NARROW.test(line)
    ? line.length
    : SIMPLE.test(line)
      ? line.length + (line.match(WIDE)?.length ?? 0)
      : stringWidth(line)

/** Whether a text is measured quickly, however long it is. */
export const isSimple = (text: string): boolean => SIMPLE.test(text)

/** The beginning of a text that may have millions of characters: enough of it to fill so many cells, and to be cut. */
export const roughly = (text: string, width: number): string => text.slice(0, width * 8).toWellFormed()

/** A line cut to so many cells, with `…` where something is missing. */
export function cutTo(line: string, width: number): string {
  if (width <= 0) return ''
  let [cut, used] = ['', 0]
  for (const {text, width: wide} of characters(line)) {
    used += wide
    if (used > width) return `${cut}…`
    if (used < width) cut += text
  }
  return line
}

/** A line that takes so many cells at least. */
export function padTo(line: string, width: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, width - cells(line)))
  return align === 'right' ? gap + line : line + gap
}

/** A line cut or filled up to exactly so many cells. */
export const fitTo = (line: string, width: number, align: 'left' | 'right' = 'left'): string =>
  padTo(cutTo(line, width), width, align)

/** A line broken into lines of so many cells at most, between words where it can be. */
export function wrap(line: string, width: number): string[] {
  if (cells(line) <= width) return [line]
  const lines: string[] = []
  let [start, at, used] = [0, 0, 0]
  // Behind the last blank of the line that is being filled, and the cells used up to there.
  let [word, usedBefore] = [0, 0]
  for (const {text, width: wide} of characters(line)) {
    if (used + wide > width && at > start && text === ' ') {
      // A blank at the end of a line needs no room.
      lines.push(line.slice(start, at).trimEnd())
      at++
      start = at
      word = at
      used = 0
      continue
    }
    if (used + wide > width && at > start) {
      const isLong = word <= start
      lines.push(line.slice(start, isLong ? at : word).trimEnd())
      start = isLong ? at : word
      used -= isLong ? used : usedBefore
      word = start
    }
    at += text.length
    used += wide
    if (text === ' ') [word, usedBefore] = [at, used]
  }
  return start === line.length ? lines : [...lines, line.slice(start)]
}

/** A tab reaches to the next multiple of so many cells. */
const TAB = 8

/** Tabs as the blanks that a terminal makes of them. */
export function untab(line: string): string {
  const [first = '', ...rest] = line.split('\t')
  return rest.reduce((done, part) => padTo(done, (Math.floor(cells(done) / TAB) + 1) * TAB) + part, first)
}

/** What people see as one character, with its cells. */
export function* characters(line: string): Generator<{text: string; width: number}> {
  if (SIMPLE.test(line)) for (const char of line) yield {text: char, width: char < '\u3041' ? 1 : 2}
  else for (const segment of segments(line)) yield {text: segment, width: cells(segment)}
}

/** UTF-16 units that are looked at together: Intl.Segmenter takes much longer for long texts than for all of their parts. */
const CHUNK = 256

function* segments(text: string): Generator<string> {
  // Made here, not at each start: it takes milliseconds.
  const segmenter = new Intl.Segmenter()
  for (let at = 0; at < text.length; ) {
    const chunk = text.slice(at, at + CHUNK)
    const isLast = at + CHUNK >= text.length
    const found = [...segmenter.segment(chunk)].map(({segment}) => segment)
    // The last one may go on behind the chunk.
    const whole = isLast || found.length === 1 ? found : found.slice(0, -1)
    yield* whole
    for (const segment of whole) at += segment.length
  }
}
