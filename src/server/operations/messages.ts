import type {MessagePage} from '../../bus/page.js'
import type {ThreadNode} from '../../bus/thread.js'
import {formatPositions, parsePositions, seqIn} from '../../model/position.js'
import {MessageWith} from '../json.js'
import type {Operation} from '../operation.js'
import {channel, flag, limit, message, oneOf, text, texts} from './fields.js'
import {type FilterInput, filterFields, filterOf} from './filter.js'

/** Messages of a page that doesn't say how many. */
const PAGE = 100

interface ListInput extends FilterInput {
  channel: string
  after?: string
  before?: string
  limit?: number
  order?: 'asc' | 'desc'
  thread?: string
}

const list: Operation<ListInput> = {
  name: 'message.list',
  summary: 'Messages of a channel, a page at a time; no cursor moves.',
  http: {method: 'GET', path: '/channels/{channel}/messages'},
  input: {
    type: 'object',
    properties: {
      channel,
      after: text('Behind this position: a seq, a message, a time, start, now or cursor.'),
      before: text('In front of this position.'),
      limit: limit(PAGE),
      order: oneOf(['asc', 'desc'], 'asc (default): from the oldest, or from after. desc: from the newest, or before.'),
      thread: text('Only the thread of this message.'),
      ...filterFields,
    },
    required: ['channel'],
  },
  async run({bus, input, signal}) {
    const {channel, after, before, limit = PAGE, order = 'asc', thread, ...filter} = input
    const {messages, next, end} = await bus.page([channel], {
      after,
      before,
      limit,
      order: order === 'asc' ? 'forward' : 'backward',
      thread,
      filter: filterOf(filter, bus.context.clock()),
      signal,
    })
    // Backwards there is nothing in front of the end; forwards more may come behind it.
    return {messages, next: end && order === 'desc' ? undefined : seqIn(next, channel), end}
  },
}

interface SearchInput extends FilterInput {
  q: string
  channel?: string[]
  before?: string
  limit?: number
}

const search: Operation<SearchInput> = {
  name: 'message.search',
  summary: 'Messages that have all the words of a query, the newest first.',
  http: {method: 'GET', path: '/search'},
  input: {
    type: 'object',
    properties: {
      q: {...text('Words, "phrases", beginnings* and -what must not be there (docs/search.md).'), minLength: 1},
      channel: texts('Names or globs; default all channels that the actor may read.'),
      before: text('`next` of the page before.'),
      limit: limit(PAGE),
      ...filterFields,
    },
    required: ['q'],
  },
  async run({bus, input: {q, channel = [], before, limit = PAGE, ...filter}, signal}) {
    const wanted = filterOf(filter, bus.context.clock())
    const {messages, next} = await bus.search(q, {channels: channel, before, limit, filter: wanted, signal})
    return {messages, next, end: next === undefined}
  },
}

const ofConversation: Operation<FilterInput & {conversation: string; before?: string; limit?: number}> = {
  name: 'conversation.messages',
  summary: 'Messages of a conversation over all channels that the actor may read, the newest first.',
  http: {method: 'GET', path: '/conversations/{conversation}/messages'},
  input: {
    type: 'object',
    properties: {...filterFields, before: text('`next` of the page before.'), limit: limit(PAGE)},
    required: ['conversation'],
  },
  async run({bus, input: {before, limit = PAGE, ...filter}}) {
    return backwards(await bus.page([], {...newestFirst(before), limit, filter: filterOf(filter, bus.context.clock())}))
  },
}

const newestFirst = (before: string | undefined) => ({
  order: 'backward' as const,
  before: before === undefined ? undefined : parsePositions(before),
})

const backwards = ({messages, next, end}: MessagePage) => ({
  messages,
  next: end ? undefined : formatPositions(next),
  end,
})

const show: Operation<{message: string}> = {
  name: 'message.show',
  summary: 'Everything about one message.',
  http: {method: 'GET', path: '/messages/{message}'},
  input: {type: 'object', properties: {message}, required: ['message']},
  async run({bus, input}) {
    const {message, places, referencedBy, replies, readers, claims} = await bus.show(input.message)
    return new MessageWith(message, {places, referencedBy, replies, readers, claims})
  },
}

const thread: Operation<{message: string; ancestors?: boolean}> = {
  name: 'message.thread',
  summary: 'The whole tree that a message belongs to, parents before their answers.',
  http: {method: 'GET', path: '/messages/{message}/thread'},
  input: {
    type: 'object',
    properties: {message, ancestors: flag('Only the chain from the root to the message.')},
    required: ['message'],
  },
  async run({bus, input: {message, ancestors = false}}) {
    const nodes = await (ancestors ? bus.ancestors(message) : bus.thread(message))
    return {messages: nodes.map(nodeJson)}
  },
}

function nodeJson({id, depth, asked, message, places, references = []}: ThreadNode): unknown {
  if (!message) return {id, depth, unreadable: true}
  const correlated = references.filter((link) => !message.references?.includes(link))
  return new MessageWith(message, {
    depth,
    asked,
    ...(places.length > 1 && {places}),
    ...(correlated.length > 0 && {correlated}),
  })
}

const redact: Operation<{message: string}> = {
  name: 'message.redact',
  summary: 'Remove the content and headers of a message for good.',
  http: {method: 'POST', path: '/messages/{message}/redact'},
  input: {type: 'object', properties: {message}, required: ['message']},
  async run({bus, input}) {
    const redacted = await bus.redact(input.message)
    const {id, redactedAt, redactedBy} = redacted[0]!
    const places = redacted.filter(({seq}) => seq > 0).map(({channel, seq}) => ({channel, seq}))
    return {id, places, redactedAt, redactedBy}
  },
}

const why: Operation<{message: string; who?: string}> = {
  name: 'message.why',
  summary: 'Why someone has or has not got a message.',
  http: {method: 'GET', path: '/messages/{message}/why'},
  input: {
    type: 'object',
    properties: {message, who: text('A reader, subscriber or group; default the actor.')},
    required: ['message'],
  },
  run: ({bus, input: {message, who}}) => bus.why(message, who),
}

export const MESSAGES = [list, search, ofConversation, show, thread, redact, why]
