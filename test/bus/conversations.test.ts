import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import {bodies, refusal, sendEach, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob] = [w.as('alice'), w.as('bob')]
})

describe('conversations', () => {
  test('made by hand or by a send; counts are what the actor sees', async () => {
    await alice.createChannel('ops')
    await alice.createChannel('hr', {restricted: true})
    await alice.createConversation('launch', {title: 'The launch', metadata: {a: 'b'}})
    await sendEach(alice, 'ops', ['1', '2'], {conversation: 'launch'})
    await sendEach(alice, 'hr', ['3'], {conversation: 'launch'})
    await sendEach(alice, 'ops', ['psst'], {conversation: 'launch', recipient: 'zoe'})
    await sendEach(alice, 'ops', ['x'], {conversation: 'adhoc'})
    expect(await bob.conversations('launch')).toMatchObject([{title: 'The launch', messages: 2, channels: ['ops']}])
    expect(await alice.conversations('launch')).toMatchObject([{messages: 4, channels: ['hr', 'ops']}])
    expect((await bob.conversations()).map(({name}) => name)).toEqual(['adhoc', 'launch'])
    await alice.createConversation('adhoc', {title: 'Named later'})
    await expect(alice.createConversation('launch')).rejects.toMatchObject(refusal('EXISTS'))
    await expect(alice.createConversation('a b')).rejects.toMatchObject(refusal('INVALID'))
    await expect(bob.conversations('tea')).rejects.toMatchObject(refusal('NOT_FOUND', /no conversation "tea"/))
    expect(await bodies(bob.log([], {filter: {conversation: 'launch'}}))).toEqual(['1', '2'])
  })
})
