/** What `import` reads, and how it is told what became of it. */

import {fstatSync, statSync} from 'node:fs'
import type {ImportResult} from '../bus/transfer/import-options.js'
import {counted} from '../model/counted.js'
import {type ErrorCode, LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {streamFile} from './files.js'
import {parsePairs} from './flags.js'
import type {Stdin} from './host.js'
import {stdinChunks} from './input.js'
import {splitAll} from './lines.js'
import type {Output} from './output/output.js'
import {Progress, rateText} from './output/progress.js'

/** Bytes by which what is no export is known. */
const GZIP = Buffer.from([0x1f, 0x8b])
const SQLITE = Buffer.from('SQLite format 3\0')

export interface ImportSource {
  lines: AsyncIterable<readonly (Buffer | undefined)[]>
  progress: (sofar: {messages: number}) => void
  /** Takes the progress away. */
  done(): void
}

/**
 * The lines of a file, or of stdin (`-`). What can't be an export is refused before a store is made for it.
 * @throws NOT_FOUND, FORBIDDEN, INVALID
 */
export async function importSource(file: string, stdin: () => Stdin, out: Output): Promise<ImportSource> {
  const progress = new Progress(out)
  const chunks = file === '-' ? stdinChunks(stdin, (text) => out.note(text)) : streamFile(file)
  const size = sizeOf(file)
  const reading = chunks[Symbol.asyncIterator]()
  const first = await reading.next()
  checkBeginning(file, first.done ? Buffer.alloc(0) : first.value)
  let read = 0
  async function* measured(): AsyncGenerator<Buffer> {
    for (let next = first; !next.done; next = await reading.next()) {
      read += next.value.byteLength
      yield next.value
    }
  }
  return {
    lines: splitAll(measured(), 0x0a),
    progress: ({messages}) =>
      progress.show((took) => rateText(messages, took, size === undefined ? undefined : read / size)),
    done: () => progress.clear(),
  }
}

/** Of a regular file. */
function sizeOf(file: string): number | undefined {
  const found = file === '-' ? fstatSync(0) : statSync(file, {throwIfNoEntry: false})
  return found?.isFile() ? found.size : undefined
}

/** @throws INVALID */
function checkBeginning(file: string, bytes: Buffer): void {
  const name = file === '-' ? 'stdin' : JSON.stringify(file)
  if (bytes.byteLength === 0)
    throw new LeatError('INVALID', `${name} is empty`, {hint: 'did the command before the pipe fail?'})
  if (bytes.subarray(0, 2).equals(GZIP))
    throw new LeatError('INVALID', `${name} is compressed`, {
      hint: `gunzip -c ${file === '-' ? 'FILE' : file} | leat import -`,
    })
  if (bytes.subarray(0, SQLITE.byteLength).equals(SQLITE))
    throw new LeatError('INVALID', `${name} is a store, not an export`, {hint: 'name it with --store'})
  if (/^\s*[^{\s]/.test(bytes.subarray(0, 1024).toString('latin1')))
    throw new LeatError('INVALID', `${name} is no export: it doesn't begin with a JSON object`, {
      hint: 'import takes what leat export --format jsonl writes; csv and md are for people',
    })
}

/** `OLD=NEW`, several times. @throws USAGE, INVALID */
export function renamings(given: readonly string[] | undefined): Map<string, string> {
  const names = Object.entries(parsePairs('channel', given) ?? {})
  return new Map(names.map(([from, to]) => [checkName('channel', from), checkName('channel', to)]))
}

/** Lines about bad lines, at most. */
const LINES_NOTED = 10

export interface ImportReport {
  file: string
  dryRun: boolean
  onError: 'stop' | 'skip'
}

/** @throws what the first bad line is; PARTIAL where something was stored */
export function reportImport(out: Output, result: ImportResult, {file, dryRun, onError}: ImportReport): void {
  if (out.json && !out.quiet) out.write(`${JSON.stringify({...(dryRun && {dryRun}), ...result})}\n`)
  else if (!out.quiet) out.write(out.terminal ? `${sentence(result, dryRun)}\n` : `${result.stored}\n`)
  out.flush()
  if (!out.json) for (const remark of remarks(result, file)) out.note(remark)
  const [first] = result.errors
  if (!first) return
  const code = result.stored > 0 && !dryRun ? 'PARTIAL' : (first.code as ErrorCode)
  const what = `line ${first.line}: ${first.message}`
  if (onError === 'stop')
    throw new LeatError(code, what, {hint: `${storedText(result)}; --on-error skip passes over bad lines`})
  if (!out.json) for (const {line, message} of result.errors.slice(1, LINES_NOTED)) out.note(`line ${line}: ${message}`)
  throw new LeatError(code, result.failed === 1 ? what : `${result.failed} lines were not imported; ${what}`, {
    hint: storedText(result),
  })
}

function sentence({stored, there, channels}: ImportResult, dryRun: boolean): string {
  const known = there === 0 ? '' : `, ${there} ${there === 1 ? 'was' : 'were'} there`
  const made = channels.length === 0 ? '' : `; made ${channels.join(', ')}`
  return `${dryRun ? 'would import ' : ''}${counted(stored, 'message')}${dryRun ? '' : ' imported'}${known}${made}`
}

function remarks({moved, left, paused, unfinished}: ImportResult, file: string): string[] {
  return [
    ...(moved > 0 ? [`${counted(moved, 'message')} got another seq: their channels had messages of their own`] : []),
    ...(left > 0
      ? [
          `${counted(left, 'record')} of cursors, subscriptions and the like left out: their channels had messages before`,
        ]
      : []),
    ...(paused.length > 0
      ? [
          `paused, since they run commands or reach private addresses: ${paused.join(', ')}; leat subscription resume CHANNEL --subscriber NAME`,
        ]
      : []),
    ...(unfinished.length > 0
      ? [
          `${unfinished.join(', ')} ${unfinished.length === 1 ? 'stays' : 'stay'} closed until the import is done: leat import ${file} --resume`,
        ]
      : []),
  ]
}

const storedText = ({stored, there}: ImportResult): string =>
  `${counted(stored, 'message')} ${stored === 1 ? 'was' : 'were'} imported${there === 0 ? '' : `, ${there} were there`}`
