/** Asks for what is missing on a command line, and gives the words that could have been typed. */
import type {Asks, Missing} from '../asks.js'
import {quotedWord} from '../words.js'
import type {Answer, Ask, Asking} from './asking.js'
import {askChannel, askChannels, askNewChannel, askNewName, askSubscribed} from './channels.js'
import {askContext, askKey, askNewContext, askPlugin, askValue} from './configured.js'
import {choose, line} from './inquire.js'
import {askClaim, askDeadLetter, askDelivery, askMessage, askPosition, askScheduled} from './messages.js'
import {
  askActor,
  askConversation,
  askMember,
  askNewConversation,
  askNewRole,
  askPermission,
  askPermissions,
  askRole,
  askToken,
} from './people.js'

const askOption: Ask = async (asking, {name, description = name, options = []}) => ({
  word: await choose(asking, {
    message: description.replace(/\.$/, '?'),
    offers: options.map((value) => ({value, label: value})),
  }),
})

const askText: Ask = async (asking, {name, description = name}) => ({
  word: await line(asking, {message: description.replace(/\.$/, '?'), check: refusedAsFlag}),
})

const refusedAsFlag = (text: string): string | undefined => (text.startsWith('-') ? 'that is a flag' : undefined)

const ASK: Readonly<Record<Asks, Ask>> = {
  channel: askChannel,
  channels: askChannels,
  subscribed: askSubscribed,
  'new channel': askNewChannel,
  'new name': askNewName,
  message: askMessage,
  position: askPosition,
  claim: askClaim,
  'dead letter': askDeadLetter,
  delivery: askDelivery,
  scheduled: askScheduled,
  conversation: askConversation,
  'new conversation': askNewConversation,
  actor: askActor,
  member: askMember,
  permission: askPermission,
  permissions: askPermissions,
  role: askRole,
  'new role': askNewRole,
  token: askToken,
  'plug-in': askPlugin,
  key: askKey,
  value: askValue,
  context: askContext,
  'new context': askNewContext,
  option: askOption,
  text: askText,
}

/** @returns words to stand behind those that were typed @throws Cancelled; NOT_FOUND there is nothing to pick */
export async function fill(missing: readonly Missing[], asking: Asking): Promise<string[]> {
  const words: string[] = []
  let known = asking
  for (const one of missing) {
    const {word, flags = []}: Answer = await ASK[one.asks](known, one)
    words.push(...(one.arg ? [word] : [`--${one.name}=${word}`]), ...flags)
    known = {...known, [one.arg ? 'args' : 'flags']: {...(one.arg ? known.args : known.flags), [one.name]: word}}
  }
  return words
}

/** The command line as it could have been typed. */
export const typedLine = (id: string, words: readonly string[]): string =>
  ['leat', ...id.split(':'), ...words.map(typedWord)].join(' ')

/** The name of a flag stays outside of quotes. */
const typedWord = (word: string): string => {
  const [, flag = '', text = word] = /^(--[\w-]+=)(.*)$/s.exec(word) ?? []
  return flag + quotedWord(text)
}
