/** A server on a real store and a real port, and a client. Both are gone after the test. */
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {v7} from 'uuid'
import {onTestFinished} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {LeatError} from '../../src/model/errors.js'
import {type ServeOptions, type Serving, serve} from '../../src/server/serve.js'
import {openStore} from '../../src/store/open.js'
import type {Store} from '../../src/store/store.js'

export interface House extends Serving {
  folder: string
  store: Store
  /** Moves time for the server; it starts at the real one. */
  clock: {ahead: number}
  /** The bus beside the doors. */
  as(actor: string): Bus
  /** A request as the actor of a token: `alice`, `bob`, … Every name but `nobody` and those in `revoked` has one. */
  call: Call
  revoked: Set<string>
  /** What nobody foresaw. */
  bugs: unknown[]
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>

export interface CallOptions {
  /** Default alice. `null`: without a token. */
  as?: string | null
  /** Sent as JSON; a string as it is. */
  json?: unknown
  body?: string | Uint8Array
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  json: any
}

export type HouseOptions = Omit<Partial<ServeOptions>, 'socket'> & {
  /** Opens a Unix socket where it belongs; alice acts there. */
  socket?: boolean
  /** Begins with a copy of this store, a file that nobody has open. */
  copyOf?: string
}

/** The token of an actor. */
export const tokenOf = (actor: string): string => `token-of-${actor}`

export async function house({socket, copyOf, ...options}: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-server-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const clock = {ahead: 0}
  const now = (): number => Date.now() + clock.ahead
  const file = join(folder, 'bus.db')
  if (copyOf !== undefined) copyFileSync(copyOf, file)
  const store = await openStore(file, {clock: now, ids: v7, create: copyOf === undefined})
  const revoked = new Set<string>()
  const bugs: unknown[] = []
  const serving = await serve({
    store,
    clock: now,
    ids: v7,
    http: {host: '127.0.0.1', port: 0},
    version: '0.0.0-test',
    admission: {
      authenticate: async (secret) => {
        const actor = /^token-of-(\w+)$/.exec(secret)?.[1]
        if (actor !== undefined && actor !== 'nobody' && !revoked.has(actor)) return {actor}
        throw new LeatError('UNAUTHENTICATED', 'this token is none, or is over')
      },
    },
    onBug: (bug) => bugs.push(bug),
    ...(socket && {socket: {path: join(folder, 'leat.sock'), actor: 'alice'}}),
    ...options,
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= serving.close())
  onTestFinished(async () => {
    await close()
    await store.close()
  })
  return {
    http: serving.http,
    socket: serving.socket,
    folder,
    store,
    clock,
    revoked,
    bugs,
    close,
    as: (actor) => createBus({store, actor, clock: now, ids: v7}),
    call: (method, path, call = {}) => request(serving.http, method, path, call),
  }
}

async function request(
  url: string,
  method: string,
  path: string,
  {as = 'alice', json, body, headers = {}}: CallOptions,
): Promise<Answer> {
  const given = json === undefined ? body : typeof json === 'string' ? json : JSON.stringify(json)
  const answer = await fetch(url + path, {
    method,
    body: given as string,
    headers: {
      ...(as !== null && {authorization: `Bearer ${tokenOf(as)}`}),
      ...(json !== undefined && {'content-type': 'application/json'}),
      ...headers,
    },
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    get json() {
      return JSON.parse(text)
    },
  }
}
