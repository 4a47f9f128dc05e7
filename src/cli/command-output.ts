/** What a command has printed, as the messages that it makes. */
import {Flags} from '@oclif/core'
import type {CommandResult} from '../bus/command/run.js'
import {type Body, BYTES, bodyOfBytes, checkBody, JSON_TYPE} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import type {Draft} from '../model/message.js'
import {jsonLines, splitAll, textLines} from './lines.js'

/** How output becomes messages. */
export interface OutputForm {
  /** A message a line. */
  lines?: boolean
  /** A message a line, each a JSON object with its fields. */
  jsonl?: boolean
  /** Content has to be JSON. */
  'json-body'?: boolean
}

/** @param dependsOn flags without which output becomes no message */
export const outputFormFlags = (dependsOn: string[] = []) => ({
  lines: Flags.boolean({description: 'Its output is several messages, one a line.', exclusive: ['jsonl'], dependsOn}),
  jsonl: Flags.boolean({
    description: 'Its output is several messages, one a line, each a JSON object with its fields.',
    exclusive: ['json-body'],
    dependsOn,
  }),
  'json-body': Flags.boolean({char: 'J', description: 'Its output has to be JSON.', dependsOn}),
})

/**
 * Output as messages: one, which as text loses one newline at its end, or one a line. Nothing printed is no message.
 * @throws TOO_LARGE, INVALID more than 16 MiB, or not of the form
 */
export async function outputDrafts({stdout, cut}: CommandResult, form: OutputForm): Promise<Draft[]> {
  if (cut) throw new LeatError('TOO_LARGE', `the output of the command has more than ${LIMITS.content / 2 ** 20} MiB`)
  if (stdout === undefined || stdout.byteLength === 0) return []
  if (!form.lines && !form.jsonl) return [draftOf(chomped(bodyOfBytes(stdout)), form, 'the output of the command')]
  const pieces = splitAll(once(stdout), 0x0a)
  const drafts: Draft[] = []
  for await (const lines of form.jsonl ? jsonLines(pieces, {}) : textLines(pieces, {}, {chomp: true}))
    for (const made of lines) {
      const where = `line ${made.line} of the output of the command`
      if ('error' in made) throw inside(where, made.error)
      drafts.push(form.jsonl ? checked(made.draft, where) : draftOf(made.draft.body, form, where))
    }
  return drafts
}

/** What the bus would refuse without a word about the line. */
function checked(draft: Draft, where: string): Draft {
  const {body, contentType} = draft
  try {
    if (contentType !== undefined) checkBody(body, contentType)
    return draft
  } catch (error) {
    throw error instanceof LeatError ? inside(where, error) : error
  }
}

const chomped = (body: Body): Body => (typeof body === 'string' ? body.replace(/\r?\n$/, '') : body)

function draftOf(body: Body, {'json-body': json}: OutputForm, where: string): Draft {
  if (!json) return typeof body === 'string' ? {body} : {body, contentType: BYTES}
  return checked({body, contentType: JSON_TYPE}, where)
}

const inside = (where: string, {code, message, hint}: LeatError): LeatError =>
  new LeatError(code, `${where}: ${message}`, {hint})

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
