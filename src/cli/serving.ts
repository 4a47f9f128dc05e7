/** What `leat serve` puts together: the server, the transports, and the deliverer between them. */
import {closeSync, fstatSync, writeSync} from 'node:fs'
import {Flags, type Interfaces} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import type {Surroundings} from '../bus/command/run.js'
import {aborted} from '../bus/deadline.js'
import {authenticate} from '../bus/tokens.js'
import {isPassing, LeatError} from '../model/errors.js'
import type {RequestEntry, Serving} from '../server/serve.js'
import type {ServingHub, Transports} from '../transport/open.js'
import {reportError} from './errors.js'
import {list} from './flags.js'
import {oneLine} from './output/escape.js'
import type {Output} from './output/output.js'
import {Telling} from './output/telling.js'

const DEFAULT_PORT = 7428

/** A whole number in some bounds. */
const numberFrom = (least: number, most: number, what: string) =>
  Flags.custom<number>({
    parse: async (text) => {
      if (/^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
      throw new LeatError('INVALID', `${JSON.stringify(text)} is not ${what} from ${least} to ${most}`)
    },
  })

export const serveFlags = {
  host: Flags.string({description: 'Address to listen on.', default: '127.0.0.1', helpValue: 'ADDRESS'}),
  port: numberFrom(
    0,
    65_535,
    'a port',
  )({description: `Port to listen on (default ${DEFAULT_PORT}); 0: any that is free.`, helpValue: 'N'}),
  socket: Flags.string({
    description: 'Listen on a Unix socket too, for this user alone; who comes there needs no token.',
    helpValue: 'PATH',
  }),
  auth: Flags.boolean({
    description: 'Ask for a token. --no-auth, on a loopback address alone: everybody is the actor of --as.',
    default: true,
    allowNo: true,
  }),
  'allow-host': list('Another name under which the server may be spoken to (repeatable).', {helpValue: 'HOST'}),
  'allow-origin': list('A web page of this origin may use the server (repeatable).', {
    helpValue: 'SCHEME://HOST:PORT',
  }),
  deliver: Flags.boolean({
    description: 'Push messages to subscribers from here. --no-deliver: leave that to leat deliver.',
    default: true,
    allowNo: true,
  }),
  'ready-fd': numberFrom(
    3,
    65_535,
    'a file descriptor',
  )({description: 'Write the ready line to this file descriptor, not to stdout, and close it.', helpValue: 'N'}),
  log: Flags.boolean({description: 'Tell of each request on stderr.'}),
}

export interface ServeFlags {
  host: string
  port?: number
  socket?: string
  auth: boolean
  'allow-host'?: string[]
  'allow-origin'?: string[]
  deliver: boolean
  'ready-fd'?: number
  log: boolean
}

/** Where the server runs. */
export interface ServePlace {
  bus: Bus
  out: Output
  around: Surroundings
  config: Interfaces.Config
  /** The server is to come to an end. */
  interrupted: AbortSignal
}

/** Serves until the signal. @throws USAGE, CONFLICT, FORBIDDEN, STORAGE it can't; what ends the deliverer */
export async function serveUntil(flags: ServeFlags, place: ServePlace): Promise<void> {
  const {bus, out, interrupted} = place
  if (flags['ready-fd'] !== undefined) checkOpen(flags['ready-fd'])
  const telling = new Telling(out)
  const hub = flags.deliver ? (await import('../transport/open.js')).createHub() : undefined
  const serving = await openServer(flags, place, telling, hub)
  const stop = new AbortController()
  const delivery = hub ? deliverFrom(place, telling, hub, stop.signal) : untilReplaced(bus, stop.signal)
  const {keepIndexed} = await import('../bus/keep-indexed.js')
  void keepIndexed(bus.context.store, {begin: true, every: 1_000, signal: stop.signal})
  // It is awaited below, whatever comes before.
  delivery.catch(() => {})
  try {
    await warn(flags, bus, telling)
    announce(flags, out, telling, serving)
    await Promise.race([aborted(interrupted), delivery])
  } finally {
    stop.abort()
    await serving.close()
    await delivery
    await telling.errors.drain()
  }
}

async function openServer(
  flags: ServeFlags,
  {bus, out, config}: ServePlace,
  telling: Telling,
  hub: ServingHub | undefined,
): Promise<Serving> {
  const {serve, isLoopback} = await import('../server/serve.js')
  const {store, clock, ids, actor} = bus.context
  if (!flags.auth && !isLoopback(flags.host))
    throw new LeatError('USAGE', `--no-auth on ${JSON.stringify(flags.host)} would let everybody in`, {
      hint: '--host 127.0.0.1, or tokens: leat token create',
    })
  return serve({
    store,
    clock,
    ids,
    http: {host: flags.host, port: flags.port ?? DEFAULT_PORT},
    admission: flags.auth ? {authenticate: (secret) => authenticate({store, clock}, secret)} : {everybody: actor},
    allowHosts: flags['allow-host'],
    allowOrigins: flags['allow-origin'],
    hub,
    ...(flags.socket !== undefined && {socket: {path: flags.socket, actor}}),
    version: config.version,
    ...(flags.log && {onRequest: (entry) => void telling.errors.write(`${logLine(clock(), entry)}\n`)}),
    onBug: (error) => void reportError(error, {json: out.json}),
  })
}

/** Until the signal. @throws CONFLICT, STORAGE the store was restored or replaced: a server of what was there before helps nobody */
async function untilReplaced({context: {store}}: Bus, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await store.changed({}, signal)
    try {
      await store.grants.administered()
    } catch (error) {
      if (!isPassing(error) && !(error instanceof LeatError && error.code === 'BUSY')) throw error
    }
  }
}

