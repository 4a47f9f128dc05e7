/**
 * Who may do what: one table of answers, for the bus and for every door over it. An act is data (an operation and its
 * input), so that a door can be asked the same; `acting.ts` prepares the store, and performs acts on the bus.
 */
import type {ErrorCode} from '../../src/model/errors.js'

/** What someone has on `hr`, which is restricted. On `ops`, which is open, everyone is a member, and managers manage. */
export type Standing = 'outsider' | 'submits' | 'reads' | 'member' | 'manages' | 'administers'

/** Who asks, and by what right (see `prepare` in acting.ts). */
export const ACTORS: Readonly<Record<string, Standing>> = {
  eve: 'outsider',
  sam: 'submits', // granted on the channel
  abe: 'submits', // by a role, on all channels
  sue: 'reads', // granted on the channel
  ann: 'reads', // granted on all channels
  bob: 'member', // granted on the channel
  rob: 'member', // by a role, on the channel
  max: 'manages', // granted on the channel
  rae: 'manages', // by a role, on the channel
  alice: 'manages', // made it
  amy: 'administers', // granted on all channels
  ada: 'administers', // by a role, on all channels
}

export type Answer = 'ok' | ErrorCode

export interface Act {
  /** Told apart by. */
  name: string
  op: string
  input: Readonly<Record<string, unknown>>
  /** The answer to who may not; who isn't named may. */
  refused: Partial<Record<Standing, ErrorCode>>
  /** The answer to who may. Default `ok`. */
  allowed?: Answer
  /** It changes what later acts meet: where it is allowed it needs a store of its own. */
  spoils?: boolean
  /** It is about no channel, so it is the same for both. */
  general?: boolean
}

export interface Row {
  who: string
  act: Act
  expected: Answer
}

/** Every act on a channel by everyone. */
export const rowsOn = (channel: 'hr' | 'ops'): Row[] =>
  actsOn(channel)
    .filter(({general}) => channel === 'hr' || !general)
    .flatMap((act) =>
      Object.entries(ACTORS).map(([who, standing]) => ({who, act, expected: answer(act, channel, standing)})),
    )

function answer({refused, allowed = 'ok'}: Act, channel: 'hr' | 'ops', standing: Standing): Answer {
  const isManager = standing === 'manages' || standing === 'administers'
  return refused[channel === 'hr' || isManager ? standing : 'member'] ?? allowed
}

/** The id of the nth message of a channel as it was prepared. */
export const idOn = (channel: string, seq: number): string =>
  `00000000-0000-7000-8000-${channel === 'hr' ? 'a' : 'b'}${String(seq).padStart(11, '0')}`

/** Seqs of the messages: by alice to all, her answer to it, and hers to zoe alone. */
export const [ROOT, ANSWER, DIRECT] = [1, 2, 3]

const SUBMIT = {outsider: 'FORBIDDEN', reads: 'FORBIDDEN'} as const
const READ = {outsider: 'FORBIDDEN', submits: 'FORBIDDEN'} as const
const BOTH = {...SUBMIT, ...READ}
const MANAGE = {...BOTH, member: 'FORBIDDEN'} as const
const ADMINISTER = {...MANAGE, manages: 'FORBIDDEN'} as const
/** Of a message that is named by its id: what one may not read isn't there. */
const FIND = {outsider: 'NOT_FOUND', submits: 'NOT_FOUND'} as const
const FIND_DIRECT = {...FIND, reads: 'NOT_FOUND', member: 'NOT_FOUND'} as const
const PLACE_DIRECT = {...READ, reads: 'NOT_FOUND', member: 'NOT_FOUND'} as const

