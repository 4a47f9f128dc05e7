/** The acts of `test/bus/acts.ts` as a door is asked to do them: an operation of the table and its input. */
import type {Act} from '../bus/acts.js'

export interface DoorAct {
  operation: string
  input: Readonly<Record<string, unknown>>
}

type Input = Readonly<Record<string, unknown>>

/** Acts that doors have no operation for: what they ask is asked of another operation too, or of streams. */
export const NOT_AT_DOORS: ReadonlySet<string> = new Set([
  'unread', // channel.show tells
  'follow', // a stream
  'log of thread', // message.thread
  'claims', // consumer.show tells
  'check schema', // at the command line
  'statistics', // at the command line
])

const actors = (names: unknown): object[] => (names as string[]).map((actor) => ({actor}))

const grantInput = ({to, ...input}: Input): Input => ({...input, to: actors(to)})

/** From the operation of an act and its input to those of a door; `who` asks. */
const MAPPED: Readonly<Record<string, (input: Input, who: string) => DoorAct>> = {
  'message.send': ({channel, ...input}) => ({
    operation: 'message.send',
    input: Array.isArray(channel) ? {channel: channel[0], channels: channel.slice(1), ...input} : {channel, ...input},
  }),
  'message.request': (input) => ({operation: 'request', input}),
  'message.ancestors': (input) => ({operation: 'message.thread', input: {...input, ancestors: true}}),
  // What is taken stays in hand, so everyone has a reader of their own.
  'messages.read': (input, who) => ({operation: 'reader.take', input: {...input, reader: `${who}.reader`}}),
  'messages.peek': ({channel, from, limit}) => ({operation: 'message.list', input: {channel, after: from, limit}}),
  'messages.log': ({channel, limit}) => ({operation: 'message.list', input: {channel, limit, order: 'desc'}}),
  'messages.search': ({channel, q}) => ({operation: 'message.search', input: {channel: [channel], q}}),
  'channels.list': (input) => ({operation: 'channel.list', input}),
  'channel.setState': (input) => ({operation: 'channel.state', input}),
  'subscription.put': (input, who) => ({operation: 'subscription.put', input: {subscriber: who, ...input}}),
  'subscription.delete': (input, who) => ({operation: 'subscription.delete', input: {subscriber: who, ...input}}),
  'subscriptions.list': (input) => ({operation: 'channel.subscriptions', input}),
  'cursors.list': (input) => ({operation: 'cursor.list', input}),
  'cursor.show': ({channel, reader}) => ({operation: 'consumer.show', input: {channel, kind: 'reader', name: reader}}),
  'cursor.set': (input) => ({operation: 'reader.seek', input}),
  'cursor.commit': ({place, reader}) => {
    const [channel, seq] = String(place).split('/')
    return {operation: 'reader.commit', input: {channel, reader, seq: Number(seq)}}
  },
  'claims.claim': (input) => ({operation: 'work.claim', input}),
  'deadLetters.list': (input) => ({operation: 'dead.list', input}),
  'deadLetters.redrive': (input) => ({operation: 'dead.redrive', input}),
  'deadLetters.purge': (input) => ({operation: 'dead.purge', input}),
  'grants.grant': (input) => ({operation: 'grant', input: grantInput(input)}),
  'grants.revoke': (input) => ({operation: 'revoke', input: grantInput(input)}),
  'permission.can': (input) => ({operation: 'can', input}),
}

/** An act for a door, undefined where doors have none. */
export function atDoor({name, op, input}: Act, who: string): DoorAct | undefined {
  if (NOT_AT_DOORS.has(name)) return undefined
  return MAPPED[op]?.(input, who) ?? {operation: op, input}
}
