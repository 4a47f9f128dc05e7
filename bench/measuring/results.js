/** A run's figures as a table to read and a file to keep. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT} from './root.js'

const RESULTS = join(ROOT, 'bench/results')

/** @returns {string} the path of the file */
export function keep(suite, run) {
  mkdirSync(RESULTS, {recursive: true})
  const file = join(RESULTS, `${suite}.json`)
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
  return file
}

const COLUMNS = ['what', 'median', 'least', 'p95', 'p99', 'to', 'ratio', 'aim', 'met']

/** Markdown, as docs/performance.md has it. */
export function tableOf(rows) {
  const cells = rows.map((row) => [
    row.name,
    `${row.median} ${row.unit}`,
    row.least ?? '',
    row.p95 ?? '',
    row.p99 ?? '',
    row.to ?? '',
    row.ratio ?? '',
    [row.aim, row.aimP95, row.aimP99].filter((aim) => aim !== undefined).join(' / '),
    row.met === undefined ? '' : row.met ? 'yes' : 'no',
  ])
  // A column that nobody fills is left out.
  const shown = COLUMNS.map((_, at) => at).filter((at) => cells.some((line) => line[at] !== ''))
  const line = (texts) => `| ${shown.map((at) => texts[at]).join(' | ')} |`
  return [line(COLUMNS), `|${shown.map(() => '---|').join('')}`, ...cells.map(line)].join('\n')
}
