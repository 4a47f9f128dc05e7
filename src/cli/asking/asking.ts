/** What is known where something is asked for, and what an answer is. */
import type {Interfaces} from '@oclif/core'
import type {Bus} from '../../bus/bus.js'
import {LeatError} from '../../model/errors.js'
import type {Message} from '../../model/message.js'
import type {Missing} from '../asks.js'
import type {Environment} from '../environment.js'
import type {Asker, Offer, Picking} from './inquire.js'
import {pick} from './inquire.js'

export interface Asking extends Asker {
  /** Absent: no store is there yet, or none is needed. */
  bus: Bus | undefined
  env: Environment
  config: Interfaces.Config
  /** Of the command: `channel:create`. */
  id: string
  /** What was given, and answered before. */
  args: Readonly<Record<string, unknown>>
  flags: Readonly<Record<string, unknown>>
  /** The command makes what is missing with `--create`. */
  creates: boolean
  now: number
}

/** The words that could have been typed instead. */
export interface Answer {
  word: string
  /** Flags that were answered along with it: `--title=…`. */
  flags?: readonly string[]
}

export type Ask = (asking: Asking, missing: Missing) => Promise<Answer>

/** The bus, for what is in a store. */
export function busOf({bus}: Asking): Bus {
  if (bus) return bus
  throw new LeatError('INTERNAL', 'something of a store is asked for where none is open')
}

/** Has one picked. @throws NOT_FOUND there is nothing to pick; Cancelled */
export async function picked(
  asking: Asking,
  {none, ...picking}: Picking & {none: {message: string; hint: string}},
): Promise<Answer> {
  if (picking.offers.length === 0 && !picking.typed?.(''))
    throw new LeatError('NOT_FOUND', none.message, {hint: none.hint})
  return {word: await pick(asking, picking)}
}

/** Characters or bytes of bodies that a list is made from: a person waits, and all of them are held meanwhile. */
const MOST_TEXT = 64 * 1024 * 1024

/** The first so many, fewer where their bodies are large. @param bodyOf the message whose body comes along */
export async function firstOf<T>(
  found: AsyncIterable<T>,
  most: number,
  bodyOf: (one: T) => Pick<Message, 'body'> | undefined = () => undefined,
): Promise<T[]> {
  const all: T[] = []
  let size = 0
  for await (const one of found) {
    size += bodyOf(one)?.body.length ?? 0
    if (all.push(one) >= most || size > MOST_TEXT) break
  }
  return all
}

/** Offers of which each has its line of columns. */
export const offersIn = <T>(
  found: readonly T[],
  lines: readonly string[],
  offer: (one: T) => Omit<Offer, 'label'>,
): Offer[] => found.map((one, at) => ({label: lines[at] as string, ...offer(one)}))
