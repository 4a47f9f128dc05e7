/** Messages to pick from recent ones, and what is kept of messages. */
import {LeatError} from '../../model/errors.js'
import type {Message} from '../../model/message.js'
import {parsePosition} from '../../model/position.js'
import {parseMessageRef, placeName} from '../../model/reference.js'
import {age} from '../output/age.js'
import {shownContent} from '../output/content.js'
import {firstLine, forTerminalLine} from '../output/escape.js'
import {type Ask, type Asking, busOf, firstOf, offersIn, picked} from './asking.js'
import {columns, fitting} from './fitting.js'
import type {Offer} from './inquire.js'

/** So many are looked at. */
const RECENT = 200

/** Characters of a body that are looked at. */
const GLANCE = 4096

const textOf = (message: Message): string => firstLine(shownContent(message).slice(0, GLANCE))

const itself = (message: Message): Message => message

async function recent(asking: Asking, channels: readonly string[] = []): Promise<Offer[]> {
  const messages = await firstOf(busOf(asking).log(channels, {limit: RECENT, reverse: true}), RECENT, itself)
  const lines = columns(
    messages.map((message) => [placeName(message), message.sender, age(message.time, asking.now), textOf(message)]),
  )
  return offersIn(messages, lines, (message) => ({value: placeName(message), also: `${message.id} ${message.type}`}))
}

/** What was typed, if it names something that isn't offered. */
const typedAs =
  (check: (text: string) => unknown, offers: readonly Offer[]) =>
  (text: string): Offer | undefined => {
    const typed = text.trim()
    if (typed === '' || offers.some(({value}) => value === typed)) return undefined
    try {
      if (check(typed)) return {value: typed, label: forTerminalLine(typed)}
    } catch (error) {
      if (!(error instanceof LeatError)) throw error
    }
    return undefined
  }

/** One of the newest that the actor may see; any other by its place or id. */
export const askMessage: Ask = async (asking) => {
  const offers = await recent(asking)
  return picked(asking, {
    message: 'Which message?',
    offers,
    typed: typedAs(parseMessageRef, offers),
    none: {message: 'there are no messages', hint: 'leat send CHANNEL "hello"'},
  })
}

export const askPosition: Ask = async (asking) => {
  const channel = asking.args['channel'] as string
  const offers = [
    {value: 'start', label: 'start  everything comes again'},
    {value: 'now', label: 'now    nothing of what is there'},
    ...(await recent(asking, [channel])),
  ]
  return picked(asking, {
    message: 'Behind which message, or from when?',
    offers,
    typed: typedAs((text) => parsePosition(text, asking.now), offers),
    none: NOTHING,
  })
}

// Never shown: there is always something to pick.
const NOTHING = {message: 'there is nothing to pick', hint: 'leat log'}

/** Messages that the actor has claimed. */
export const askClaim: Ask = async (asking) => {
  const bus = busOf(asking)
  const {actor} = bus.context
  const group = asking.flags['group'] as string | undefined
  const claimed = []
  for (const {name: channel} of await bus.channels())
    for (const one of await bus.inFlight({channel, ...(group !== undefined && {group})}))
      if (one.state === 'claimed' && one.by === actor) claimed.push(one)
  const lines = columns(
    claimed.map((one) => [placeName(one), one.group, `attempt ${one.attempt}`, `until ${age(one.until, asking.now)}`]),
  )
  return picked(asking, {
    message: 'Which claim?',
    offers: offersIn(claimed, lines, (one) => ({value: placeName(one)})),
    none: {message: `${actor} has claimed nothing`, hint: 'leat claim CHANNEL'},
  })
}

export const askDeadLetter: Ask = async (asking) => {
  const group = asking.flags['group'] as string | undefined
  const subscriber = asking.flags['subscriber'] as string | undefined
  const letters = await firstOf(busOf(asking).deadLetters({group, subscriber}), RECENT, ({message}) => message)
  const lines = columns(
    letters.map(({message, group, subscriber, diedAt, reason}) => [
      placeName(message),
      group ?? subscriber ?? '',
      age(diedAt, asking.now),
      `${reason}: ${textOf(message)}`,
    ]),
  )
  return picked(asking, {
    message: 'Which dead letter?',
    offers: offersIn(letters, lines, ({id, message}) => ({value: id, short: placeName(message), also: message.sender})),
    none: {message: 'there are no dead letters', hint: 'leat dead list'},
  })
}

export const askDelivery: Ask = async (asking) => {
  const subscriber = asking.flags['subscriber'] as string | undefined
  const deliveries = await firstOf(busOf(asking).deliveries({subscriber}), RECENT)
  const lines = columns(
    deliveries.map((one) => [placeName(one), one.subscriber, one.state, one.history.at(-1)?.error ?? '']),
  )
  return picked(asking, {
    message: 'Which delivery?',
    offers: offersIn(deliveries, lines, (one) => ({value: one.id, short: `${placeName(one)} to ${one.subscriber}`})),
    none: {message: 'there are no deliveries', hint: 'leat delivery list'},
  })
}

export const askScheduled: Ask = async (asking) => {
  const scheduled = await busOf(asking).scheduled()
  const lines = columns(
    scheduled.map(({message, deliverAt}) => [
      message.channel,
      age(deliverAt, asking.now),
      message.sender,
      textOf(message),
    ]),
  )
  return picked(asking, {
    message: 'Which message?',
    offers: offersIn(scheduled, lines, ({message}) => ({
      value: message.id,
      short: fitting(forTerminalLine(textOf(message)), 60),
    })),
    none: {message: 'nothing is scheduled', hint: 'leat send CHANNEL --in 10m'},
  })
}
