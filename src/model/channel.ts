import {LeatError} from './errors.js'
import type {Message, Seq} from './message.js'

/** `draining` takes replies and what is already on its way, and closes itself when nothing is left. */
export type ChannelState = 'open' | 'draining' | 'closed'

export interface Retention {
  /** Milliseconds; older messages are deleted. */
  maxAge?: number
  /** Only this many of the newest are kept. */
  maxMessages?: number
}

/** What the owner of a channel decides about it. Absent: not set. */
export interface ChannelSettings {
  title?: string
  description?: string
  /** Only who was granted it may read and send. */
  restricted?: boolean
  /** The content type of messages that give none. */
  contentType?: string
  /** JSON Schema 2020-12, its source text; implies JSON. */
  schema?: string
  retention?: Retention
  /** Names of transports. */
  ingress?: string
  egress?: string
  metadata?: Readonly<Record<string, string>>
  /** Kept out of `list` without `--all` (reply channels). */
  hidden?: boolean
}

/** A change of settings: a value sets, `null` takes away, absent leaves as it is. */
export type SettingsChange = {[K in keyof ChannelSettings]?: ChannelSettings[K] | null}

export interface Channel extends ChannelSettings {
  name: string
  state: ChannelState
  restricted: boolean
  retention: Retention
  metadata: Readonly<Record<string, string>>
  hidden: boolean
  /** ISO 8601. */
  createdAt: string
  createdBy: string
  /** The seq of the newest message ever stored, 0 before the first; rises only. */
  lastSeq: Seq
}

/** One line of `list`: a channel as one actor sees it. */
export interface ChannelSummary extends Channel {
  /** Messages that the viewer may see. */
  messages: number
  /** What `read` would give the viewer's reader. */
  unread: number
  subscribers: number
  /** The newest message that the viewer may see. */
  last?: Message
}

/** Whether a channel takes a message now. @throws CHANNEL_CLOSED */
export function checkAccepts(channel: Pick<Channel, 'name' | 'state'>, isReply: boolean): void {
  if (channel.state === 'open' || (channel.state === 'draining' && isReply)) return
  throw new LeatError(
    'CHANNEL_CLOSED',
    channel.state === 'closed'
      ? `channel "${channel.name}" is closed`
      : `channel "${channel.name}" is draining: it takes replies only`,
    {hint: `leat channel open ${channel.name}`},
  )
}

/** Settings that are always there: what taking them away leaves. */
const UNSET: SettingsChange = {restricted: false, retention: {}, metadata: {}, hidden: false}

/** Applies a change: `null` takes a setting away, undefined leaves it. */
export function changeSettings<T extends ChannelSettings>(settings: T, change: SettingsChange): T {
  const result = {...settings} as Record<string, unknown>
  for (const [name, value] of Object.entries(change)) {
    if (value === null && name in UNSET && name in settings) result[name] = UNSET[name as keyof SettingsChange]
    else if (value === null) delete result[name]
    else if (value !== undefined) result[name] = value
  }
  return result as T
}

/** A clock this far past the newest stored message is not believed: nothing is pruned by age. */
export const CLOCK_DOUBT = 24 * 60 * 60 * 1000

const ANSWERS = '.replies'

/** The name of the usual channel for answers to what is asked in a channel. */
export const answersOf = (channel: string): string => `${channel}${ANSWERS}`

/** The name of the channel whose usual channel for answers this may be. */
export const askedIn = ({name}: Channel): string | undefined =>
  name.endsWith(ANSWERS) ? name.slice(0, -ANSWERS.length) : undefined

/** Whether leat made a channel for answers to what is asked in another: one that a person makes is not hidden. */
export const isAnsweredIn = (asked: Channel, answers: Channel): boolean =>
  answers.name === answersOf(asked.name) && answers.hidden && answers.createdBy === asked.createdBy
