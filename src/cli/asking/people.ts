/** Actors, roles, permissions, tokens and conversations to pick, and new ones to name. */
import {counted} from '../../model/counted.js'
import type {Role} from '../../model/role.js'
import {age} from '../output/age.js'
import {forTerminalLine} from '../output/escape.js'
import {type Ask, type Asking, busOf, firstOf, offersIn, picked} from './asking.js'
import {columns} from './fitting.js'
import {choose, line, type Offer} from './inquire.js'
import {named} from './names.js'

/** Messages in which senders are looked for. */
const RECENT = 500

/** Whoever has sent lately, subscribes, or is in a role; any other by name. */
export const askActor: Ask = async (asking) => {
  const bus = busOf(asking)
  const known = new Set([bus.context.actor])
  const recent = await firstOf(bus.log([], {limit: RECENT, reverse: true}), RECENT, (message) => message)
  for (const {sender} of recent) known.add(sender)
  for (const {subscriber} of await bus.subscriptions()) known.add(subscriber)
  for (const {members} of await bus.roles()) for (const member of members) known.add(member)
  const offers = [...known].map((name) => ({value: name, label: name === bus.context.actor ? `${name}  you` : name}))
  return {word: await named(asking, {message: 'Who?', kind: 'actor', offers})}
}

export const askMember: Ask = async (asking) => {
  const role = await busOf(asking).role(asking.args['role'] as string)
  return picked(asking, {
    message: `Who of ${role.name}?`,
    offers: role.members.map((name) => ({value: name, label: name})),
    none: {message: `nobody is in the role "${role.name}"`, hint: `leat role add ${role.name} ACTOR`},
  })
}

const roleLine = ({name, members, description = ''}: Role): string[] => [
  name,
  counted(members.length, 'member'),
  description,
]

export const askRole: Ask = async (asking) => {
  const roles = await busOf(asking).roles()
  return picked(asking, {
    message: 'Which role?',
    offers: offersIn(roles, columns(roles.map(roleLine)), ({name}) => ({value: name})),
    none: {message: 'there are no roles', hint: 'leat role create NAME makes one'},
  })
}

export const askNewRole: Ask = async (asking) => {
  const roles = await busOf(asking).roles()
  const taken = (name: string): boolean => roles.some((role) => role.name === name)
  const word = await named(asking, {message: 'Name of the role?', kind: 'role', taken})
  return {word, flags: await described(asking, ['description', 'What is it for?'])}
}

export const askConversation: Ask = async (asking) => {
  const found = await busOf(asking).conversations()
  const lines = columns(found.map(({name, title = ''}) => [name, title]))
  return picked(asking, {
    message: 'Which conversation?',
    offers: offersIn(found, lines, ({name}) => ({value: name})),
    none: {message: 'there are no conversations', hint: 'leat conversation create NAME makes one'},
  })
}

export const askNewConversation: Ask = async (asking) => {
  const found = await busOf(asking).conversations()
  const taken = (name: string): boolean => found.some((one) => one.name === name)
  const word = await named(asking, {message: 'Name of the conversation?', kind: 'conversation', taken})
  return {word, flags: await described(asking, ['title', 'Title?'], ['description', 'What is it about?'])}
}

/** What flags don't say already. */
async function described(asking: Asking, ...questions: [flag: string, message: string][]): Promise<string[]> {
  const flags: string[] = []
  for (const [flag, message] of questions) {
    if (asking.flags[flag] !== undefined) continue
    const text = await line(asking, {message, empty: 'Enter: nothing'})
    if (text !== '') flags.push(`--${flag}=${text}`)
  }
  return flags
}

const PERMISSIONS: readonly Offer[] = [
  {value: 'submit', label: 'submit            send to it'},
  {value: 'subscribe', label: 'subscribe         read it, subscribe to it'},
  {value: 'manage', label: 'manage            both, and change or delete it'},
]

export const askPermission: Ask = async (asking) => ({
  word: await choose(asking, {message: 'Which permission?', offers: PERMISSIONS}),
})

export const askPermissions: Ask = async (asking) => ({
  word: await choose(asking, {
    message: 'Which permissions?',
    offers: [{value: 'submit,subscribe', label: 'submit,subscribe  send to it and read it'}, ...PERMISSIONS],
  }),
})

export const askToken: Ask = async (asking) => {
  const tokens = await busOf(asking).tokens()
  const {now} = asking
  const lines = columns(
    tokens.map(({id, actor, createdAt, expiresAt}) => [
      id.slice(-8),
      actor,
      `made ${age(createdAt, now)} ago`,
      expiresAt === undefined ? '' : `until ${expiresAt.slice(0, 10)}`,
    ]),
  )
  return picked(asking, {
    message: 'Which token?',
    offers: offersIn(tokens, lines, ({id, actor}) => ({
      value: id,
      short: forTerminalLine(`${id.slice(-8)} of ${actor}`),
    })),
    none: {message: 'there are no tokens', hint: 'leat token create --for NAME makes one'},
  })
}
