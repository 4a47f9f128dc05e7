/** Everything that works on one store at once, killed at random moments: messages, cursors, claims, deliveries and the index agree afterwards. */
import assert from 'node:assert/strict'
import {existsSync, readFileSync, rmSync} from 'node:fs'
import {setTimeout as pause} from 'node:timers/promises'
import {type Bus, openTransports} from '../../src/index.js'
import {compareArrivals, Endpoint} from '../live/deliveries.js'
import {compareStory, LOG} from '../live/kills.js'
import {inRoom, listOf, now, type Room, type Started} from '../live/room.js'
import type {Figures} from './figures.js'
import {soundness} from './power-cut/sound.js'

const WRITERS = ['w0', 'w1']
const SUBSCRIBER = 'hook'
/** Milliseconds between two messages of a writer, at most. */
const EVERY = 40
/** Milliseconds that a message of work takes at most. */
const LONGEST = 60
/** Milliseconds that somebody who has begun lives on, at most; seldom so long. */
const LIFE = 3_000
/** Messages that are looked for in the index. */
const SEARCHED = 20

type Role = 'w0' | 'w1' | 'worker' | 'cursor' | 'door'
const ROLES: readonly Role[] = ['w0', 'w1', 'worker', 'cursor', 'door']

/** Kills two writers, a worker, a follower and a server with a push subscription, each again and again, some at once. */
export const killed = (wanted: number): Promise<Figures> =>
  inRoom(['stream', 'jobs'], async (room) => {
    const endpoint = await Endpoint.open()
    const posting = new AbortController()
    try {
      const push = {
        subscriber: SUBSCRIBER,
        transport: 'http',
        endpoint: `${endpoint.url}/${SUBSCRIBER}`,
        allowPrivate: true,
      }
      await room.bus.subscribe('stream', push)
      await room.bus.search('begin', {limit: 1}) // from then on the server keeps the index
      const crew = new Crew(room)
      const posted = post(room, posting.signal)
      let left = wanted
      const reap = async (role: Role): Promise<void> => {
        while (left-- > 0) await crew.kill(role)
      }
      await Promise.all(ROLES.map(reap))
      posting.abort()
      const acknowledged = await posted
      await crew.killAll()

      await compareMessages(room, acknowledged)
      const seen = await compareCursor(room)
      const again = await finishWork(room, crew.killedAt)
      const deliveries = await finishDeliveries(room, endpoint)
      await compareIndex(room.bus)
      await soundness(room.bus)
      const messages = (await room.bus.channels()).reduce((sum, channel) => sum + channel.messages, 0)
      return {
        kills: wanted,
        messages,
        posted: acknowledged.length,
        seen,
        begunAgain: again,
        deliveries,
        lost: 0,
        twice: 0,
      }
    } finally {
      posting.abort()
      endpoint.close()
    }
  })

/** One process a role, always. */
class Crew {
  readonly killedAt = new Map<string, number>()
  readonly #room: Room
  readonly #now: Record<Role, Started>
  #hired = 0

  constructor(room: Room) {
    this.#room = room
    this.#now = Object.fromEntries(ROLES.map((role) => [role, this.#hire(role)])) as Record<Role, Started>
  }

  /** At any moment, also of its start. */
  async kill(role: Role): Promise<void> {
    const victim = this.#now[role]
    // Two of three have done something by then.
    if (Math.random() < 0.67) await this.#atWork(role, victim)
    await pause(Math.random() ** 3 * LIFE)
    this.killedAt.set(victim.name, now())
    await victim.kill()
    this.#now[role] = this.#hire(role)
  }

  async killAll(): Promise<void> {
    for (const victim of Object.values(this.#now)) {
      this.killedAt.set(victim.name, now())
      await victim.kill()
    }
  }

  async #atWork(role: Role, victim: Started): Promise<void> {
    if (role === 'door') while (readyAt(this.#room) === undefined) await pause(10)
    else await victim.heard(role === 'worker' ? 'begun' : role === 'cursor' ? 'read' : 'sent')
  }

  #hire(role: Role): Started {
    const {start, log, notes} = this.#room
    const name = `${role}-${this.#hired++}`
    switch (role) {
      case 'worker':
        return start('worker', {name, log: log(LOG), options: {maxAttempts: 1_000_000}, longest: LONGEST})
      case 'cursor':
        return start('cursor', {name, log: log('cursor')})
      case 'door':
        rmSync(log('ready'), {force: true})
        return start('door', {name: 'web', ready: log('ready')})
      default: {
        // What was sent and not acknowledged is sent again: under the same key it is stored once.
        const first = notes(`sent-${role}`).length + 1
        return start('sender', {name: role, log: log(`sent-${role}`), first, every: EVERY})
      }
    }
  }
}

/** Where the server listens, once it does. */
function readyAt({log}: Room): string | undefined {
  const text = existsSync(log('ready')) ? readFileSync(log('ready'), 'utf8') : ''
  return /^ready (\S+)\n/.exec(text)?.[1]
}

interface Acknowledged {
  key: string
  places: string[]
}

/** Sends through whichever server is there, each message until it was acknowledged. */
async function post(room: Room, signal: AbortSignal): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = []
  for (let number = 1; !signal.aborted; ) {
    await pause(Math.random() * EVERY)
    try {
      const key = `post-${number}`
      const answer = await fetch(`${readyAt(room)}/v1/channels/stream/messages`, {
        method: 'POST',
        headers: {'content-type': 'application/json'},
        body: JSON.stringify({content: `post ${number}`, key}),
        signal: AbortSignal.timeout(5_000),
      })
      if (answer.status !== 201) continue
      const {sent} = (await answer.json()) as {sent: {channel: string; seq: number}[]}
      acknowledged.push({key, places: sent.map(({channel, seq}) => `${channel}/${seq}`)})
      number++
    } catch {
      // There is none just now, or it died in the middle of it: the same again.
    }
  }
  return acknowledged
}

