/** Whatever goes wrong leaves in one shape: `{"error":{"code","message","hint"}}` with its status. */
import {STATUS_CODES} from 'node:http'
import type {Socket} from 'node:net'
import type {FastifyInstance, FastifyReply} from 'fastify'
import {LeatError} from '../../model/errors.js'
import type {ServerContext} from '../context.js'
import {type Problem, problemOf, problemText, wrongMethod} from '../status.js'
import {parametersOf} from './schemas.js'

/** On every answer: it is for this client, now, and is what it says that it is. */
export const ALWAYS = {'cache-control': 'no-store', 'x-content-type-options': 'nosniff'} as const

export const sendProblem = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .headers({...ALWAYS, ...problem.headers})
    .type('application/json; charset=utf-8')
    .send(`${problemText(problem)}\n`)

export function tellProblems(app: FastifyInstance, {onBug, runner}: ServerContext, prefix: string): void {
  app.setErrorHandler((error, _request, reply) => {
    const problem = problemOf(error)
    if (problem.bug !== undefined) onBug(problem.bug)
    return sendProblem(reply, problem)
  })
  const known = runner.operations.map(({http: {method, path}}) => ({method, pattern: patternOf(prefix + path)}))
  app.setNotFoundHandler(({method, url}, reply) => {
    const path = url.split('?', 1)[0] as string
    const allowed = known.filter(({pattern}) => pattern.test(path)).map((route) => route.method)
    if (allowed.length > 0) return sendProblem(reply, wrongMethod(method, path, allowed))
    const hint = 'GET /openapi.json names every address'
    return sendProblem(reply, problemOf(new LeatError('NOT_FOUND', `there is no ${JSON.stringify(path)} here`, {hint})))
  })
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${parametersOf(path).reduce((pattern, name) => pattern.replace(`{${name}}`, '[^/]+'), path)}$`)

/** What isn't even a request is answered on the bare connection, which ends with it. */
export function refuseConnection(
  socket: Socket,
  {status, error, headers = {}}: Pick<Problem, 'status' | 'error'> & Partial<Problem>,
): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = `${JSON.stringify(error)}\n`
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

/** @param error what Node's parser threw */
export function refuseMalformed(error: {code?: string}, socket: Socket): void {
  if (error.code === 'ECONNRESET') socket.destroy()
  else refuseConnection(socket, malformed(error.code))
}

function malformed(code: string | undefined): Pick<Problem, 'status' | 'error'> {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {status: 408, error: new LeatError('TIMEOUT', 'the request took too long to come')}
    case 'HPE_HEADER_OVERFLOW':
      return {status: 431, error: new LeatError('TOO_LARGE', 'the head of the request is too large')}
    default:
      return {status: 400, error: new LeatError('INVALID', 'this is not an HTTP request')}
  }
}
