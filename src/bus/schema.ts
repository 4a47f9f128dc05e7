/** JSON Schema 2020-12. ajv is loaded only when there is a schema: it would double the time of a plain send. */

import {createContext, Script} from 'node:vm'
import type {ErrorObject, ValidateFunction} from 'ajv'
import {isJsonType, JSON_TYPE} from '../model/content.js'
import {counted} from '../model/counted.js'
import {LeatError, type Violation} from '../model/errors.js'
import {checkJson} from '../model/json.js'

/** What a value violates; empty when it fits. Of a large one the first violation alone. @param size of its JSON text */
export type SchemaCheck = (value: unknown, size: number) => Violation[]

/** Compiles a schema from its source text, each text once. @throws INVALID it is not a valid schema of 2020-12 */
export type Schemas = (source: string) => Promise<SchemaCheck>

/** How many compiled schemas are kept: more than a process meets, few enough to forget about. */
const KEPT = 100

/** Milliseconds that a schema may take to be understood, or to be applied: who writes one must not stop a server. */
const LONGEST = 2000
/** Characters of content for which every check is short, and every violation is told. */
const SMALL = 64 * 1024
/** Keywords that can take long for little content: regular expressions, comparing all with all, going round. */
const SLOW = /"(?:pattern|patternProperties|uniqueItems|\$(?:ref|dynamicRef|recursiveRef))":/

/** Runs something synchronous, and ends it when it takes too long. */
function timeLimit(timeout: number): <Result>(work: () => Result) => Result {
  const script = new Script('work()')
  const context = createContext({work: undefined})
  return (work) => {
    context['work'] = work
    return script.runInContext(context, {timeout})
  }
}

export function schemaCache(): Schemas {
  const compiled = new Map<string, Promise<SchemaCheck>>()
  return (source) => {
    const known = compiled.get(source)
    if (known) return known
    const [oldest] = compiled.keys()
    if (compiled.size >= KEPT && oldest !== undefined) compiled.delete(oldest)
    const check = compile(source)
    compiled.set(source, check)
    return check
  }
}

async function compile(source: string): Promise<SchemaCheck> {
  checkJson(source, 'the schema')
  // By its default: a bundler gives a CommonJS package that is imported on demand no other name.
  const {
    default: {Ajv2020},
  } = await import('ajv/dist/2020.js')
  // By the letter of the specification: unknown keywords and `format` are notes; members are a value's own. Numbers too
  // large for JavaScript (1e400) are numbers all the same.
  const options = {
    ownProperties: true,
    strict: false,
    strictNumbers: false,
    validateFormats: false,
    logger: false,
  } as const
  const limited = timeLimit(LONGEST)
  try {
    const schema = JSON.parse(source)
    if (schema?.$async !== undefined) throw new Error('$async is not part of JSON Schema')
    const fits = limited(() => new Ajv2020({...options, allErrors: false}).compile(schema))
    const isSlow = SLOW.test(JSON.stringify(schema))
    const every = (): ValidateFunction => new Ajv2020({...options, allErrors: true}).compile(schema)
    let violated: ValidateFunction | undefined
    const violations = (value: unknown, size: number): Violation[] => {
      if (fits(value)) return []
      // All that is wrong with what is large may be more than memory holds.
      if (size > SMALL) return (fits.errors ?? []).map(violationOf)
      violated ??= every()
      violated(value)
      return (violated.errors ?? []).map(violationOf)
    }
    return (value, size) => (isSlow || size > SMALL ? limited(() => violations(value, size)) : violations(value, size))
  } catch (cause) {
    throw new LeatError('INVALID', `the schema is not a valid JSON Schema (2020-12): ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** What ajv found, in leat's words. */
export const violationOf = ({instancePath, message = 'does not fit', params}: ErrorObject): Violation => ({
  pointer: instancePath,
  message: `${message}${detail(params)}`,
})

/** What ajv's sentence leaves out: which property it is, which values there are. */
function detail(params: Record<string, unknown>): string {
  const shown =
    params['additionalProperty'] ?? params['unevaluatedProperty'] ?? params['allowedValues'] ?? params['allowedValue']
  return shown === undefined ? '' : `: ${JSON.stringify(shown)}`
}

/** What a body violates of the schema of a channel. */
export async function violationsOf(
  schemas: Schemas,
  schema: string,
  {body, contentType}: {body: string | Uint8Array; contentType: string},
): Promise<Violation[]> {
  if (!isJsonType(contentType) || typeof body !== 'string')
    return [{pointer: '', message: `must be ${JSON_TYPE}, not ${contentType}`}]
  const check = await schemas(schema)
  try {
    return check(JSON.parse(body), body.length)
  } catch (cause) {
    // A schema that refers to itself without getting anywhere ends in a full stack.
    throw new LeatError('INVALID', `the schema can't be applied: ${(cause as Error).message}`, {cause})
  }
}

/** @throws SCHEMA with every violation of every channel's schema */
export async function checkSchemas(
  schemas: Schemas,
  targets: readonly {name: string; schema?: string}[],
  content: {body: string | Uint8Array; contentType: string},
): Promise<void> {
  const violations: Violation[] = []
  const names: string[] = []
  for (const {name, schema} of targets) {
    if (schema === undefined) continue
    const found = await violationsOf(schemas, schema, content)
    if (found.length > 0) names.push(name)
    violations.push(...found)
  }
  if (names.length === 0) return
  const count = counted(violations.length, 'violation')
  throw new LeatError('SCHEMA', `the content does not fit the schema of ${names.join(', ')}: ${count}`, {
    hint: `leat channel show ${names[0]}`,
    violations,
  })
}
