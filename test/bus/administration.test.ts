import {beforeEach, describe, expect, test} from 'vitest'
import {type Bus, createBus} from '../../src/bus/bus.js'
import {refusal, type World, world} from './world.js'

let w: World
/** The same actor, come through a network door. */
const throughDoor = (actor: string): Bus => createBus({...w.as(actor).context, door: 'http'})

beforeEach(async () => {
  w = await world()
})

/** What only administration may do. */
const ACTS: Record<string, (bus: Bus) => Promise<unknown>> = {
  grant: (bus) => bus.grant({permissions: ['submit'], to: [{actor: 'yan'}]}),
  revoke: (bus) => bus.revoke({permissions: ['submit'], to: [{actor: 'yan'}]}),
  createRole: (bus) => bus.createRole(`role-${bus.context.actor}`),
  createToken: (bus) => bus.createToken({actor: 'yan'}),
}

describe('while nobody manages all channels', () => {
  test.each(Object.keys(ACTS))('%s is for any process on this machine, and for no door', async (act) => {
    expect(await w.as('bob').administered()).toBe(false)
    await ACTS[act]?.(w.as('bob'))
    await expect(ACTS[act]?.(throughDoor('bob'))).rejects.toMatchObject(
      refusal('FORBIDDEN', /^bob may not .* through a door: nobody administers/, /^leat grant manage --all --to NAME/),
    )
  })

  test('a role that manages all and has no members changes nothing', async () => {
    const bob = w.as('bob')
    await bob.createRole('admins')
    await bob.grant({permissions: ['manage'], to: [{role: 'admins'}]})
    expect(await bob.administered()).toBe(false)
    await bob.changeRole('admins', {add: ['amy']})
    await expect(bob.changeRole('admins', {add: ['bob']})).rejects.toMatchObject(
      refusal('FORBIDDEN', 'bob may not change who is in role "admins": that is for who manages all channels'),
    )
  })
})

describe('when somebody does', () => {
  beforeEach(async () => {
    const anyone = w.as('anyone')
    await anyone.createRole('admins')
    await anyone.changeRole('admins', {add: ['ada']})
    await anyone.grant({permissions: ['manage'], to: [{role: 'admins'}]})
    await w.as('ada').grant({permissions: ['manage'], to: [{actor: 'amy'}]})
    await w.as('alice').createChannel('ops')
    await w.as('alice').grant({channel: 'ops', permissions: ['manage'], to: [{actor: 'max'}]})
  })

  test.each(Object.keys(ACTS))('%s is for who does, itself or through a role, through every door', async (act) => {
    expect(await throughDoor('eve').administered()).toBe(true)
    for (const bus of [w.as('amy'), throughDoor('ada')]) await ACTS[act]?.(bus)
    for (const bus of [w.as('anyone'), w.as('alice'), w.as('max'), throughDoor('max')])
      await expect(ACTS[act]?.(bus)).rejects.toMatchObject(
        refusal('FORBIDDEN', /that is for who manages all channels$/),
      )
  })

  test('it manages every channel', async () => {
    expect((await w.as('amy').updateChannel('ops', {title: 'by amy'})).title).toBe('by amy')
    expect((await throughDoor('ada').updateChannel('ops', {title: 'by ada'})).title).toBe('by ada')
  })

  test('the last one may give it up: then it is anyone’s on this machine again', async () => {
    await w.as('amy').revoke({permissions: ['manage'], to: [{actor: 'amy'}]})
    await expect(w.as('amy').createRole('x')).rejects.toMatchObject(refusal('FORBIDDEN'))
    await w.as('ada').changeRole('admins', {remove: ['ada']})
    expect(await w.as('eve').administered()).toBe(false)
    await w.as('eve').createRole('x')
    await expect(throughDoor('ada').createRole('y')).rejects.toMatchObject(refusal('FORBIDDEN', /through a door/))
  })
})

test('what is in the store is counted for who has it, through a door for administration alone', async () => {
  await w.as('alice').createChannel('hr', {restricted: true})
  expect((await w.as('eve').info()).channels).toBe(1)
  await expect(throughDoor('eve').info()).rejects.toMatchObject(refusal('FORBIDDEN'))
  await w.as('eve').grant({permissions: ['manage'], to: [{actor: 'amy'}]})
  await expect(throughDoor('eve').info()).rejects.toMatchObject(refusal('FORBIDDEN'))
  expect((await throughDoor('amy').info()).channels).toBe(1)
})
