/** A run's figures as a table to read and a file to keep. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT} from './root.js'

const RESULTS = join(ROOT, 'bench/results')

/**
 * What a suite has measured, and where.
 * @typedef Run
 * @property {string} suite
 * @property {string} date YYYY-MM-DD
 * @property {string} node its version
 * @property {ReturnType<import('./machine.js').machine>} machine
 * @property {Record<string, string | number>} settings
 * @property {import('./row.js').Row[]} rows
 */

/** Puts it in place of the run before. @param {Run} run */
export function keepRun(run) {
  mkdirSync(RESULTS, {recursive: true})
  writeFileSync(join(RESULTS, `${run.suite}.json`), `${JSON.stringify(run, null, 2)}\n`)
}

const COLUMNS = ['what', 'median', 'best', 'p95', 'p99', 'to', 'ratio', 'aim', 'met']

const aimsOf = ({aim, aimP95, aimP99}) =>
  Object.entries({'': aim, 'p95 ': aimP95, 'p99 ': aimP99})
    .flatMap(([of, wanted]) => (wanted === undefined ? [] : [`${of}${wanted}`]))
    .join(', ')

/** Markdown, as docs/performance.md has it. */
export function tableOf(rows) {
  const cells = rows.map((row) => [
    row.name,
    `${row.median} ${row.unit}`,
    row.least ?? row.most ?? '',
    row.p95 ?? '',
    row.p99 ?? '',
    row.to ?? '',
    row.ratio ?? '',
    aimsOf(row),
    row.met === undefined ? '' : row.met ? 'yes' : 'no',
  ])
  // A column that nobody fills is left out.
  const shown = COLUMNS.map((_, at) => at).filter((at) => cells.some((line) => line[at] !== ''))
  const line = (texts) => `| ${shown.map((at) => texts[at]).join(' | ')} |`
  return [line(COLUMNS), `|${shown.map(() => '---|').join('')}`, ...cells.map(line)].join('\n')
}
