/** What `export` asks of the bus, and where it goes. */

import {realpathSync} from 'node:fs'
import {extname} from 'node:path'
import type {ExportOptions, ExportPart} from '../bus/transfer/export.js'
import {counted} from '../model/counted.js'
import {LeatError} from '../model/errors.js'
import {type HistoryFlags, historyFilter} from './history.js'
import {forTerminal, jsonForTerminal} from './output/escape.js'
import {writeWhole} from './output/file.js'
import {Progress, rateText} from './output/progress.js'
import type {Document} from './output/transfer/document.js'
import {type Exporting, readable} from './readable.js'

export const FORMATS = ['jsonl', 'csv', 'md'] as const
export type Format = (typeof FORMATS)[number]

export interface ExportFlags extends HistoryFlags {
  format?: Format
  output?: string
}

interface Counts {
  messages: number
  channels: number
}

/** Writes an export to stdout or to a file, and says how much it was. */
export async function exportTo(exporting: Exporting, flags: ExportFlags): Promise<void> {
  const {out, bus, signal} = exporting
  const format = formatOf(flags, out.json)
  const file = flags.output === '-' ? undefined : flags.output
  if (file !== undefined) checkFile(file, (await bus.info()).location)
  const parts = textOf(exporting, flags, format)
  if (file === undefined) {
    const shown = format === 'jsonl' ? jsonForTerminal : forTerminal
    const counts = await written(exporting, parts, async (text) => {
      out.write(out.terminal ? shown(text) : text)
      await out.ease()
    })
    await out.drain()
    if (out.errorTerminal) out.note(summary(counts))
    return
  }
  const counts = await writeWhole(file, signal, (sink) => written(exporting, parts, async (text) => sink.write(text)))
  out.done(`${summary(counts)} in ${file}`, {...counts, file})
}

/** @throws USAGE */
function formatOf({format, output, all, thread}: ExportFlags, json: boolean): Format {
  if (json && format !== undefined && format !== 'jsonl')
    throw new LeatError('USAGE', `--json and --format ${format} say two formats`)
  const chosen = format ?? (json ? 'jsonl' : (FORMATS.find((one) => extname(output ?? '') === `.${one}`) ?? 'jsonl'))
  if (all && chosen !== 'jsonl')
    throw new LeatError('USAGE', `--all is more than ${chosen} can hold`, {hint: 'leave --all out, or --format jsonl'})
  if (all && thread !== undefined) throw new LeatError('USAGE', '--all and --thread say two things')
  return chosen
}

/** An export must not take the place of what it is from. @throws USAGE */
function checkFile(file: string, store: string): void {
  const real = (path: string): string | undefined => {
    try {
      return realpathSync(path)
    } catch {
      return undefined // not there yet
    }
  }
  const target = real(file)
  if (target !== undefined && ['', '-wal', '-shm'].some((end) => target === real(`${store}${end}`)))
    throw new LeatError('USAGE', `${JSON.stringify(file)} belongs to the store itself`, {hint: 'name another file'})
}

type Text = {text: string; part: ExportPart}

async function* textOf(exporting: Exporting, flags: ExportFlags, format: Format): AsyncGenerator<Text> {
  const {bus, channels, signal} = exporting
  const {from, after, thread, all} = flags
  const options: ExportOptions = {from, after, thread, all, signal, filter: historyFilter(flags)}
  if (format === 'md') return yield* readable(exporting, options)
  const document = await documentOf(format)
  for await (const part of bus.export(channels, options)) yield {text: document.part(part), part}
}

async function documentOf(format: 'jsonl' | 'csv'): Promise<Document> {
  return format === 'csv'
    ? (await import('./output/transfer/csv.js')).csv()
    : (await import('./output/transfer/document.js')).jsonLines()
}

async function written(
  {out}: Exporting,
  parts: AsyncIterable<Text>,
  write: (text: string) => Promise<void>,
): Promise<Counts> {
  const progress = new Progress(out)
  const counts = {messages: 0}
  const channels = new Set<string>()
  const ends = new Map<string, number>()
  const reached = new Map<string, number>()
  try {
    for await (const {text, part} of parts) {
      if ('messages' in part) {
        counts.messages += part.messages.length
        const last = part.messages.at(-1)
        if (last) {
          channels.add(last.channel)
          reached.set(last.channel, last.seq)
        }
        const done = sum(reached.values()) / sum(ends.values())
        progress.show((took) => rateText(counts.messages, took, done))
      } else if (part.record.record === 'channel') {
        channels.add(part.record.channel.name)
        ends.set(part.record.channel.name, part.record.channel.lastSeq)
      }
      if (text !== '') await write(text)
    }
  } finally {
    progress.clear()
  }
  return {...counts, channels: channels.size}
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0)

const summary = ({messages, channels}: Counts): string =>
  `${counted(messages, 'message')} of ${counted(channels, 'channel')}`
