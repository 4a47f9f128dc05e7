/** How much of one actor's bodies is in memory at once: many large ones at a time would be too much for the server. */
import type {FastifyInstance, FastifyRequest} from 'fastify'
import {LeatError} from '../../model/errors.js'
import type {Limits} from '../limits.js'
import {callerAt} from './admission.js'

/** What an actor's bodies take. */
class Room {
  readonly #most: number
  readonly #taken = new Map<string, number>()

  /** @param most bytes of one actor */
  constructor(most: number) {
    this.#most = most
  }

  /** @throws BUSY there is no room for so many bytes more */
  take(actor: string, bytes: number): void {
    const taken = (this.#taken.get(actor) ?? 0) + bytes
    if (taken > this.#most)
      throw new LeatError('BUSY', `bodies of ${actor} with ${this.#most / 1024 / 1024} MiB are on their way already`)
    this.#taken.set(actor, taken)
  }

  giveBack(actor: string, bytes: number): void {
    const left = (this.#taken.get(actor) ?? 0) - bytes
    if (left <= 0) this.#taken.delete(actor)
    else this.#taken.set(actor, left)
  }
}

/** Makes room for a body before it is read, and gives it back when it was answered. */
export function limitBodies(app: FastifyInstance, {body, bodies}: Limits): void {
  const room = new Room(bodies)
  app.addHook('preParsing', async (request, reply) => {
    const bytes = sizeOf(request, body)
    if (bytes === 0) return
    const {actor} = callerAt(request)
    room.take(actor, bytes)
    reply.raw.once('close', () => room.giveBack(actor, bytes))
  })
}

/** What is announced; the most that there may be where nothing is. */
function sizeOf({headers}: FastifyRequest, most: number): number {
  const announced = headers['content-length']
  if (announced !== undefined) return Math.min(Number(announced) || 0, most)
  return headers['transfer-encoding'] === undefined ? 0 : most
}
