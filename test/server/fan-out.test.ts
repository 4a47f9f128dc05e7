/** Many streams at one server: what they look at together, each sees as if it were alone. */
import {expect, onTestFinished, test} from 'vitest'
import {sharedLooks} from '../../src/bus/shared-looks.js'
import type {ArrivalsQuery} from '../../src/store/store.js'
import {until} from '../cli/background.js'
import {type House, house, tokenOf} from './house.js'

interface Reading {
  /** Seqs of the messages that came. */
  seqs: number[]
  error?: string
}

/** Reads the stream of `ops` as an actor, from its start. */
async function reading(server: House, actor: string): Promise<Reading> {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const answer = await fetch(`${server.http}/v1/channels/ops/stream?from=start`, {
    headers: {authorization: `Bearer ${tokenOf(actor)}`},
    signal: over.signal,
  })
  const got: Reading = {seqs: []}
  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of answer.body ?? []) {
      const events = (text + Buffer.from(chunk).toString()).split('\n\n')
      text = events.pop()!
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1] ?? '{}'
        if (event.includes('event: leat.error')) got.error = JSON.parse(data).error.code
        else if (event.includes('event: message')) got.seqs.push(JSON.parse(data).seq)
      }
    }
  }
  void read().catch((error) => {
    if (!over.signal.aborted) throw error
  })
  return got
}

test('forty streams of four actors each get all that is for them, once and in order', async () => {
  const server = await house()
  const root = server.as('root')
  await root.createChannel('ops')
  const actors = ['alice', 'bob', 'carol', 'dave']
  const streams = await Promise.all(
    Array.from({length: 40}, async (_, n) => ({actor: actors[n % 4]!, got: await reading(server, actors[n % 4]!)})),
  )
  const wanted: Record<string, number[]> = {alice: [], bob: [], carol: [], dave: []}
  for (let n = 1; n <= 300; n++) {
    const recipient = n % 3 === 0 ? actors[n % 4] : undefined
    await root.send('ops', {body: `${n}`, recipient})
    for (const actor of actors) if (recipient === undefined || recipient === actor) wanted[actor]!.push(n)
  }
  for (const {actor, got} of streams) {
    await until(() => expect(got.seqs).toEqual(wanted[actor]))
  }
})

test('whoever may not read any more gets nothing more, while the others go on', async () => {
  const server = await house()
  const root = server.as('root')
  await root.createChannel('ops')
  const readers = ['alice', 'bob', 'carol']
  await root.updateChannel('ops', {restricted: true})
  await root.grant({permissions: ['subscribe'], to: readers.map((actor) => ({actor})), channel: 'ops'})
  const streams = await Promise.all(readers.map((actor) => reading(server, actor)))
  await root.send('ops', {body: 'for all'})
  for (const got of streams) await until(() => expect(got.seqs).toEqual([1]))
  await root.revoke({permissions: ['subscribe'], to: [{actor: 'bob'}], channel: 'ops'})
  for (let n = 0; n < 50; n++) await root.send('ops', {body: 'not for bob'})
  const [alice, bob, carol] = streams
  await until(() => expect([alice, carol].map((got) => got?.seqs.length)).toEqual([51, 51]))
  await until(() => expect(bob).toEqual({seqs: [1], error: 'FORBIDDEN'}))
})

test('what was asked in this turn is not asked again, but where nothing was found', async () => {
  const server = await house()
  await server.as('alice').createChannel('ops')
  await server.as('alice').send('ops', {body: 'one'})
  let asked = 0
  const {messages} = server.store
  const counted = {
    ...messages,
    arrivals: (query: ArrivalsQuery) => {
      asked++
      return messages.arrivals(query)
    },
  }
  const looks = sharedLooks({...server.store, messages: counted})
  const arrivals = (actor: string, after: number) =>
    looks.messages.arrivals({channels: [{name: 'ops', after}], actor, limit: 50})
  const pages = await Promise.all([arrivals('alice', 0), arrivals('bob', 0), arrivals('carol', 0)])
  expect(pages.map((page) => page.messages.map(({seq}) => seq))).toEqual([[1], [1], [1]])
  expect(asked).toBe(1)
  expect((await arrivals('alice', 1)).messages).toEqual([])
  await server.as('alice').send('ops', {body: 'two'})
  expect((await arrivals('alice', 1)).messages).toHaveLength(1)
  expect(asked).toBe(3)
})
