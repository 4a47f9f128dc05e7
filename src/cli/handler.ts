/** Runs a command for a message: the body on its stdin, the rest in its environment, nothing of it in a command string. */
import {spawn} from 'node:child_process'
import {constants} from 'node:os'
import {resolve} from 'node:path'
import {bodySize} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import {placeName} from '../model/reference.js'
import type {Environment} from './environment.js'

const LONGEST_CONTENT_VARIABLE = 64 * 1024

/** `LEAT_MSG_*` of a message. Fields that it doesn't have are not set; content only as text, and only up to 64 KiB. */
export function messageVariables(message: Message): Record<string, string> {
  const variables: Record<string, string | undefined> = {
    ID: message.id,
    REF: placeName(message),
    CHANNEL: message.channel,
    SEQ: String(message.seq),
    SENDER: message.sender,
    TYPE: message.type,
    TIME: message.time,
    THREAD: message.thread,
    CONTENT_TYPE: message.contentType,
    REPLY_TO: message.replyTo,
    CORRELATION_ID: message.correlationId,
    REPLY_CHANNEL: message.replyChannel,
    CONVERSATION: message.conversation,
    RECIPIENT: message.recipient,
    HEADERS: headersVariable(message),
    CONTENT: fitsVariable(message) ? (message.body as string) : undefined,
  }
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[`LEAT_MSG_${name}`, value]])),
  )
}

// Linux takes no variable of more than 128 KiB; headers grow where JSON escapes them.
const LONGEST_HEADERS_VARIABLE = 96 * 1024

function headersVariable({headers = {}}: Message): string | undefined {
  const json = JSON.stringify(headers)
  return Buffer.byteLength(json) <= LONGEST_HEADERS_VARIABLE ? json : undefined
}

const fitsVariable = ({body}: Message): boolean =>
  typeof body === 'string' && bodySize(body) <= LONGEST_CONTENT_VARIABLE

export interface HandlerResult {
  /** Exit code, 128 + N when a signal ended it. */
  code: number
  signal?: NodeJS.Signals
}

/** What a command meets besides its message. */
export interface Surroundings {
  env: Environment
  /** The store in force, undefined for the default one; with the actor, so that a nested `leat reply "$LEAT_MSG_REF"` works. */
  store: string | undefined
  actor: string
  /** Ends the command by SIGTERM. */
  signal?: AbortSignal
}

/**
 * Runs one command to its end, stdout and stderr passed through. Never has leat's own stdin.
 * @throws USAGE no such command
 */
export function runHandler(command: readonly string[], message: Message, around: Surroundings): Promise<HandlerResult> {
  const [program = '', ...args] = command
  return new Promise((done, reject) => {
    const child = spawn(program, args, {env: environmentFor(message, around), stdio: ['pipe', 'inherit', 'inherit']})
    const stop = (): void => void child.kill()
    around.signal?.addEventListener('abort', stop, {once: true})
    child.once('error', (cause: NodeJS.ErrnoException) => {
      around.signal?.removeEventListener('abort', stop)
      reject(new LeatError('USAGE', `can't run ${JSON.stringify(program)}: ${whyNot(cause)}`, {cause}))
    })
    child.once('close', (code, signal) => {
      around.signal?.removeEventListener('abort', stop)
      done(signal ? {code: 128 + constants.signals[signal], signal} : {code: code ?? 1})
    })
    // A command that doesn't read its stdin closes it early: its own business.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error)
    })
    child.stdin.end(message.body)
  })
}

const whyNot = ({code, message}: NodeJS.ErrnoException): string =>
  code === 'ENOENT' ? 'no such command' : code === 'EACCES' ? 'not an executable file' : message

/** The environment of a command. Variables of an outer message must not shine through. */
function environmentFor(message: Message, {env, store, actor}: Surroundings): Record<string, string | undefined> {
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith('LEAT_MSG_'))
  return {
    ...Object.fromEntries(inherited),
    LEAT_STORE: store && fromAnywhere(store),
    LEAT_AS: actor,
    ...messageVariables(message),
  }
}

/** A command may go to another folder: a relative path would mean another store there. */
const fromAnywhere = (store: string): string => (/^[a-z][a-z\d+.-]+:/i.test(store) ? store : resolve(store))
