import {describe, expect, test} from 'vitest'
import {
  answersOf,
  askedIn,
  type Channel,
  type ChannelState,
  changeSettings,
  checkAccepts,
  isAnsweredIn,
} from '../../src/model/channel.js'
import {refusal} from './refusal.js'

describe('what a channel takes', () => {
  test.each<[ChannelState, boolean]>([
    ['open', false],
    ['open', true],
    ['draining', true],
  ])('%s, a reply %j: taken', (state, isReply) => {
    checkAccepts({name: 'ops', state}, isReply)
  })

  test.each<[ChannelState, boolean]>([
    ['draining', false],
    ['closed', false],
    ['closed', true],
  ])('%s, a reply %j: refused', (state, isReply) => {
    const error = refusal(() => checkAccepts({name: 'ops', state}, isReply))
    expect([error.code, error.hint]).toEqual(['CHANNEL_CLOSED', 'leat channel open ops'])
    expect(error.message).toContain(`channel "ops" is ${state}`)
  })
})

describe('a change of settings', () => {
  const channel: Channel = {
    name: 'ops',
    state: 'open',
    title: 'T',
    restricted: true,
    retention: {maxMessages: 5},
    metadata: {a: 'b'},
    hidden: true,
    createdAt: 't',
    createdBy: 'alice',
    lastSeq: 3,
  }

  test('sets what is given, takes away what is null, leaves what is undefined', () => {
    const {title: _, ...rest} = channel
    expect(changeSettings(channel, {title: null, description: 'd', restricted: undefined})).toEqual({
      ...rest,
      description: 'd',
    })
    expect(changeSettings(channel, {retention: {maxAge: 1}}).retention).toEqual({maxAge: 1})
    expect(changeSettings(channel, {})).toEqual(channel)
  })

  test('what a channel always has goes back to its default', () => {
    const emptied = changeSettings(channel, {restricted: null, retention: null, metadata: null, hidden: null})
    expect(emptied).toEqual({...channel, restricted: false, retention: {}, metadata: {}, hidden: false})
  })

  test('changes nothing in place', () => {
    const before = structuredClone(channel)
    changeSettings(channel, {title: null, metadata: {x: 'y'}})
    expect(channel).toEqual(before)
  })
})

describe('the usual channel for answers', () => {
  const channel = (fields: Partial<Channel>): Channel => ({
    name: 'ops',
    state: 'open',
    restricted: false,
    retention: {},
    metadata: {},
    hidden: false,
    createdAt: '2026-01-05T10:00:00.000Z',
    createdBy: 'alice',
    lastSeq: 0,
    ...fields,
  })

  test('is named after the one that is asked in', () => {
    expect(answersOf('ops')).toBe('ops.replies')
    expect(askedIn(channel({name: 'ops.replies'}))).toBe('ops')
    expect(askedIn(channel({name: 'ops.replies.replies'}))).toBe('ops.replies')
    expect(askedIn(channel({}))).toBeUndefined()
  })

  test.each<[Partial<Channel>, boolean]>([
    [{name: 'ops.replies', hidden: true}, true],
    [{name: 'ops.replies', hidden: false}, false],
    [{name: 'ops.replies', hidden: true, createdBy: 'eve'}, false],
    [{name: 'dev.replies', hidden: true}, false],
  ])('%j is leat’s own for ops: %j', (fields, expected) => {
    expect(isAnsweredIn(channel({}), channel(fields))).toBe(expected)
  })
})
