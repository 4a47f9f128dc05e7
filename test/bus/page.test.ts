/** Pages of history. */
import {expect, test} from 'vitest'
import {matches} from '../../src/model/filter.js'
import {all, lines, refusal, world} from './world.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
type Any = any

const NAMES = ['a', 'b', 'c']

async function filled(each: number) {
  const {as, store} = await world()
  const alice = as('alice')
  for (const name of NAMES) await alice.createChannel(name)
  for (let n = 0; n < each; n++)
    for (const name of NAMES) await alice.send(name, {body: `${n % 7} ${name}`, type: n % 3 ? 'x' : 'y'})
  return {as, alice, store}
}

/** Every page until the end; all that came. */
async function walk(bus: Any, channels: string[], options: Any): Promise<string[]> {
  const found: string[] = []
  const side = options.order === 'backward' ? 'before' : 'after'
  for (let next: Any; ; ) {
    const page = await bus.page(channels, {...options, ...(next && {[side]: next})})
    expect(page.messages.length).toBeLessThanOrEqual(options.limit)
    found.push(...page.messages.map(({channel, seq}: Any) => `${channel}/${seq}`))
    if (page.end) return found
    next = page.next
  }
}

test.each(
  (['forward', 'backward'] as const).flatMap((order) =>
    [['a'], NAMES].flatMap((channels) =>
      [{}, {text: '3'}, {types: ['y'], text: '0'}, {senders: ['nobody']}].flatMap((filter) =>
        [1, 7, 1000].map((limit) => [order, channels.join(), JSON.stringify(filter), limit] as const),
      ),
    ),
  ),
)('%s through %s with %s, %i at once, is all that the log has', async (order, names, filter, limit) => {
  const {alice} = await filled(60)
  const channels = names.split(',')
  const wanted = JSON.parse(filter)
  const logged = (await all(alice.log(channels)))
    .filter((message) => matches(message, wanted))
    .map(({channel, seq}) => `${channel}/${seq}`)
  const expected = order === 'forward' ? logged : logged.reverse()
  expect(await walk(alice, channels, {order, limit, filter: wanted})).toEqual(expected)
})

test('a page of much history gives others their turn', async () => {
  const {as} = await world()
  const alice = as('alice')
  await alice.createChannel('a')
  await alice.sendAll('a', lines(Array.from({length: 25_000}, () => ({body: 'hay'}))))
  await alice.send('a', {body: 'needle'})
  let turns = 0
  const turn = (): void => {
    turns++
    next = setImmediate(turn)
  }
  let next = setImmediate(turn)
  const forward = await alice.page(['a'], {limit: 10, filter: {text: 'needle'}})
  expect(forward).toMatchObject({messages: [{seq: 25_001}], next: {a: 25_001}, end: true})
  expect(turns).toBeGreaterThan(1)
  const none = await alice.page(['a'], {limit: 10, order: 'backward', before: {a: 25_001}, filter: {text: 'needle'}})
  expect(none).toMatchObject({messages: [], end: true})
  clearImmediate(next)
})

test('what is rare in much history is found in order, from both sides', async () => {
  const {as} = await world()
  const alice = as('alice')
  await alice.createChannel('a')
  const bodies = Array.from({length: 32_000}, (_, n) => ({body: n % 4_999 === 0 ? 'needle' : 'hay'}))
  await alice.sendAll('a', lines(bodies))
  const expected = [1, 5_000, 9_999, 14_998, 19_997, 24_996, 29_995].map((seq) => `a/${seq}`)
  const filter = {text: 'needle'}
  for (const limit of [1, 2, 100]) {
    expect(await walk(alice, ['a'], {order: 'forward', limit, filter})).toEqual(expected)
    expect(await walk(alice, ['a'], {order: 'backward', limit, filter})).toEqual([...expected].reverse())
  }
})

test('a call that is called off looks no further', async () => {
  const {as} = await world()
  const alice = as('alice')
  await alice.createChannel('a')
  await alice.sendAll('a', lines(Array.from({length: 25_000}, () => ({body: 'hay'}))))
  const page = await alice.page(['a'], {limit: 10, filter: {text: 'needle'}, signal: AbortSignal.abort()})
  expect(page).toMatchObject({messages: [], end: false})
})

test('what can not be a page is refused', async () => {
  const {as} = await filled(1)
  await as('alice').updateChannel('b', {restricted: true})
  for (const limit of [0, 1.5, -1])
    await expect(as('bob').page(['a'], {limit})).rejects.toMatchObject(refusal('INVALID'))
  await expect(as('bob').page(['b'], {limit: 1})).rejects.toMatchObject(refusal('FORBIDDEN'))
  await expect(as('bob').page(['z'], {limit: 1})).rejects.toMatchObject(refusal('NOT_FOUND'))
  await expect(as('bob').page(['z*'], {limit: 1})).rejects.toMatchObject(refusal('NOT_FOUND'))
  await expect(as('bob').page(['a'], {limit: 1, after: '9'})).rejects.toMatchObject(refusal('INVALID'))
})
