import type {NewChannel} from '../../bus/channels.js'
import type {MembersChange} from '../../bus/members.js'
import type {ChannelState, SettingsChange} from '../../model/channel.js'
import {parseTime} from '../../model/time.js'
import type {Operation} from '../operation.js'
import {channel, duration, flag, integer, oneOf, stringMap, text, texts} from './fields.js'

const settings = {
  title: text('A title for people.'),
  description: text('What it is for.'),
  restricted: flag('Only who was granted it may read and send.'),
  contentType: text('Content type of messages that give none.'),
  schema: text('JSON Schema (2020-12) that content has to fit, its source text; implies JSON.'),
  retention: {
    type: 'object',
    description: 'What is deleted: maxAge in milliseconds, maxMessages.',
    properties: {
      maxAge: integer('Milliseconds.', {minimum: 1}),
      maxMessages: integer('Only so many of the newest.', {minimum: 1}),
    },
    additionalProperties: false,
  },
  ingress: text('The transport that messages come in by; through any other door they are refused.'),
  egress: text('The transport that messages go out by.'),
  metadata: stringMap('Anything else worth knowing.'),
} as const

/** The same, `null` taking a setting away. */
const changes = Object.fromEntries(
  Object.entries(settings).map(([name, schema]) => [name, {...schema, type: [schema.type, 'null']}]),
)

const list: Operation<{
  pattern?: string
  all?: boolean
  sort?: 'last' | 'unread' | 'size' | 'name'
  idle?: number
  reader?: string
}> = {
  name: 'channel.list',
  summary: 'Channels that the actor may read, with counts and the last message.',
  http: {method: 'GET', path: '/channels'},
  input: {
    type: 'object',
    properties: {
      pattern: text('A name, or a glob like build.*'),
      all: flag('Hidden ones too.'),
      sort: oneOf(['name', 'last', 'unread', 'size'], 'Default by name.'),
      idle: duration('Only those whose last message is longer ago.'),
      reader: text("Whose cursor unread counts from; default the actor's own."),
    },
  },
  run: async ({bus, input}) => ({channels: await bus.channels(input)}),
}

const create: Operation<NewChannel & {channel: string}> = {
  name: 'channel.create',
  summary: 'Make a channel, which the actor manages.',
  http: {method: 'POST', path: '/channels', status: 201},
  input: {
    type: 'object',
    properties: {channel, ...settings, members: texts('Who may send and read when it is restricted.')},
    required: ['channel'],
  },
  run: ({bus, input: {channel, ...rest}}) => bus.createChannel(channel, rest),
}

const show: Operation<{channel: string}> = {
  name: 'channel.show',
  summary: 'Everything about one channel.',
  http: {method: 'GET', path: '/channels/{channel}'},
  input: {type: 'object', properties: {channel}, required: ['channel']},
  run: ({bus, input}) => bus.channel(input.channel),
}

const update: Operation<SettingsChange & {channel: string; members?: MembersChange}> = {
  name: 'channel.update',
  summary: 'Change settings and members: a value sets, null takes away, what is absent stays.',
  http: {method: 'PATCH', path: '/channels/{channel}'},
  input: {
    type: 'object',
    properties: {
      channel,
      ...changes,
      members: {
        type: 'object',
        description: 'Who comes in and who goes.',
        properties: {add: texts('Actors.'), remove: texts('Actors.')},
        additionalProperties: false,
      },
    },
    required: ['channel'],
  },
  run: ({bus, input: {channel, ...change}}) => bus.updateChannel(channel, change),
}

const state: Operation<{channel: string; state: ChannelState; notifyEnd?: boolean}> = {
  name: 'channel.state',
  summary: 'Open, drain or close a channel.',
  http: {method: 'PUT', path: '/channels/{channel}/state'},
  input: {
    type: 'object',
    properties: {
      channel,
      state: oneOf(
        ['open', 'draining', 'closed'],
        'Closed refuses sends; draining takes replies until nothing is left.',
      ),
      notifyEnd: flag('Send leat.end as the last message: it ends whoever follows.'),
    },
    required: ['channel', 'state'],
  },
  run: ({bus, input: {channel, state, notifyEnd}}) => bus.setChannelState(channel, state, {notifyEnd}),
}

const rename: Operation<{channel: string; to: string}> = {
  name: 'channel.rename',
  summary: 'Give a channel another name; everything in it goes along.',
  http: {method: 'POST', path: '/channels/{channel}/rename'},
  input: {type: 'object', properties: {channel, to: text('The new name.')}, required: ['channel', 'to']},
  run: ({bus, input: {channel, to}}) => bus.renameChannel(channel, to),
}

interface PruneInput {
  channel: string
  keep?: number
  before?: string
  keepUnread?: boolean
  trustClock?: boolean
  dryRun?: boolean
}

const prune: Operation<PruneInput> = {
  name: 'channel.prune',
  summary: "Delete the oldest messages: by keep and before, else by the channel's own retention.",
  http: {method: 'POST', path: '/channels/{channel}/prune'},
  input: {
    type: 'object',
    properties: {
      channel,
      keep: integer('Keep this many of the newest.'),
      before: text('Delete what was stored before this time: ISO 8601, or a time ago like 7d.'),
      keepUnread: flag('Keep what a reader or subscriber has not read.'),
      trustClock: flag('Believe the clock even if it is more than a day past the newest message.'),
      dryRun: flag('Only count.'),
    },
    required: ['channel'],
  },
  run: ({bus, input: {channel, before, ...rest}}) => {
    const time = before === undefined ? {} : {before: parseTime(before, bus.context.clock())}
    return bus.pruneChannel(channel, {...rest, ...time})
  },
}

const remove: Operation<{channel: string}> = {
  name: 'channel.delete',
  summary: 'Delete a channel with all that is in it.',
  http: {method: 'DELETE', path: '/channels/{channel}'},
  input: {type: 'object', properties: {channel}, required: ['channel']},
  run: async ({bus, input: {channel}}) => ({channel, deleted: await bus.deleteChannel(channel)}),
}

export const CHANNELS = [list, create, show, update, state, rename, prune, remove]
