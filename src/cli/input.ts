/** The body of a message: `-m`, an argument, a file, or stdin to its end, byte for byte. */
import {fstatSync} from 'node:fs'
import {basename} from 'node:path'
import {Flags} from '@oclif/core'
import {type Body, BYTES, bodyOfBytes, JSON_TYPE} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {readRegularFile, tooLarge} from './files.js'
import type {Stdin} from './host.js'

export const bodyFlags = {
  message: Flags.string({char: 'm', description: 'The body, verbatim, whatever it begins with.', helpValue: 'TEXT'}),
  file: Flags.string({description: 'The body is the content of this file.', helpValue: 'FILE', exclusive: ['message']}),
  edit: Flags.boolean({
    description: 'Write the body in your editor ($VISUAL, $EDITOR).',
    exclusive: ['message', 'file'],
  }),
  'json-body': Flags.boolean({char: 'J', description: 'The body is JSON.'}),
  'content-type': Flags.string({
    description: 'Content type of the body (default: text/plain, or what the channel says).',
    helpValue: 'TYPE',
  }),
  chomp: Flags.boolean({description: 'Drop one final newline of stdin or the file.'}),
  'allow-empty': Flags.boolean({description: 'Send an empty body.'}),
}

export interface BodySource {
  /** The argument; `-` is stdin. */
  argument?: string
  flags: {
    message?: string
    file?: string
    edit?: boolean
    'json-body'?: boolean
    'content-type'?: string
    chomp?: boolean
    'allow-empty'?: boolean
  }
  stdin: () => Stdin
  /** Words behind `--`. */
  rest?: readonly string[]
  note: (text: string) => void
  /** Has a person write it. */
  edit: (contentType: string | undefined) => Buffer
  /** Asks a person for it, where nothing says where it is. */
  compose?: (contentType: string | undefined) => Promise<Buffer>
}

export interface GivenBody {
  body: Body
  contentType?: string
  headers?: Record<string, string>
}

/**
 * Reads the body from the one place where it is. stdin is touched only if that is the place.
 * @throws USAGE none, two, or an empty one; NOT_FOUND, INVALID, FORBIDDEN, TOO_LARGE the file
 */
export async function readBody(source: BodySource): Promise<GivenBody> {
  const {flags} = source
  const word = wordOf(source)
  const contentType = statedType(flags)
  if (flags.edit)
    return checkEmpty({body: bodyOfBytes(source.edit(contentType)), contentType}, flags, 'nothing was written')
  if (flags.file !== undefined && flags.file !== '-')
    return checkEmpty(await fromFile(flags.file, flags.chomp, contentType), flags, `${flags.file} is empty`)
  if (word !== undefined) return checkEmpty({body: word, contentType}, flags, 'the body is empty')
  if (source.stdin().isTTY && source.argument !== '-' && flags.file !== '-') {
    if (!source.compose)
      throw new LeatError('USAGE', 'missing the body', {hint: 'give BODY, -m TEXT, --file FILE or pipe it in'})
    const written = bodyOfBytes(await source.compose(contentType))
    return checkEmpty({body: written, contentType}, flags, 'nothing was written')
  }
  const bytes = await readStdin(source.stdin, source.note)
  const body = bodyOfBytes(flags.chomp ? chomped(bytes) : bytes)
  return checkEmpty({body, contentType}, flags, 'stdin is empty; did the command before the pipe fail?')
}

/** The body as a word of the command line, undefined when it is somewhere else. @throws USAGE two words, or two places */
function wordOf({argument, rest = [], flags}: BodySource): string | undefined {
  const [word, second] = argument === undefined ? rest : [argument, ...rest]
  if (second !== undefined)
    throw new LeatError('USAGE', `unexpected argument ${JSON.stringify(second)}`, {
      hint: 'quote a text of several words',
    })
  const places = [word, flags.message, flags.file, flags.edit || undefined].filter((place) => place !== undefined)
  if (places.length > 1)
    throw new LeatError('USAGE', 'the body is given twice', {hint: 'use one of BODY, -m TEXT, --file FILE and --edit'})
  return flags.message ?? (argument === '-' ? undefined : word)
}

/** The content type that flags say. */
export const statedType = (flags: {'content-type'?: string; 'json-body'?: boolean}): string | undefined =>
  flags['content-type'] ?? (flags['json-body'] ? JSON_TYPE : undefined)

function checkEmpty(given: GivenBody, flags: BodySource['flags'], why: string): GivenBody {
  if (given.body.length > 0 || flags['allow-empty']) return given
  throw new LeatError('USAGE', why, {hint: '--allow-empty sends an empty body'})
}

/** Without one newline at the end. */
export function chomped(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1)
}

// What is text is no film, whatever its name ends with (.ts).
const MEDIA = /^(video|audio|font|image\/(?!svg))/

/** Text if it is valid UTF-8, else bytes; the type by the extension, the name as a header. @throws NOT_FOUND, INVALID, TOO_LARGE */
async function fromFile(path: string, chomp: boolean | undefined, contentType: string | undefined): Promise<GivenBody> {
  const bytes = readRegularFile(path)
  const body = bodyOfBytes(chomp ? chomped(bytes) : bytes)
  const {lookup} = await import('mrmime')
  const known = lookup(path)
  const type =
    contentType ?? (typeof body === 'string' ? (known && !MEDIA.test(known) ? known : undefined) : (known ?? BYTES))
  return {body, contentType: type, headers: {filename: basename(path)}}
}

const SILENCE = 1000

/** stdin to its end. Says on stderr that it waits when nothing comes for a second. @throws TOO_LARGE past 16 MiB */
async function readStdin(stdin: () => Stdin, note: (text: string) => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stdinChunks(stdin, note)) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > LIMITS.content) throw tooLarge(size)
  }
  return Buffer.concat(chunks)
}

/** stdin in pieces; the note comes once, if the first piece takes longer than a second. */
export async function* stdinChunks(stdin: () => Stdin, note: (text: string) => void): AsyncGenerator<Buffer> {
  if (isClosed(0)) return
  const waiting = setTimeout(() => note('reading from stdin… (end with Ctrl-D)'), SILENCE)
  try {
    for await (const chunk of stdin() as AsyncIterable<Buffer>) {
      clearTimeout(waiting)
      yield chunk
    }
  } finally {
    clearTimeout(waiting)
  }
}

function isClosed(fd: number): boolean {
  try {
    fstatSync(fd)
    return false
  } catch {
    return true // started without a stdin (`<&-`): as good as an empty one
  }
}
