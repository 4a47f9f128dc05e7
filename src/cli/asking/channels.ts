/** Channels to pick, new ones to name. */

import type {ChannelSummary} from '../../model/channel.js'
import {LeatError} from '../../model/errors.js'
import {isName, suggestName} from '../../model/names.js'
import {parseDuration} from '../../model/time.js'
import {age} from '../output/age.js'
import {type Answer, type Ask, type Asking, busOf, offersIn, picked} from './asking.js'
import {columns} from './fitting.js'
import {line, type Offer, pick, yesOrNo} from './inquire.js'
import {named} from './names.js'

const NEW = '\0new'

const NO_CHANNELS = {message: 'there are no channels', hint: 'leat channel create NAME makes one'}

/** With titles and what is unread, those with something unread first. */
async function channelOffers(asking: Asking, names?: ReadonlySet<string>): Promise<Offer[]> {
  const all = await busOf(asking).channels({sort: 'last', reader: asking.env['LEAT_READER'] || undefined})
  const found = all.filter(({name}) => !names || names.has(name))
  const sorted = [...found.filter(({unread}) => unread > 0), ...found.filter(({unread}) => unread === 0)]
  const lines = columns(sorted.map((channel) => cellsOf(channel, asking.now)))
  return offersIn(sorted, lines, ({name}) => ({value: name}))
}

const cellsOf = ({name, title, state, unread, last}: ChannelSummary, now: number): string[] => [
  name,
  unread > 0 ? `${unread} unread` : state === 'open' ? '' : state,
  last ? age(last.time, now) : '',
  title ?? '',
]

/** A channel that is there; for a command that makes what is missing, a new one too. */
export const askChannel: Ask = async (asking) => {
  const offers = await channelOffers(asking)
  if (!asking.creates) return picked(asking, {message: 'Which channel?', offers, none: NO_CHANNELS})
  const taken = (name: string): boolean => offers.some(({value}) => value === name)
  const typed = (text: string): Offer => {
    const name = isName(text) ? text : suggestName(text)
    return name === undefined || taken(name)
      ? {value: NEW, label: 'new channel…', short: 'a new channel'}
      : {value: `${NEW}${name}`, label: `new channel ${name}`, short: name}
  }
  const answer = await pick(asking, {message: 'Which channel?', offers, typed})
  if (!answer.startsWith(NEW)) return {word: answer}
  const name = answer.slice(NEW.length) || (await named(asking, {message: 'Its name?', kind: 'channel', taken}))
  return {word: name, flags: ['--create']}
}

export const askChannels: Ask = async (asking) => {
  const offers = await channelOffers(asking)
  const all = {value: '*', label: 'all channels', short: 'all'}
  return {
    word: await pick(asking, {
      message: 'Which channel?',
      offers: offers.length > 1 ? [...offers, all] : offers.length === 0 ? [all] : offers,
    }),
  }
}

/** A channel to which somebody subscribes: the one whom `--subscriber` names, else the actor. */
export const askSubscribed: Ask = async (asking) => {
  const bus = busOf(asking)
  const subscriber = (asking.flags['subscriber'] as string | undefined) ?? bus.context.actor
  const subscribed = new Set((await bus.subscriptions({subscriber})).map(({channel}) => channel))
  return picked(asking, {
    message: 'Which channel?',
    offers: await channelOffers(asking, subscribed),
    none: {message: `${subscriber} is not subscribed to anything`, hint: 'leat subscribe CHANNEL'},
  })
}

/** A short form: a name, and what people want to say about a channel. What flags say is not asked. */
export const askNewChannel: Ask = async (asking) => {
  const all = asking.bus ? await asking.bus.channels({all: true}) : []
  const taken = (name: string): boolean => all.some((channel) => channel.name === name)
  const word = await named(asking, {message: 'Name of the channel?', kind: 'channel', taken})
  return {word, flags: await settings(asking)}
}

async function settings(asking: Asking): Promise<string[]> {
  const given = (flag: string): boolean => asking.flags[flag] !== undefined
  const flags: string[] = []
  const ask = async (flag: string, message: string, empty: string, check?: (text: string) => string | undefined) => {
    if (given(flag)) return ''
    const text = await line(asking, {message, empty, check})
    if (text !== '') flags.push(`--${flag}=${text}`)
    return text
  }
  await ask('title', 'Title?', 'Enter: none')
  await ask('description', 'What is it for?', 'Enter: nothing to say')
  await ask('max-age', 'How long are messages kept, like 30d?', 'Enter: for good', (text) =>
    refusal(() => parseDuration(text)),
  )
  if (!given('restricted') && (await yesOrNo(asking, 'Only for members?'))) {
    flags.push('--restricted')
    await ask('members', 'Who besides you, with commas?', 'Enter: nobody', membersRefused)
  }
  return flags
}

const membersRefused = (text: string): string | undefined => {
  const wrong = text
    .split(',')
    .map((name) => name.trim())
    .find((name) => name !== '' && !isName(name))
  return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is not an actor name`
}

function refusal(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof LeatError) return error.message
    throw error
  }
}

/** A name that no channel has. */
export const askNewName: Ask = async (asking): Promise<Answer> => {
  const all = await busOf(asking).channels({all: true})
  const taken = (name: string): boolean => all.some((channel) => channel.name === name)
  return {word: await named(asking, {message: 'Its new name?', kind: 'channel', taken})}
}
