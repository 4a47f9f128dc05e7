/** What comes in a request's body: JSON is kept as text, so that no digit of a message changes; all else is bytes. */
import type {FastifyInstance, FastifyRequest} from 'fastify'
import {bodyOfBytes} from '../../model/content.js'
import {draftOf, type Fields} from '../../model/draft-json.js'
import {LeatError} from '../../model/errors.js'
import type {AnyOperation} from '../operation.js'
import {type Checked, inputFields, ownFields, splitInput} from '../run.js'

/** A JSON body: its text and its value. */
interface JsonBody {
  text: string
  fields: Fields
}

const BODY = 'jsonBody'

/** What HTML forms and `curl -d` say when nobody says what it is. */
const FORM = /^application\/x-www-form-urlencoded\b/i

export function parseBodies(app: FastifyInstance): void {
  app.decorateRequest(BODY, null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', {parseAs: 'buffer'}, async (request: FastifyRequest, bytes: Buffer) => {
    if (bytes.byteLength === 0) return undefined
    const text = bodyOfBytes(bytes)
    if (typeof text !== 'string') throw new LeatError('INVALID', 'the body is not UTF-8 text')
    const fields = inputFields(text, 'the body')
    request.setDecorator<JsonBody>(BODY, {text, fields})
    return fields
  })
  app.addContentTypeParser('*', {parseAs: 'buffer'}, async (_request: FastifyRequest, bytes: Buffer) => bytes)
}

/** Whether the body is something else than JSON: the content of a message. */
export function isRaw({body, headers}: FastifyRequest): boolean {
  if (!Buffer.isBuffer(body)) return false
  if (FORM.test(headers['content-type'] ?? ''))
    throw new LeatError('INVALID', 'the body says that it is a form', {
      hint: 'say what it is: Content-Type: application/json, or text/plain',
    })
  return true
}

/**
 * The input of an operation: parameters of the path, with the fields of the JSON body or the query. For a message whose
 * body is its content the fields stand in the query.
 * @throws INVALID
 */
export function inputOf(operation: AnyOperation, request: FastifyRequest): Checked {
  const params = request.params as Fields
  const query = request.query as Fields
  if (!hasBody(operation)) return {input: {...query, ...params}}
  if (operation.takes === 'message' && isRaw(request)) return rawMessage(operation, request)
  const [stray] = Object.keys(query)
  if (stray !== undefined)
    throw new LeatError('INVALID', `the field ${JSON.stringify(stray)} belongs into the body, not behind the ?`)
  const {text, fields} = request.getDecorator<JsonBody | null>(BODY) ?? {text: '{}', fields: {}}
  const {input, draft} = splitInput(operation, fields, text)
  return {input: {...input, ...params}, ...(draft && {draft})}
}

export const hasBody = ({http: {method}}: AnyOperation): boolean => method !== 'GET' && method !== 'DELETE'

function rawMessage(operation: AnyOperation, request: FastifyRequest): Checked {
  const query = request.query as Fields
  const draft = {
    ...draftOf('{}', {...query, content: ''}),
    body: bodyOfBytes(request.body as Buffer),
    contentType: request.headers['content-type'],
  }
  return {input: {...ownFields(operation, query), ...(request.params as Fields)}, draft}
}
