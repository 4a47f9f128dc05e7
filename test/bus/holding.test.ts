/** Holds that last across calls. */
import {expect, test} from 'vitest'
import {numbered, refusal, sendEach, world} from './world.js'

async function ops() {
  const made = await world()
  await made.as('alice').createChannel('ops')
  await sendEach(made.as('alice'), 'ops', numbered(3))
  return made
}

test('what is taken is committed by a later call, in parts', async () => {
  const {as} = await ops()
  const bob = as('bob')
  const {hold, messages, upTo, created, end} = await bob.take('ops', {limit: 2})
  expect([messages.length, upTo, created, end]).toEqual([2, 2, true, false])
  const key = {channel: 'ops', hold}
  await as('bob').commitHold(key, 1)
  await as('bob').extendHold(key)
  await expect(bob.take('ops', {holdWait: 1})).rejects.toMatchObject(refusal('BUSY'))
  await as('bob').releaseHold(key)
  expect((await bob.take('ops')).messages.map(({seq}) => seq)).toEqual([2, 3])
  await expect(bob.commitHold(key, 2)).rejects.toMatchObject(refusal('STALE_CLAIM'))
})

test('nothing to give is no hold', async () => {
  const {as} = await ops()
  const first = await as('bob').take('ops')
  await as('bob').commitHold({channel: 'ops', hold: first.hold}, first.upTo)
  expect(await as('bob').take('ops')).toMatchObject({hold: '', messages: [], end: true})
  await expect(as('bob').take('ops', {wait: 1})).rejects.toMatchObject(refusal('TIMEOUT'))
})

test('who is gone before it is told holds nothing', async () => {
  const {as} = await ops()
  await as('bob').take('ops', {signal: AbortSignal.abort()})
  expect((await as('bob').take('ops', {holdWait: 1})).messages).toHaveLength(3)
})

test('who may not read the channel takes, commits and gives up nothing', async () => {
  const {as} = await ops()
  const {hold} = await as('bob').take('ops')
  await as('alice').updateChannel('ops', {restricted: true})
  const key = {channel: 'ops', hold}
  const bob = as('bob')
  const acts = [
    () => bob.take('ops'),
    () => bob.commitHold(key, 1),
    () => bob.extendHold(key),
    () => bob.releaseHold(key),
  ]
  for (const act of acts) await expect(act()).rejects.toMatchObject(refusal('FORBIDDEN'))
})

test('a filter needs a reader of its own', async () => {
  const {as} = await ops()
  await expect(as('bob').take('ops', {others: true})).rejects.toMatchObject(refusal('USAGE'))
  expect((await as('alice').take('ops', {others: true, reader: 'mine'})).messages).toEqual([])
})
