/** Where candidates come from, one source for each kind of thing. Each asks the bus, so it gives what the actor may see. */
import type {Bus} from '../../bus/bus.js'
import type {Message} from '../../model/message.js'
import {isName} from '../../model/names.js'
import {parsePlace, placeName} from '../../model/reference.js'
import {firstLine} from '../output/escape.js'
import type {Kind} from './kinds.js'

export interface Candidate {
  value: string
  description?: string
}

export interface Asked {
  bus: Bus
  /** What stands there of it so far. */
  typed: string
  /** The channels that the command names, if any. */
  channels: readonly string[]
}

type Source = (asked: Asked) => Promise<Candidate[]>

/** Messages that are looked through for what they name. */
const LOOK = 200
/** Messages that are offered. */
const OFFERED = 50

/** The candidates of a kind, whatever was typed; none of a kind that has no source. */
export const candidatesOf = async (kind: Kind, asked: Asked): Promise<Candidate[]> =>
  (await SOURCES[kind]?.(asked)) ?? []

const SOURCES: Readonly<Partial<Record<Kind, Source>>> = {
  actor: actors,
  channel: async ({bus}) =>
    (await bus.channels()).map(({name, title, unread}) => ({
      value: name,
      description: [title, unread > 0 ? `${unread} unread` : ''].filter(Boolean).join(', '),
    })),
  claim: async ({bus, channels}) => {
    const lists = await Promise.all((await readable(bus, channels)).map((channel) => bus.inFlight({channel})))
    return lists.flat().map(({channel, seq, group, by}) => ({
      value: placeName({channel, seq}),
      description: by === undefined ? group : `${group}, ${by}`,
    }))
  },
  conversation: async ({bus}) =>
    (await bus.conversations()).map(({name, title}) => ({value: name, description: title})),
  'dead letter': async ({bus, channels: [channel]}) => {
    const found: Candidate[] = []
    for await (const {message, group, subscriber, reason} of bus.deadLetters({channel})) {
      if (message.seq > 0)
        found.push({value: placeName(message), description: `${group ?? subscriber ?? ''}: ${reason}`})
      if (found.length === OFFERED) break
    }
    return found
  },
  group: async ({bus, channels}) => consumers(bus, channels, 'workers'),
  message: messages,
  permission: async () => [
    {value: 'submit', description: 'send to it'},
    {value: 'subscribe', description: 'read it'},
    {value: 'manage', description: 'both, and all else'},
  ],
  position: async (asked) => [
    {value: 'start', description: 'the first message'},
    {value: 'now', description: 'what comes from now on'},
    {value: 'cursor', description: 'your own place'},
    ...(await messages(asked)),
  ],
  reader: async ({bus, channels}) => consumers(bus, channels, 'reader'),
  role: async ({bus}) => (await bus.roles()).map(({name, description}) => ({value: name, description})),
  scheduled: async ({bus}) =>
    (await bus.scheduled()).map(({message, deliverAt}) => ({
      value: message.id,
      description: `${message.channel} at ${deliverAt}: ${told(message)}`,
    })),
  subscriber: async ({bus, channels: [channel]}) =>
    (await bus.subscriptions({channel})).map(({subscriber, channel}) => ({value: subscriber, description: channel})),
  token: async ({bus}) => (await bus.tokens()).map(({id, actor}) => ({value: id, description: actor})),
  transport: async () =>
    (await import('../transports.js').then(({builtInTransports}) => builtInTransports())).map((value) => ({value})),
  type: async ({bus, channels}) => {
    const recent = await newest(bus, channels, LOOK)
    return recent.map(({type}) => ({value: type}))
  },
}

/** The actor itself, who sent or was sent something lately, who reads and who subscribes. */
async function actors({bus, channels}: Asked): Promise<Candidate[]> {
  const recent = await newest(bus, channels, LOOK)
  const readers = await bus.cursors()
  const subscriptions = await bus.subscriptions()
  return [
    {value: bus.context.actor, description: 'you'},
    ...recent.map(({sender}) => ({value: sender})),
    ...recent.flatMap(({recipient}) => (recipient === undefined ? [] : [{value: recipient}])),
    ...subscriptions.map(({subscriber}) => ({value: subscriber})),
    ...readers.map(({name}) => ({value: name})),
  ]
}

/** Newest first. As soon as a channel is typed, of that one. */
async function messages({bus, typed, channels}: Asked): Promise<Candidate[]> {
  const slash = typed.indexOf('/')
  const [name] = typed.split('/', 1)
  const of = slash > 0 ? [name ?? ''] : typed === '' ? channels : isName(typed) ? [`${typed}*`] : undefined
  if (of === undefined) return []
  // A whole place was typed already: it is there or it isn't.
  const wanted = parsePlace(typed) ? LOOK * 5 : OFFERED
  const found = await newest(bus, of, wanted)
  return found.map((message) => ({value: placeName(message), description: told(message)}))
}

/** Characters of a body that are looked at. */
const GLANCE = 400

const told = ({sender, body}: Message): string =>
  typeof body === 'string' ? `${sender}: ${firstLine(body.slice(0, GLANCE))}` : `${sender}: ${body.byteLength} bytes`

/** The newest messages of some channels, or of all that the actor may read. */
async function newest(bus: Bus, channels: readonly string[], limit: number): Promise<Message[]> {
  const found: Message[] = []
  for await (const message of bus.log(channels, {limit, reverse: true})) found.push(message)
  return found
}

async function readable(bus: Bus, channels: readonly string[]): Promise<readonly string[]> {
  return channels.length > 0 ? channels : (await bus.channels()).map(({name}) => name)
}

async function consumers(bus: Bus, channels: readonly string[], kind: 'workers' | 'reader'): Promise<Candidate[]> {
  const of = (await readable(bus, channels)).slice(0, OFFERED)
  const details = await Promise.all(of.map((channel) => bus.channel(channel)))
  return details
    .flatMap((channel) => channel.consumers)
    .filter((consumer) => consumer.kind === kind)
    .map(({name, channel, cursor}) => ({value: name, description: `${channel}, at ${cursor}`}))
}
