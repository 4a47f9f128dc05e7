import {LeatError} from '../../model/errors.js'
import {fieldLine} from '../output/column.js'
import {forTerminalLine} from '../output/escape.js'
import type {Output} from '../output/output.js'
import type {Diagnosis} from './diagnosis.js'

const FIELDS = [
  {head: 'STATE', plain: ({level}: Diagnosis) => level},
  {head: 'ABOUT', plain: ({about}: Diagnosis) => about},
  {head: 'WHAT', plain: ({what}: Diagnosis) => what},
  {head: 'FIX', plain: ({fix}: Diagnosis) => fix ?? ''},
]

/** Each with its fix on a line of its own: nothing of it may be cut. @throws STORAGE something is bad */
export function printDiagnoses(out: Output, found: readonly Diagnosis[]): void {
  const width = Math.max(...found.map(({about}) => about.length))
  for (const one of found)
    if (out.json) out.write(`${JSON.stringify(one)}\n`)
    else out.write(out.terminal ? shown(out, one, width) : fieldLine(one, FIELDS))
  out.flush()
  const wrong = found.filter(({level}) => level === 'bad')
  const [first] = wrong
  if (!first) return
  const more = wrong.length === 1 ? '' : `, and ${wrong.length - 1} more`
  throw new LeatError('STORAGE', `${first.about}: ${first.what}${more}`, {hint: first.fix})
}

function shown({paint}: Output, {level, about, what, fix}: Diagnosis, width: number): string {
  const state = paint[level === 'ok' ? 'good' : level](level.padEnd(4))
  const line = `${state}  ${paint.dim(about.padEnd(width))}  ${forTerminalLine(what)}\n`
  return fix === undefined ? line : `${line}${' '.repeat(width + 8)}→ ${forTerminalLine(fix)}\n`
}
