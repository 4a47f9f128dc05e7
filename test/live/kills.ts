/** Workers that are killed at random moments, and messages that kill their workers. */
import assert from 'node:assert/strict'
import {setTimeout as pause} from 'node:timers/promises'
import {inRoom, lines, listOf, now, type Room, type Started} from './room.js'

/** Workers, some of which are still starting: that takes longer than a kill. */
const WORKERS = 6
/** So many have to be at work when one of them is killed. */
const AT_WORK = 3
/** Messages that wait at least, so that nobody is idle then. */
const BACKLOG = 100
/** Milliseconds that a message takes at most; most take a few. */
const LONGEST = 100
/** Where workers note what they do. */
export const LOG = 'work'

/**
 * Law 7 under SIGKILL: every message is done at least once; none is acked twice; nobody begins one that another, still
 * alive, has begun; nothing stays in flight.
 */
export const kills = (wanted: number) =>
  inRoom(['jobs'], async (room) => {
    const crew = new Crew(room)
    const killedAt = new Map<string, number>()
    let sent = 0
    for (let count = 0; count < wanted; count++) {
      sent += await feed(room, sent)
      const victim = await crew.oneAtWork()
      await pause((Math.random() * LONGEST) / 2)
      killedAt.set(victim.name, now())
      await victim.kill()
      crew.fill()
    }
    for (const worker of crew.alive) {
      killedAt.set(worker.name, now())
      await worker.kill()
    }
    // What is left is done here.
    const doneHere = new Set<string>()
    const options = {maxAttempts: 1_000_000, untilEmpty: true, concurrency: 8}
    const report = await room.bus.work('jobs', async ({message}) => void doneHere.add(message.id), options)

    assert.equal(report.lost, 0)
    assert.deepEqual(await room.bus.inFlight({channel: 'jobs'}), [])
    assert.equal((await listOf(room.bus.deadLetters({channel: 'jobs'}))).length, 0)
    const ids = await messageIds(room)
    assert.equal(ids.length, sent)
    const again = compareStory(room, ids, killedAt, doneHere)
    return {kills: killedAt.size, messages: sent, begunAgain: again}
  })

/**
 * What workers have noted about each message against who was killed when, and what was done here in the end.
 * @returns how often a message was begun again @throws one was never done, acked twice, or begun while another had it
 */
export function compareStory(
  room: Room,
  ids: readonly string[],
  killedAt: ReadonlyMap<string, number>,
  doneHere: ReadonlySet<string>,
): number {
  const story = storyOf(room)
  let again = 0
  for (const id of ids) {
    const {begun, ended, acked} = story.get(id) ?? {begun: [], ended: [], acked: []}
    const done = ended.length + (doneHere.has(id) ? 1 : 0)
    assert.ok(done >= 1, `${id} was never done`)
    assert.ok(acked.length + (doneHere.has(id) ? 1 : 0) <= 1, `${id} was acked twice: ${acked.join(', ')}`)
    for (const [at, {worker}] of begun.entries()) {
      const next = begun[at + 1]
      if (!next) continue
      again++
      const killed = killedAt.get(worker)
      assert.ok(killed !== undefined && killed <= next.time, `${next.worker} began ${id} while ${worker} had it`)
    }
  }
  return again
}

/** A message that kills whoever works on it is given up after `maxAttempts`; all others are done. */
export const poison = (poisonous: number, good: number, maxAttempts: number) =>
  inRoom(['jobs'], async (room) => {
    const every = Math.ceil(good / poisonous)
    await room.bus.sendAll(
      'jobs',
      lines(good + poisonous, (line) => (line % (every + 1) === 1 ? 'poison' : `good ${line}`)),
    )
    const given = {log: room.log(LOG), options: {maxAttempts, untilEmpty: true}, longest: 0}
    let deaths = 0
    while ((await room.start('worker', {name: `worker-${deaths}`, ...given}).ended) === 'SIGKILL') {
      deaths++
      assert.ok(deaths <= poisonous * maxAttempts, 'what has killed its last worker is not given again')
    }

    const dead = await listOf(room.bus.deadLetters({channel: 'jobs'}))
    assert.deepEqual(await room.bus.inFlight({channel: 'jobs'}), [])
    assert.equal(dead.length, poisonous)
    for (const letter of dead) {
      assert.equal(letter.message.content, 'poison')
      assert.equal(letter.attempts, maxAttempts)
    }
    const story = storyOf(room)
    const acked = [...story.values()].filter((one) => one.acked.length === 1)
    assert.equal(acked.length, good)
    for (const {message} of dead) assert.equal(story.get(message.id)?.begun.length, maxAttempts)
    assert.equal(deaths, poisonous * maxAttempts)
    return {deaths, deadLetters: dead.length, done: acked.length}
  })

/** Workers at work; who is gone is replaced. */
class Crew {
  readonly #room: Room
  #workers: Started[] = []
  #hired = 0

  constructor(room: Room) {
    this.#room = room
    this.fill()
  }

  get alive(): readonly Started[] {
    return this.#workers
  }

  fill(): void {
    this.#workers = this.#workers.filter(({isOver}) => !isOver)
    while (this.#workers.length < WORKERS) this.#workers.push(this.#hire())
  }

  /** Any of those that are at work, once there are enough. */
  async oneAtWork(): Promise<Started> {
    for (;;) {
      const [begun, starting] = [true, false].map((is) => this.#workers.filter((worker) => worker.has('begun') === is))
      if (begun!.length >= AT_WORK) return begun![Math.floor(Math.random() * begun!.length)]!
      await Promise.any(starting!.map((worker) => worker.heard('begun')))
    }
  }

  #hire(): Started {
    const name = `worker-${this.#hired++}`
    const options = {maxAttempts: 1_000_000}
    return this.#room.start('worker', {name, log: this.#room.log(LOG), options, longest: LONGEST})
  }
}

/** Sends more when less than the backlog is left. Returns how many. */
async function feed({bus}: Room, sent: number): Promise<number> {
  const group = await bus.context.store.consumers.get({channel: 'jobs', kind: 'workers', name: 'workers'})
  if (sent - (group?.cursor ?? 0) >= BACKLOG) return 0
  const {stored} = await bus.sendAll(
    'jobs',
    lines(2 * BACKLOG, (line) => `job ${sent + line}`),
  )
  return stored
}

interface Story {
  /** By time. */
  begun: {worker: string; time: number}[]
  ended: string[]
  acked: string[]
}

/** What was noted about each message. */
function storyOf({notes}: Room): Map<string, Story> {
  const stories = new Map<string, Story>()
  for (const [word = '', id = '', worker = '', time] of notes(LOG)) {
    const story = stories.get(id) ?? {begun: [], ended: [], acked: []}
    stories.set(id, story)
    if (word === 'begin') story.begun.push({worker, time: Number(time)})
    else if (word === 'end') story.ended.push(worker)
    else if (word === 'done') story.acked.push(worker)
  }
  for (const {begun} of stories.values()) begun.sort((a, b) => a.time - b.time)
  return stories
}

const messageIds = async ({bus}: Room): Promise<string[]> => (await listOf(bus.log(['jobs']))).map(({id}) => id)