/** Pushes what is to be pushed, until the signal. */
async function deliverFrom(
  {bus, around, config}: ServePlace,
  telling: Telling,
  hub: ServingHub,
  signal: AbortSignal,
): Promise<void> {
  const {transportsFor} = await import('./transports.js')
  const note = (text: string): void => telling.note(text)
  const foundation = bus.context
  const transports: Transports = await transportsFor({config, around, foundation, errors: telling.errors, hub, note})
  try {
    const onWaiting = ({message}: LeatError): void => note(`${message}; going on when there is room`)
    await bus.deliver({transports, signal, onWaiting})
  } finally {
    await transports.close()
  }
}

async function warn({host, auth}: ServeFlags, {context: {store}}: Bus, telling: Telling): Promise<void> {
  const {isLoopback} = await import('../server/serve.js')
  if (!isLoopback(host)) telling.note(`what goes over ${host} is not encrypted: tokens and messages can be read there`)
  if (auth && (await store.tokens.list({})).length === 0)
    telling.note('nobody has a token yet: leat token create --for ACTOR')
}

/** Says where it listens: to a person, or in one line that a script waits for. */
function announce(flags: ServeFlags, out: Output, telling: Telling, {http, socket}: Serving): void {
  const where = socket === undefined ? http : `${http} ${socket}`
  const line = `${out.json ? JSON.stringify({ready: true, http, socket}) : `ready ${where}`}\n`
  const fd = flags['ready-fd']
  if (fd !== undefined) {
    writeSync(fd, line)
    closeSync(fd)
  } else if (out.terminal && !out.json) {
    telling.note(`listening on ${socket === undefined ? http : `${http} and ${socket}`}; end with Ctrl-C`)
  } else {
    out.write(line)
    out.flush()
  }
}

/** @throws USAGE */
function checkOpen(fd: number): void {
  try {
    fstatSync(fd)
  } catch (cause) {
    throw new LeatError('USAGE', `--ready-fd ${fd} is not an open file descriptor`, {cause})
  }
}

const logLine = (now: number, {client, actor = '-', method, path, status, ms}: RequestEntry): string =>
  oneLine([new Date(now).toISOString(), client, actor, method, path, status, `${ms}ms`].join(' '))
