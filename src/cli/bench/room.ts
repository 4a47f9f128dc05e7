/** Where is measured: a store of its own, or a channel of its own in a store that was named. Nothing of it stays. */
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Bus} from '../../bus/bus.js'
import type {Environment} from '../environment.js'
import {openBusFor} from '../open.js'
import {onSignal} from '../signals.js'
import {Member} from './crew.js'
import type {Job} from './job.js'

export interface RoomOptions {
  /** Undefined: a temporary one. */
  store: string | undefined
  actor: string
  env: Environment
}

/** What a job leaves to the room. */
export type Task = Job extends infer Each
  ? Each extends Job
    ? Omit<Each, 'store' | 'actor' | 'channel'>
    : never
  : never

export interface Room {
  readonly bus: Bus
  readonly channel: string
  /** Starts processes for some tasks; returns when all are ready. They end with the room at the latest. */
  hire(tasks: readonly Task[]): Promise<Member[]>
}

/**
 * Runs `work` in a new room and clears it away afterwards, also when a signal ends the process meanwhile.
 * @throws NOT_FOUND, FORBIDDEN, STORAGE the named store or a channel in it
 */
export async function inRoom<T>(options: RoomOptions, work: (room: Room) => Promise<T>): Promise<T> {
  /** How to undo what was done, the last first. */
  const undo: (() => Promise<unknown>)[] = []
  let interrupted = false
  const clear = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step()
  }
  const stopListening = onSignal(() => {
    interrupted = true
    return clear()
  })
  try {
    return await work(await makeRoom(options, undo))
  } finally {
    // The signal is being obeyed: leaving now would turn it into an exit code.
    if (interrupted) await new Promise(() => {})
    await clear()
    stopListening()
  }
}

async function makeRoom({store, actor, env}: RoomOptions, undo: (() => Promise<unknown>)[]): Promise<Room> {
  const location = store ?? join(await temporaryFolder(undo), 'bench.db')
  const bus = await openBusFor({store: location, actor, env, create: store === undefined})
  undo.push(() => bus.close())
  const channel = `bench-${bus.context.ids().slice(-8)}`
  await bus.createChannel(channel, {title: 'leat bench', hidden: true})
  if (store !== undefined) undo.push(() => deleteAll(bus, channel))
  return {
    bus,
    channel,
    hire: async (tasks) => {
      const members = tasks.map((task) => new Member({...task, store: location, actor, channel}))
      undo.push(() => Promise.all(members.map((member) => member.dismiss())))
      await Promise.all(members.map(({ready}) => ready))
      return members
    },
  }
}

async function temporaryFolder(undo: (() => Promise<unknown>)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leat-bench-'))
  undo.push(() => rm(folder, {recursive: true, force: true}))
  return folder
}

/** The channel, and the one for its replies if there was a request. */
async function deleteAll(bus: Bus, channel: string): Promise<void> {
  const made = await bus.channels({pattern: `${channel}*`, all: true})
  for (const {name} of made) await bus.deleteChannel(name)
}
