/**
 * A world that has something in it already, put there through the library: what a test is not about should not cost
 * processes.
 */
import {mkdirSync} from 'node:fs'
import {dirname} from 'node:path'
import {onTestFinished} from 'vitest'
import {type Bus, openBus} from '../../src/index.js'
import {type World, world} from './leat.js'

export interface Filled extends World {
  /** The same store through the library, as some actor (default `alice`). Open until the test ends. */
  bus(actor?: string): Promise<Bus>
}

/** A world with a channel `ops` of alice's, in which are so many messages: `1`, `2`, … */
export async function filled(count: number, options?: {defaultStore?: boolean}): Promise<Filled> {
  const made = world(options)
  const open = new Map<string, Promise<Bus>>()
  const bus = (actor = 'alice'): Promise<Bus> => {
    if (!open.has(actor)) open.set(actor, openBus({store: made.store, as: actor, create: true}))
    return open.get(actor) as Promise<Bus>
  }
  onTestFinished(async () => {
    for (const opened of open.values()) await (await opened).close()
  })
  mkdirSync(dirname(made.store), {recursive: true, mode: 0o700})
  const alice = await bus()
  await alice.createChannel('ops')
  const lines = async function* () {
    for (let line = 1; line <= count; line++) yield {line, draft: {body: String(line)}}
  }
  await alice.sendAll('ops', lines())
  return {...made, bus}
}
