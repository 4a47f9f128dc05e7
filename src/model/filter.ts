import type {Message} from './message.js'

/** Which messages are wanted; what is absent doesn't limit. All of them must hold. */
export interface Filter {
  types?: readonly string[]
  senders?: readonly string[]
  /** Leave out what this actor sent. */
  notSender?: string
  recipient?: string
  conversation?: string
  correlationId?: string
  replyTo?: string
  /** The root's id. */
  thread?: string
  /** Only messages that want an answer (that have a `replyChannel`), or are of one of these types. */
  requestsOr?: readonly string[]
  /** Content has this text, letter for letter. */
  text?: string
  /** Conditions on JSON content, as `conditionOf` (where.ts) reads them. */
  where?: readonly string[]
  /** Milliseconds since 1970, included. */
  since?: number
  /** Milliseconds since 1970, excluded. */
  until?: number
}

/** Whether a filter lets everything through. */
export const isEmptyFilter = (filter: Filter): boolean => Object.values(filter).every((value) => value === undefined)

/** Who looks. Direct messages of others are seen only with `all` (by those who manage the channel). */
export interface Viewer {
  actor: string
  all?: boolean
}

/** Whether a viewer may see a message of a channel that it may read. */
export const isVisible = (message: Pick<Message, 'recipient' | 'sender'>, {actor, all = false}: Viewer): boolean =>
  all || message.recipient === undefined || message.recipient === actor || message.sender === actor

/** Whether a group of workers takes a message: broadcasts, and what is addressed to the group by its name. */
export const isForGroup = ({recipient}: Pick<Message, 'recipient'>, group: string): boolean =>
  recipient === undefined || recipient === group

/** Whether a message is still delivered at `now`. */
export const isLive = (message: Pick<Message, 'expiresAt'>, now: number): boolean =>
  message.expiresAt === undefined || Date.parse(message.expiresAt) > now

/**
 * The meaning of a filter but for `where`, for engines without a query language and for tests of those with one.
 * `matcherOf` (where.ts) has all of it.
 */
export function matches(message: Message, filter: Filter): boolean {
  const time = Date.parse(message.time)
  return (
    (filter.types?.includes(message.type) ?? true) &&
    (filter.senders?.includes(message.sender) ?? true) &&
    filter.notSender !== message.sender &&
    same(filter.recipient, message.recipient) &&
    same(filter.conversation, message.conversation) &&
    same(filter.correlationId, message.correlationId) &&
    same(filter.replyTo, message.replyTo) &&
    same(filter.thread, message.thread) &&
    (filter.requestsOr === undefined ||
      message.replyChannel !== undefined ||
      filter.requestsOr.includes(message.type)) &&
    (filter.text === undefined || (typeof message.body === 'string' && message.body.includes(filter.text))) &&
    time >= (filter.since ?? -Infinity) &&
    time < (filter.until ?? Infinity)
  )
}

const same = (wanted: string | undefined, got: string | undefined): boolean => wanted === undefined || wanted === got
