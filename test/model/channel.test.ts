import {describe, expect, test} from 'vitest'
import {type Channel, type ChannelState, changeSettings, checkAccepts} from '../../src/model/channel.js'
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
