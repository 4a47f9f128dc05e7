/** What a command that leat runs for a message finds in its environment. Nothing of a message enters a command string. */
import {resolve} from 'node:path'
import {bodySize} from '../../model/content.js'
import {type Environment, withoutSecrets} from '../../model/environment.js'
import type {Message} from '../../model/message.js'
import {placeName} from '../../model/reference.js'

const LONGEST_CONTENT_VARIABLE = 64 * 1024

/** `LEAT_MSG_*` of a message. Fields that it doesn't have are not set; content only as text, and only up to 64 KiB. */
function messageVariables(message: Message): Record<string, string> {
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

export interface CommandSetting {
  env: Environment
  /** The store in force, undefined for the default one; with the actor, so that a nested `leat reply "$LEAT_MSG_REF"` works. */
  store: string | undefined
  actor: string
}

/**
 * The environment of a command. Variables of an outer message or claim must not shine through, and secrets stay with leat.
 * @param more variables beside those of the message
 */
export function environmentFor(
  message: Message,
  {env, store, actor}: CommandSetting,
  more: Readonly<Record<string, string>> = {},
): Record<string, string | undefined> {
  const inherited = Object.entries(withoutSecrets(env)).filter(([name]) => !ofAnotherMessage(name))
  return {
    ...Object.fromEntries(inherited),
    LEAT_STORE: store && fromAnywhere(store),
    LEAT_AS: actor,
    ...messageVariables(message),
    ...more,
  }
}

const ofAnotherMessage = (name: string): boolean =>
  name.startsWith('LEAT_MSG_') || ['LEAT_CLAIM', 'LEAT_DELIVERY_ID'].includes(name)

/** A command may go to another folder: a relative path would mean another store there. */
const fromAnywhere = (store: string): string => (/^[a-z][a-z\d+.-]+:/i.test(store) ? store : resolve(store))
