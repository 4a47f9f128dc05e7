/** The document says of every operation what really checks it. */
import {Ajv2020} from 'ajv/dist/2020.js'
import {expect, test} from 'vitest'
import {schemaOf} from '../../src/server/input.js'
import {OPERATIONS} from '../../src/server/operations.js'
import {house} from './house.js'

test('OpenAPI 3.1, every operation once, with the schemas that check', async () => {
  const {call} = await house()
  const {status, json: document} = await call('GET', '/openapi.json')
  expect(status).toBe(200)
  expect(document.openapi).toBe('3.1.0')
  expect(document.info).toMatchObject({title: 'leat', version: '0.0.0-test'})
  const ajv = new Ajv2020({strict: false})
  const ids: string[] = []
  for (const [path, methods] of Object.entries<Record<string, Any>>(document.paths))
    for (const [method, operation] of Object.entries(methods)) {
      ids.push(operation.operationId)
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const parameters: Any[] = operation.parameters ?? []
      expect([method, path, parameters.filter((one) => one.in === 'path').map(({name}) => name)]).toEqual([
        method,
        path,
        inPath,
      ])
      for (const {schema} of parameters) ajv.compile(schema)
      if (operation.requestBody) ajv.compile(operation.requestBody.content['application/json'].schema)
      expect(operation.summary).toMatch(/\.$/)
    }
  const more = ['health', 'ticket.create', 'channel.stream', 'stream', 'subscription.stream']
  expect(ids.sort()).toEqual([...OPERATIONS.map(({name}) => name), ...more].sort())
})

test('a body in the document is the schema in use', async () => {
  const {call} = await house()
  const {paths} = (await call('GET', '/openapi.json')).json
  for (const operation of OPERATIONS) {
    const {method, path} = operation.http
    const described = paths[`/v1${path}`][method.toLowerCase()]
    const {properties, required = []} = schemaOf(operation)
    const body = described.requestBody?.content['application/json'].schema
    const named = new Set([
      ...(described.parameters ?? []).map(({name}: {name: string}) => name),
      ...Object.keys(body?.properties ?? {}),
    ])
    expect([operation.name, [...named].sort()]).toEqual([operation.name, Object.keys(properties).sort()])
    for (const [name, schema] of Object.entries(body?.properties ?? {})) expect(schema).toEqual(properties[name])
    if (body) expect(body.additionalProperties).toBe(false)
    const needed = new Set([
      ...(described.parameters ?? []).filter((one: Any) => one.required).map((one: Any) => one.name),
      ...(body?.required ?? []),
    ])
    expect([operation.name, [...needed].sort()]).toEqual([operation.name, [...required].sort()])
  }
})

test('names and paths are the doors’ own: no two operations share one', () => {
  expect(new Set(OPERATIONS.map(({name}) => name)).size).toBe(OPERATIONS.length)
  expect(new Set(OPERATIONS.map(({http}) => `${http.method} ${http.path}`)).size).toBe(OPERATIONS.length)
  for (const {name} of OPERATIONS) expect(name).toMatch(/^[a-z]+(\.[a-z]+)?$/)
})

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
type Any = any