const actsOn = (channel: 'hr' | 'ops'): Act[] => {
  const [id, place] = [idOn(channel, ROOT), `${channel}/${ROOT}`]
  const [direct, directPlace] = [idOn(channel, DIRECT), `${channel}/${DIRECT}`]
  return [
    // The channel, by its name.
    {name: 'send', op: 'message.send', input: {channel, content: 'x'}, refused: SUBMIT},
    {name: 'send to two', op: 'message.send', input: {channel: ['lobby', channel], content: 'x'}, refused: SUBMIT},
    {name: 'read', op: 'messages.read', input: {channel, reader: 'someone', limit: 1}, refused: READ},
    {name: 'peek', op: 'messages.peek', input: {channel, from: 'start', limit: 1}, refused: READ},
    {name: 'unread', op: 'messages.unread', input: {channel}, refused: READ},
    {name: 'log', op: 'messages.log', input: {channel, limit: 1}, refused: READ},
    {name: 'grep', op: 'messages.log', input: {channel, text: 'one'}, refused: READ},
    {name: 'search', op: 'messages.search', input: {channel, q: 'one'}, refused: READ},
    {name: 'follow', op: 'messages.follow', input: {channel, from: 'start', count: 1}, refused: READ},
    {name: 'export', op: 'transfer.export', input: {channel}, refused: READ},
    {name: 'export all', op: 'transfer.export', input: {channel, all: true}, refused: MANAGE},
    {name: 'import', op: 'transfer.import', input: {channel}, refused: MANAGE, spoils: true},
    {name: 'show channel', op: 'channel.show', input: {channel}, refused: READ},
    {name: 'statistics', op: 'channel.statistics', input: {channel}, refused: READ},
    {name: 'list', op: 'channels.list', input: {pattern: channel}, refused: READ},
    {name: 'subscribe', op: 'subscription.put', input: {channel}, refused: READ},
    {name: 'unsubscribe', op: 'subscription.delete', input: {channel}, refused: {}},
    {name: 'subscribe other', op: 'subscription.put', input: {channel, subscriber: 'zoe'}, refused: MANAGE},
    {name: 'unsubscribe other', op: 'subscription.delete', input: {channel, subscriber: 'zoe'}, refused: MANAGE},
    {name: 'subscriptions', op: 'subscriptions.list', input: {channel}, refused: READ},
    {name: 'cursors', op: 'cursors.list', input: {channel}, refused: READ},
    {name: 'cursor', op: 'cursor.show', input: {channel, reader: 'zoe'}, refused: READ},
    {name: 'seek', op: 'cursor.set', input: {channel, reader: 'someone', position: 'start'}, refused: READ},
    {name: 'commit', op: 'cursor.commit', input: {place, reader: 'someone'}, refused: READ},
    {name: 'claim', op: 'claims.claim', input: {channel, group: 'crew', limit: 1}, refused: READ},
    {name: 'claims', op: 'claims.list', input: {channel}, refused: READ},
    {name: 'dead letters', op: 'deadLetters.list', input: {channel}, refused: READ},
    {name: 'redrive', op: 'deadLetters.redrive', input: {channel}, refused: BOTH},
    {name: 'purge', op: 'deadLetters.purge', input: {channel}, refused: MANAGE},
    {name: 'scheduled', op: 'scheduled.list', input: {channel}, refused: {outsider: 'FORBIDDEN'}},
    {
      name: 'request',
      op: 'message.request',
      input: {channel, content: 'x', timeout: 1},
      refused: BOTH,
      allowed: 'TIMEOUT',
    },
    {
      name: 'send for answers',
      op: 'message.send',
      input: {channel: 'lobby', content: 'x', replyChannel: channel},
      refused: READ,
    },
    {name: 'update', op: 'channel.update', input: {channel, title: 'x'}, refused: MANAGE},
    {name: 'members', op: 'channel.update', input: {channel, members: {add: ['zoe']}}, refused: MANAGE},
    {name: 'check schema', op: 'channel.misfits', input: {channel, schema: '{}'}, refused: MANAGE},
    {name: 'close', op: 'channel.setState', input: {channel, state: 'closed'}, refused: MANAGE, spoils: true},
    {name: 'rename', op: 'channel.rename', input: {channel, to: 'other'}, refused: MANAGE, spoils: true},
    {name: 'prune', op: 'channel.prune', input: {channel, keep: 0}, refused: MANAGE, spoils: true},
    {name: 'delete', op: 'channel.delete', input: {channel}, refused: MANAGE, spoils: true},
    {name: 'grant', op: 'grants.grant', input: {channel, permissions: ['submit'], to: ['yan']}, refused: MANAGE},
    {name: 'revoke', op: 'grants.revoke', input: {channel, permissions: ['submit'], to: ['yan']}, refused: MANAGE},
    {name: 'can I', op: 'permission.can', input: {channel, permission: 'submit'}, refused: {}},
    {name: 'can zoe', op: 'permission.can', input: {channel, permission: 'submit', actor: 'zoe'}, refused: READ},

    // A message, by its place.
    {name: 'show place', op: 'message.show', input: {message: place}, refused: READ},
    {name: 'thread of place', op: 'message.thread', input: {message: place}, refused: READ},
    {name: 'reply to place', op: 'message.reply', input: {message: place, content: 'x'}, refused: BOTH},
    {name: 'why place', op: 'message.why', input: {message: place}, refused: READ},
    {name: 'show direct place', op: 'message.show', input: {message: directPlace}, refused: PLACE_DIRECT},

    // A message, by its id.
    {name: 'show', op: 'message.show', input: {message: id}, refused: FIND},
    {name: 'show end', op: 'message.show', input: {message: id.slice(-12)}, refused: FIND},
    {name: 'thread', op: 'message.thread', input: {message: id}, refused: FIND},
    {name: 'ancestors', op: 'message.ancestors', input: {message: idOn(channel, ANSWER)}, refused: FIND},
    {name: 'log of thread', op: 'messages.log', input: {channel: [], thread: id}, refused: FIND},
    {name: 'reply', op: 'message.reply', input: {message: id, content: 'x'}, refused: {...FIND, reads: 'FORBIDDEN'}},
    {name: 'why', op: 'message.why', input: {message: id}, refused: FIND},
    {
      name: 'wait',
      op: 'message.wait',
      input: {message: idOn(channel, ANSWER), timeout: 1},
      refused: FIND,
      allowed: 'TIMEOUT',
    },
    {
      name: 'redact',
      op: 'message.redact',
      input: {message: id},
      refused: {...FIND, reads: 'FORBIDDEN', member: 'FORBIDDEN'},
      spoils: true,
    },
    {name: 'answer elsewhere', op: 'message.send', input: {channel: 'lobby', content: 'x', replyTo: id}, refused: FIND},
    {name: 'refer', op: 'message.send', input: {channel: 'lobby', content: 'x', references: [id]}, refused: FIND},
    {name: 'show direct', op: 'message.show', input: {message: direct}, refused: FIND_DIRECT},
    {name: 'thread direct', op: 'message.thread', input: {message: direct}, refused: FIND_DIRECT},
    {
      name: 'refer direct',
      op: 'message.send',
      input: {channel: 'lobby', content: 'x', references: [direct]},
      refused: FIND_DIRECT,
    },

    // The store.
    {
      name: 'grant on all',
      op: 'grants.grant',
      input: {permissions: ['submit'], to: ['yan']},
      refused: ADMINISTER,
      general: true,
    },
    {
      name: 'revoke on all',
      op: 'grants.revoke',
      input: {permissions: ['submit'], to: ['yan']},
      refused: ADMINISTER,
      general: true,
    },
    {name: 'make a role', op: 'role.create', input: {role: 'new'}, refused: ADMINISTER, general: true},
    {name: 'see a role', op: 'role.show', input: {role: 'empty'}, refused: ADMINISTER, general: true},
    {name: 'fill a role', op: 'role.change', input: {role: 'empty', add: ['yan']}, refused: ADMINISTER, general: true},
    {
      name: 'delete a role',
      op: 'role.delete',
      input: {role: 'empty'},
      refused: ADMINISTER,
      general: true,
      spoils: true,
    },
    {name: 'check the store', op: 'store.check', input: {}, refused: ADMINISTER, general: true},
    {name: 'back up', op: 'store.backup', input: {}, refused: ADMINISTER, general: true},
    {name: 'compact', op: 'store.compact', input: {dryRun: true}, refused: ADMINISTER, general: true},
    {
      name: 'restore',
      op: 'store.restore',
      input: {file: '/no/such/backup'},
      refused: ADMINISTER,
      allowed: 'NOT_FOUND',
      general: true,
    },
    {name: 'make a token', op: 'token.create', input: {actor: 'yan'}, refused: ADMINISTER, general: true},
  ]
}
