/** What an operation takes, as one JSON Schema: it checks at every door and stands in the OpenAPI document. */
import {Ajv2020, type AnySchemaObject, type ErrorObject} from 'ajv/dist/2020.js'
import {violationOf} from '../bus/schema.js'
import {LeatError} from '../model/errors.js'
import type {AnyOperation, InputSchema} from './operation.js'
import {stringMap, text, texts} from './operations/fields.js'

/** The fields of a message that a sender gives. */
export const MESSAGE_FIELDS = {
  content: {description: 'Text, or any JSON: kept digit for digit. A string is text unless contentType says JSON.'},
  contentBase64: text('Bytes, in base64, instead of content.'),
  contentType: text("Default: the channel's, else text/plain or application/json by the content."),
  type: text('Default: message.'),
  recipient: text('The one subscriber that it is for.'),
  replyTo: text('The message that it answers.'),
  references: texts('Messages that it refers to.'),
  conversation: text('A conversation.'),
  correlationId: text('Ties an answer to its request.'),
  key: text('Idempotency key: sent again with the same key and content it is stored once.'),
  replyChannel: text('Where an answer is expected.'),
  headers: stringMap('Headers.'),
  id: text('UUID; default a new one.'),
  expiresAt: text('ISO 8601: not delivered from then on.'),
  deliverAt: text('ISO 8601: not before then.'),
} as const

/** Every property of an operation's input, those of a message included; nothing else is taken. */
export function schemaOf({input, takes}: AnyOperation): InputSchema & {additionalProperties: false} {
  const properties = takes === 'message' ? {...MESSAGE_FIELDS, ...input.properties} : input.properties
  const {required = []} = input
  return {type: 'object', properties, required, additionalProperties: false}
}

export type Check = (value: unknown) => void

/**
 * Compiles schemas to checks that throw.
 * @param coerce texts are taken for the numbers, booleans and lists that they stand for: parameters in a URL
 */
export function checkCompiler({coerce = false} = {}): (schema: object) => Check {
  const ajv = new Ajv2020({
    allErrors: false,
    ownProperties: true,
    strict: false,
    validateFormats: false,
    logger: false,
    ...(coerce && {coerceTypes: 'array'}),
  })
  return (schema) => {
    const validate = ajv.compile(schema as AnySchemaObject)
    return (value) => {
      if (!validate(value)) throw invalid(validate.errors ?? [])
    }
  }
}

/** @returns INVALID, naming the first thing that is wrong */
function invalid(errors: readonly ErrorObject[]): LeatError {
  const violations = errors.map(violationOf)
  const [first] = errors
  const where = first?.instancePath.slice(1).replaceAll('/', '.') ?? ''
  const unknown = first?.params['additionalProperty']
  if (typeof unknown === 'string')
    return new LeatError('INVALID', `unknown field ${JSON.stringify(where === '' ? unknown : `${where}.${unknown}`)}`, {
      hint: 'docs/http.md and /openapi.json name the fields of every operation',
      violations,
    })
  const what = violations[0]?.message ?? 'does not fit'
  return new LeatError('INVALID', where === '' ? `the input ${what}` : `${JSON.stringify(where)} ${what}`, {violations})
}
