/** JSON Schema 2020-12. ajv is loaded only when there is a schema: it would double the time of a plain send. */
import type {ErrorObject} from 'ajv'
import {isJsonType, JSON_TYPE} from '../model/content.js'
import {LeatError, type Violation} from '../model/errors.js'
import {checkJson} from '../model/json.js'

/** What a value violates; empty when it fits. */
export type SchemaCheck = (value: unknown) => Violation[]

/** Compiles a schema from its source text, each text once. @throws INVALID it is not a valid schema of 2020-12 */
export type Schemas = (source: string) => Promise<SchemaCheck>

/** How many compiled schemas are kept: more than a process meets, few enough to forget about. */
const KEPT = 100

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
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strict: false,
    strictNumbers: false,
    validateFormats: false,
    logger: false,
  })
  try {
    const schema = JSON.parse(source)
    if (schema?.$async !== undefined) throw new Error('$async is not part of JSON Schema')
    const validate = ajv.compile(schema)
    return (value) => (validate(value) ? [] : (validate.errors ?? []).map(violationOf))
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
    return check(JSON.parse(body))
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
  const count = violations.length === 1 ? '1 violation' : `${violations.length} violations`
  throw new LeatError('SCHEMA', `the content does not fit the schema of ${names.join(', ')}: ${count}`, {
    hint: `leat channel show ${names[0]}`,
    violations,
  })
}
