/** The OpenAPI document: made of the same schemas that check. */
import swagger from '@fastify/swagger'
import type {FastifyInstance} from 'fastify'

/** @param version of leat */
export async function describe(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'leat',
        version,
        description:
          'A message bus. Every address but /health wants a token: Authorization: Bearer TOKEN. JSON content of messages keeps every digit, key order and duplicate keys.',
        license: {name: 'MIT', identifier: 'MIT'},
      },
      components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}},
      security: [{token: []}],
    },
  })
}

const ERROR = {
  type: 'object',
  description: 'What went wrong.',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: {type: 'string', description: 'One of a closed set: NOT_FOUND, FORBIDDEN, …'},
        message: {type: 'string'},
        hint: {type: 'string'},
        violations: {
          type: 'array',
          items: {type: 'object', properties: {pointer: {type: 'string'}, message: {type: 'string'}}},
        },
      },
      required: ['code', 'message'],
    },
  },
  required: ['error'],
} as const

/** The answers of a route, success and failure. Shapes are described in docs/json.md. */
export const ANSWERS = (status: number): Record<string, object> => ({
  [status]: {type: 'object', description: 'Done.', additionalProperties: true},
  default: ERROR,
})
