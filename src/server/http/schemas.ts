/** The schema of an operation, cut into what stands in the path, behind the ? and in the body. */
import {checkCompiler, MESSAGE_FIELDS, schemaOf} from '../input.js'
import type {AnyOperation, InputSchema} from '../operation.js'
import {hasBody} from './body.js'

/** Parameters of a path in braces. */
const PARAMETER = /\{(\w+)\}/g

export const parametersOf = (path: string): string[] => [...path.matchAll(PARAMETER)].map(([, name]) => name as string)

/** As fastify writes them. */
export const fastifyPath = (path: string): string => path.replace(PARAMETER, ':$1')

export interface RouteSchemas {
  params: object
  querystring: object
  body?: object
}

type Properties = Record<string, object>

export function schemasOf(operation: AnyOperation): RouteSchemas {
  const whole = schemaOf(operation)
  const inPath = parametersOf(operation.http.path)
  const rest = Object.keys(whole.properties).filter((name) => !inPath.includes(name))
  const params = part(whole, inPath)
  if (!hasBody(operation)) return {params, querystring: part(whole, rest)}
  const body = part(whole, rest)
  if (operation.takes !== 'message') return {params, querystring: part(whole, []), body}
  // With the content as the body, the fields of the message stand behind the ?.
  const {content, contentBase64, contentType, headers, ...behind} = MESSAGE_FIELDS
  const names = [...Object.keys(behind), ...Object.keys(operation.input.properties)]
  const querystring = part(
    whole,
    names.filter((name) => rest.includes(name)),
  )
  return {params, querystring: {...querystring, required: []}, body}
}

function part({properties, required = []}: InputSchema, names: readonly string[]): object {
  const wanted: Properties = Object.fromEntries(names.map((name) => [name, properties[name] as object]))
  return {
    type: 'object',
    properties: wanted,
    required: required.filter((name) => names.includes(name)),
    additionalProperties: false,
  }
}

/** Compiles the parts for fastify: what comes in an address is text, and taken for what it stands for. */
export function validatorCompiler() {
  const [exact, coercing] = [checkCompiler(), checkCompiler({coerce: true})]
  return ({schema, httpPart}: {schema: object; httpPart?: string}) => {
    const check = (httpPart === 'body' ? exact : coercing)(schema)
    return (value: unknown) => {
      // A body that is content has nothing to check; no body is an empty one.
      if (Buffer.isBuffer(value)) return true
      try {
        check(value ?? {})
        return true
      } catch (error) {
        return {error: error as Error}
      }
    }
  }
}
