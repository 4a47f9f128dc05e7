/**
 * What a store is, in the plainest words: lists, and a clock. Nothing here knows of an engine; what the contract and the
 * documentation say is done to lists.
 */

export interface Text {
  seq: number
  id: string
  sender: string
  body: string
  recipient?: string
  key?: string
  /** Milliseconds since 1970, as all times here. */
  expiresAt?: number
  /** What was sent, where `body` was redacted. */
  sent: string
}

export interface Delayed extends Text {
  channel: string
  deliverAt: number
}

export interface Hold {
  token: string
  until: number
  upTo: number
  /** Its process is gone. */
  gone: boolean
}

export interface Reader {
  cursor: number
  hold?: Hold
}

export interface Task {
  seq: number
  attempt: number
  /** When the lease ends, or when it is given again. */
  until: number
  claim?: {token: string; gone: boolean}
}

export interface Group {
  cursor: number
  tasks: Task[]
}

export interface Channel {
  state: 'open' | 'closed'
  lastSeq: number
  /** How many messages are kept. */
  keep?: number
  messages: Text[]
  readers: Record<string, Reader>
  groups: Record<string, Group>
  /** What was given up: `seq group`, `0 -` for a delayed message that nobody took. */
  dead: string[]
}

/** A claim that was given once. */
export interface ClaimName {
  channel: string
  group: string
  seq: number
  token: string
}

/** A hold that was given once. */
export interface HoldName {
  channel: string
  reader: string
  token: string
  from: number
  upTo: number
}

export interface Model {
  now: number
  channels: Record<string, Channel>
  /** The last seq of channels that were deleted. */
  left: Record<string, number>
  delayed: Delayed[]
  /** All that ever were: an operation names one by its number. */
  claims: ClaimName[]
  holds: HoldName[]
  /** What stands at a place stands there for ever: `channel/seq` → id. */
  places: Record<string, string>
}

export const newModel = (now: number): Model => ({
  now,
  channels: {},
  left: {},
  delayed: [],
  claims: [],
  holds: [],
  places: {},
})

export const isLive = ({expiresAt = Infinity}: {expiresAt?: number}, now: number): boolean => expiresAt > now

const isSeenBy = ({recipient, sender}: Text, actor: string): boolean =>
  recipient === undefined || recipient === actor || sender === actor

/** What `read` would give. */
export const unreadOf = ({messages, readers}: Channel, reader: string, now: number): Text[] =>
  messages.filter((text) => text.seq > (readers[reader]?.cursor ?? 0) && isLive(text, now) && isSeenBy(text, reader))

export const isHeld = ({hold}: Reader, now: number): boolean => hold !== undefined && hold.until > now && !hold.gone

export const isClaimed = ({claim, until}: Task, now: number): boolean =>
  claim !== undefined && until > now && !claim.gone

/** Whatever is done first stores what fell due. */
export function storeDue(model: Model): void {
  const due = model.delayed.filter(({deliverAt}) => deliverAt <= model.now)
  model.delayed = model.delayed.filter(({deliverAt}) => deliverAt > model.now)
  due.sort((a, b) => a.deliverAt - b.deliverAt || (a.id < b.id ? -1 : 1))
  for (const {channel: name, deliverAt: _, ...text} of due) {
    const channel = model.channels[name] as Channel
    if (channel.state === 'open') store(model, name, text)
    else channel.dead.push('0 -')
  }
  for (const name of new Set(due.map(({channel}) => channel))) retain(model.channels[name] as Channel)
}

/** Gives a message its place. */
export function store(model: Model, name: string, text: Omit<Text, 'seq'>): number {
  const channel = model.channels[name] as Channel
  const seq = ++channel.lastSeq
  channel.messages.push({...text, seq})
  model.places[`${name}/${seq}`] = text.id
  return seq
}

const isInFlight = ({groups}: Channel, seq: number): boolean =>
  Object.values(groups).some(({tasks}) => tasks.some((task) => task.seq === seq))

/** What has expired goes, but never what a group isn't done with. Returns how many went. */
export function dropExpired(channel: Channel, now: number): number {
  return drop(channel, (text) => !isLive(text, now))
}

/** What the channel's retention doesn't keep goes. */
export function retain(channel: Channel): number {
  const {keep = Infinity} = channel
  return keepNewest(channel, keep, Infinity)
}

export function keepNewest(channel: Channel, keep: number, upTo: number): number {
  const surplus = channel.messages.length - keep
  const old = new Set(channel.messages.slice(0, Math.max(0, surplus)).map(({seq}) => seq))
  return drop(channel, ({seq}) => old.has(seq) && seq <= upTo)
}

function drop(channel: Channel, isDoomed: (text: Text) => boolean): number {
  const before = channel.messages.length
  channel.messages = channel.messages.filter((text) => !isDoomed(text) || isInFlight(channel, text.seq))
  return before - channel.messages.length
}
