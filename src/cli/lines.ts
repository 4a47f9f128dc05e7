/** Bulk input: one message a line, or a NUL-ended piece, or a JSON object a line. */
import {Flags} from '@oclif/core'
import type {Line} from '../bus/bulk.js'
import {bodyOfBytes} from '../model/content.js'
import {type Common, parseDraft} from '../model/draft-json.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {streamFile} from './files.js'
import type {Stdin} from './host.js'
import {stdinChunks} from './input.js'

export const lineFlags = {
  lines: Flags.boolean({
    description: 'One message a line of stdin or the file (-0: NUL-ended).',
    exclusive: ['jsonl', 'message', 'edit'],
  }),
  jsonl: Flags.boolean({
    description: 'One message a line, each a JSON object with its fields.',
    exclusive: ['message', 'edit'],
  }),
  nul: Flags.boolean({char: '0' as 'z', description: 'With --lines: split at NUL.', dependsOn: ['lines']}),
  'on-error': Flags.option({options: ['stop', 'skip'] as const, default: 'stop'})({
    description: 'With --lines or --jsonl: what to do at a bad line.',
  }),
}

/** Base64 of the largest content, with room for everything around it. */
const LONGEST_LINE = LIMITS.content * 2

/** Chunks of stdin, or of a file. @throws USAGE a body in an argument; NOT_FOUND, INVALID, FORBIDDEN the file */
export function bulkChunks(
  argument: string | undefined,
  file: string | undefined,
  stdin: () => Stdin,
  note: (text: string) => void,
): AsyncIterable<Buffer> {
  if (argument !== undefined && argument !== '-')
    throw new LeatError('USAGE', `--lines and --jsonl read stdin or --file, not ${JSON.stringify(argument)}`)
  return file === undefined || file === '-' ? stdinChunks(stdin, note) : streamFile(file)
}

/** A piece between separators; undefined for one that is too long to be a message, which is not kept. */
export type Piece = Buffer | undefined

/**
 * Pieces between separators, without them, as many at once as a chunk ends: waiting for each of a million would cost more
 * than finding it. A last piece without a separator counts if it has anything in it.
 */
export async function* splitAll(chunks: AsyncIterable<Buffer>, separator: number): AsyncGenerator<Piece[]> {
  let parts: Buffer[] = []
  let size = 0
  const take = (part: Buffer): void => {
    size += part.byteLength
    if (size > LONGEST_LINE) parts = []
    else if (part.byteLength > 0) parts.push(part)
  }
  const piece = (): Piece => {
    const whole = size > LONGEST_LINE ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts)
    parts = []
    size = 0
    return whole
  }
  for await (const chunk of chunks) {
    const pieces: Piece[] = []
    let start = 0
    for (let end = chunk.indexOf(separator); end >= 0; end = chunk.indexOf(separator, start)) {
      take(chunk.subarray(start, end))
      pieces.push(piece())
      start = end + 1
    }
    take(chunk.subarray(start))
    if (pieces.length > 0) yield pieces
  }
  if (size > 0) yield [piece()]
}

/** The same one by one. */
export async function* split(chunks: AsyncIterable<Buffer>, separator: number): AsyncGenerator<Piece> {
  for await (const pieces of splitAll(chunks, separator)) yield* pieces
}

const tooLong = (): LeatError => new LeatError('TOO_LARGE', `the line has more than ${LONGEST_LINE} bytes`)

export interface TextLineOptions {
  /** An empty piece is an empty body; otherwise it is passed over. */
  allowEmpty?: boolean
  /** A carriage return at the end is part of the line's end. */
  chomp?: boolean
}

/** Each piece is a body. */
export async function* textLines(
  pieces: AsyncIterable<readonly Piece[]>,
  common: Common,
  {allowEmpty = false, chomp = false}: TextLineOptions = {},
): AsyncGenerator<Line[]> {
  let line = 0
  const lineOf = (piece: Piece): Line[] => {
    line++
    if (!piece) return [{line, error: tooLong()}]
    const bytes = chomp && piece.at(-1) === 0x0d ? piece.subarray(0, -1) : piece
    return bytes.byteLength > 0 || allowEmpty ? [{line, draft: {...common, body: bodyOfBytes(bytes)}}] : []
  }
  for await (const some of pieces) yield some.flatMap(lineOf)
}

/** Each piece is a JSON object with a message's fields; what `common` has counts where the object says nothing. */
export async function* jsonLines(pieces: AsyncIterable<readonly Piece[]>, common: Common): AsyncGenerator<Line[]> {
  let line = 0
  for await (const some of pieces) {
    const lines: Line[] = []
    for (const piece of some) {
      line++
      if (!piece || !isBlank(piece)) lines.push(jsonLine(line, piece, common))
    }
    yield lines
  }
}

function jsonLine(line: number, piece: Piece, common: Common): Line {
  try {
    if (!piece) throw tooLong()
    return {line, draft: parseDraft(piece, common)}
  } catch (error) {
    if (!(error instanceof LeatError)) throw error
    return {line, error}
  }
}

const isBlank = (bytes: Buffer): boolean => {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}