/** Each acknowledged message is where it was said to be, once; seqs have no gaps. */
async function compareMessages({bus, notes}: Room, posted: readonly Acknowledged[]): Promise<void> {
  const keys = new Map<string, string>()
  for (const channel of ['stream', 'jobs']) {
    const messages = await listOf(bus.log([channel]))
    assert.deepEqual(
      messages.map(({seq}) => seq),
      messages.map((_, at) => at + 1),
    )
    for (const {seq, key} of messages) {
      const name = `${channel} ${key}`
      assert.ok(!keys.has(name), `${key} is in ${channel} twice`)
      keys.set(name, `${channel}/${seq}`)
    }
  }
  const written = WRITERS.flatMap((writer) =>
    notes(`sent-${writer}`).map(([number, ...places]) => ({key: `${writer}-${number}`, places})),
  )
  for (const {key, places} of [...written, ...posted])
    for (const place of places) assert.equal(keys.get(`${place.split('/')[0]} ${key}`), place, `${key} is lost`)
}

/** The cursor is not behind what was committed, and everything up to it was seen. Returns how many were. */
async function compareCursor({bus, notes}: Room): Promise<number> {
  const {cursor} = await bus.cursor('stream', 'bob')
  const seen = new Set<number>()
  const last = new Map<string, number>()
  for (const [word, name = '', text] of notes('cursor')) {
    const seq = Number(text)
    if (word === 'at') assert.ok(seq <= cursor, `the cursor is at ${cursor}, but was at ${seq}`)
    else {
      const before = last.get(name)
      assert.ok(before === undefined || seq === before + 1, `${name} saw ${seq} behind ${before}`)
      last.set(name, seq)
      seen.add(seq)
    }
  }
  for (let seq = 1; seq <= cursor; seq++) assert.ok(seen.has(seq), `${seq} was never seen`)
  return seen.size
}

/** What is left is done here. Returns how often a message was begun again. */
async function finishWork(room: Room, killedAt: ReadonlyMap<string, number>): Promise<number> {
  const doneHere = new Set<string>()
  const options = {maxAttempts: 1_000_000, untilEmpty: true, concurrency: 8}
  const {lost} = await room.bus.work('jobs', async ({message}) => void doneHere.add(message.id), options)
  assert.equal(lost, 0)
  assert.deepEqual(await room.bus.inFlight({channel: 'jobs'}), [])
  const ids = (await listOf(room.bus.log(['jobs']))).map(({id}) => id)
  return compareStory(room, ids, killedAt, doneHere)
}

/** What is left is delivered here. Returns how many were in all. */
async function finishDeliveries({bus}: Room, endpoint: Endpoint): Promise<number> {
  const transports = await openTransports(bus, {env: {}})
  await bus.deliver({transports, once: true})
  await transports.close()
  const all = await listOf(bus.deliveries({channel: 'stream'}))
  const {lastSeq} = await bus.channel('stream')
  assert.equal(all.length, lastSeq)
  assert.ok(all.every(({state}) => state === 'delivered'))
  assert.equal((await listOf(bus.deadLetters())).length, 0)
  compareArrivals(endpoint.arrivals, new Map(all.map((one) => [`${one.subscriber} ${one.seq}`, one.id])))
  return all.length
}

/** The index has what is stored, the last ones too. */
async function compareIndex(bus: Bus): Promise<void> {
  const messages = await listOf(bus.log(['stream']))
  for (const {content, id} of messages.slice(-SEARCHED)) {
    const {messages: found} = await bus.search(`"${content}"`, {channels: ['stream'], limit: 100})
    assert.ok(
      found.some((one) => one.id === id),
      `a search does not find ${JSON.stringify(content)}`,
    )
  }
}
