/**
 * Conditions on JSON content: `level=error`, `a.b.0.c>5`, or a JMESPath expression. Content that isn't JSON (text, bytes,
 * what was redacted) never fulfils one.
 */

import {parseComparison, type Test} from './comparison.js'
import {type Body, isJsonType} from './content.js'
import {LeatError} from './errors.js'
import {type Filter, matches} from './filter.js'
import type {Message} from './message.js'

/** Whether content fulfils what was asked. */
export type Condition = (body: Body, contentType: string) => boolean

/** Characters of one condition. */
const WHERE_LENGTH = 1000
/** Conditions of one filter. */
const WHERE_COUNT = 32

/**
 * Reads conditions, all of which must hold. JMESPath is loaded when one is no simple comparison.
 * @throws INVALID   not a condition: says what is wrong, and where
 * @throws TOO_LARGE more than 32 of them, or one of more than 1,000 characters
 */
export async function conditionOf(texts: readonly string[]): Promise<Condition> {
  if (texts.length > WHERE_COUNT)
    throw new LeatError('TOO_LARGE', `${texts.length} conditions, the limit is ${WHERE_COUNT}`)
  const tests: Test[] = []
  for (const text of texts) tests.push(await testOf(text))
  return (body, contentType) => {
    if (typeof body !== 'string' || body === '' || !isJsonType(contentType)) return false
    const value: unknown = JSON.parse(body)
    return tests.every((test) => test(value, body))
  }
}

async function testOf(text: string): Promise<Test> {
  if (text.length > WHERE_LENGTH)
    throw new LeatError('TOO_LARGE', `a condition of ${text.length} characters, the limit is ${WHERE_LENGTH}`)
  return parseComparison(text) ?? (await import('./expression.js')).expressionOf(text)
}

/** The meaning of a whole filter, `where` included. @throws INVALID, TOO_LARGE */
export async function matcherOf(filter: Filter): Promise<(message: Message) => boolean> {
  if (filter.where === undefined) return (message) => matches(message, filter)
  const holds = await conditionOf(filter.where)
  return (message) => matches(message, filter) && holds(message.body, message.contentType)
}
