/** What a process of the bench does with the bus, and how long each piece of it took. */
import type {Bus} from '../../bus/bus.js'
import type {FromChild, Job, Report} from './job.js'
import {steadyNow} from './samples.js'

/** Messages that a reader takes at once. */
export const PAGE = 100

type Of<Role extends Job['role']> = Extract<Job, {role: Role}>

/** Does a job from now on. Followers and responders go on until their process is ended. */
export function perform(bus: Bus, job: Job, say: (message: FromChild) => void): Promise<Report> {
  switch (job.role) {
    case 'send':
      return sendAll(bus, job)
    case 'read':
      return readAll(bus, job)
    case 'work':
      return workAll(bus, job)
    case 'follow':
      return followAll(bus, job, say)
    case 'echo':
      return answerAll(bus, job)
  }
}

/** A sample a message: from the call until it is on disk. */
async function sendAll(bus: Bus, {channel, size, count, duration}: Of<'send'>): Promise<Report> {
  const watch = new Stopwatch(duration)
  const body = 'x'.repeat(size)
  while (watch.done < count && !watch.isOver) {
    await bus.send(channel, {body})
    watch.lap()
  }
  return watch.report()
}

/** A sample a page: taken and committed. */
async function readAll(bus: Bus, {channel, reader, duration, again}: Of<'read'>): Promise<Report> {
  const watch = new Stopwatch(duration)
  for (let round = 1; round === 1 || again; round++) {
    for await (const taken of bus.read(channel, {reader: `${reader}-${round}`, all: true, limit: PAGE})) {
      await taken.commit()
      watch.lap(taken.messages.length)
      if (watch.isOver) return watch.report()
    }
  }
  return watch.report()
}

/** A sample a message: from the end of the one before until it is claimed, handled and acked. */
async function workAll(bus: Bus, {channel, duration, again}: Of<'work'>): Promise<Report> {
  const watch = new Stopwatch(duration)
  const over = new AbortController()
  const onSettled = (): void => {
    watch.lap()
    if (watch.isOver) over.abort()
  }
  const handler = async (): Promise<undefined> => undefined
  for (let round = 1; round === 1 || (again && !over.signal.aborted); round++)
    await bus.work(channel, handler, {group: `round-${round}`, untilEmpty: true, signal: over.signal, onSettled})
  return watch.report()
}

/** Says when each message came: when it was committed is known elsewhere. */
async function followAll(bus: Bus, {channel}: Of<'follow'>, say: (message: FromChild) => void): Promise<Report> {
  const watch = new Stopwatch(Number.POSITIVE_INFINITY)
  for await (const _ of bus.follow([channel], {from: 'start'})) {
    watch.lap()
    say({say: 'received', at: steadyNow()})
  }
  return watch.report()
}

async function answerAll(bus: Bus, {channel, concurrency}: Of<'echo'>): Promise<Report> {
  const watch = new Stopwatch(Number.POSITIVE_INFINITY)
  await bus.respond(channel, async ({body}) => ({body}), {concurrency})
  return watch.report()
}

/** Times between one end and the next. */
export class Stopwatch {
  done = 0
  readonly #began = steadyNow()
  readonly #until: number
  readonly #samples: number[] = []
  #last = this.#began

  /** @param duration milliseconds */
  constructor(duration: number) {
    this.#until = this.#began + duration
  }

  get isOver(): boolean {
    return this.#last >= this.#until
  }

  /** A piece of work has ended, and the next begins. */
  lap(messages = 1): void {
    const now = steadyNow()
    this.#samples.push(now - this.#last)
    this.#last = now
    this.done += messages
  }

  report(): Report {
    return {began: this.#began, ended: this.#last, done: this.done, samples: Float64Array.from(this.#samples)}
  }
}
