import {describe, expect, test} from 'vitest'
import {type Filter, isEmptyFilter, isLive, isVisible, matches} from '../../src/model/filter.js'
import {Message} from '../../src/model/message.js'

const TIME = Date.UTC(2026, 0, 5, 10)

const message = new Message({
  seq: 1,
  id: 'i',
  channel: 'ops',
  sender: 'alice',
  type: 'a.b',
  body: 'Hello 100%',
  contentType: 'text/plain',
  time: new Date(TIME).toISOString(),
  thread: 'i',
  recipient: 'bob',
  conversation: 'c',
  correlationId: 'x',
  replyTo: 'p',
})

describe('filters', () => {
  test.each<[Filter, boolean]>([
    [{}, true],
    [{types: ['z', 'a.b']}, true],
    [{types: ['a']}, false],
    [{types: []}, false],
    [{senders: ['alice']}, true],
    [{senders: ['bob']}, false],
    [{notSender: 'alice'}, false],
    [{notSender: 'bob'}, true],
    [{recipient: 'bob'}, true],
    [{recipient: 'alice'}, false],
    [{conversation: 'c'}, true],
    [{conversation: 'C'}, false],
    [{correlationId: 'x'}, true],
    [{correlationId: 'y'}, false],
    [{replyTo: 'p'}, true],
    [{replyTo: 'i'}, false],
    [{thread: 'i'}, true],
    [{thread: 'p'}, false],
    [{text: 'lo 1'}, true],
    [{text: 'hello'}, false],
    [{text: '%'}, true],
    [{text: ''}, true],
    [{since: TIME}, true],
    [{since: TIME + 1}, false],
    [{until: TIME}, false],
    [{until: TIME + 1}, true],
    [{types: ['a.b'], senders: ['bob']}, false],
    [{types: undefined, recipient: undefined}, true],
  ])('%j: %j', (filter, expected) => {
    expect(matches(message, filter)).toBe(expected)
  })

  test('bytes have no text', () => {
    const bytes = new Message({...message, body: new TextEncoder().encode('Hello')})
    expect(matches(bytes, {text: 'Hello'})).toBe(false)
  })

  test('a filter is empty if nothing is asked', () => {
    expect([{}, {types: undefined}, {types: []}, {since: 0}, {text: ''}].map(isEmptyFilter)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('who sees what', () => {
  test.each([
    [undefined, 'eve', false, true],
    ['bob', 'bob', false, true],
    ['bob', 'alice', false, true],
    ['bob', 'eve', false, false],
    ['bob', 'eve', true, true],
    ['bob', 'Bob', false, false],
  ])('a message of alice for %j, %s looks, all %j: %j', (recipient, actor, all, seen) => {
    expect(isVisible({sender: 'alice', ...(recipient !== undefined && {recipient})}, {actor, all})).toBe(seen)
  })

  test('a message lives until it expires', () => {
    const expiresAt = new Date(TIME).toISOString()
    expect([isLive({}, TIME), isLive({expiresAt}, TIME - 1), isLive({expiresAt}, TIME)]).toEqual([true, true, false])
  })
})
