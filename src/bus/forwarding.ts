/** Messages on their way to another channel, of this store or another one, on behalf of whoever subscribed. */
import {LeatError} from '../model/errors.js'
import type {Draft, Receipt} from '../model/message.js'
import {type Bus, createBus} from './bus.js'
import type {Foundation, Store} from './context.js'
import {findPlaces} from './find.js'

export interface Forwarding {
  /**
   * Sends to a channel as an actor. What the draft answers or refers to is left out where the actor can't see it there.
   * @param target `store`: path or URL of another store, which must exist
   * @throws what `send` throws; NOT_FOUND, STORAGE, … the store can't be opened
   */
  forward(target: {channel: string; store?: string}, draft: Draft, actor: string): Promise<Receipt>
  /** Closes the other stores. */
  close(): Promise<void>
}

/**
 * @param foundation what the bus of this store is made of; its store stays open
 * @param openStore opens another one
 */
export function forwarding(foundation: Foundation, openStore: (address: string) => Promise<Store>): Forwarding {
  const stores = new Map<string, Promise<Store>>()
  const buses = new Map<string, Bus>()

  /** Kept open; where it can't be opened it is tried anew each time. */
  const storeAt = (address: string): Promise<Store> => {
    const store = stores.get(address) ?? openStore(address)
    stores.set(address, store)
    store.catch(() => stores.delete(address))
    return store
  }

  /** Kept, because a bus keeps the schemas that it has compiled. */
  const busFor = async (actor: string, address: string | undefined): Promise<Bus> => {
    const key = JSON.stringify([actor, address])
    const {clock, ids} = foundation
    const store = address === undefined ? foundation.store : await storeAt(address)
    const bus = buses.get(key) ?? createBus({store, actor, clock, ids})
    buses.set(key, bus)
    return bus
  }

  return {
    forward: async ({channel, store}, draft, actor) => {
      const bus = await busFor(actor, store)
      return bus.send(channel, await linkedThere(bus, draft))
    },
    close: async () => {
      const opened = await Promise.allSettled(stores.values())
      await Promise.all(opened.map((result) => result.status === 'fulfilled' && result.value.close()))
    },
  }
}

/** The draft with the links that lead somewhere. */
async function linkedThere({context}: Bus, {replyTo, references, ...draft}: Draft): Promise<Draft> {
  const isThere = async (id: string): Promise<boolean> => {
    try {
      return (await findPlaces(context, id)).length > 0
    } catch (error) {
      if (error instanceof LeatError && error.code === 'NOT_FOUND') return false
      throw error
    }
  }
  const there: string[] = []
  for (const id of references ?? []) if (await isThere(id)) there.push(id)
  return {
    ...draft,
    ...(replyTo !== undefined && (await isThere(replyTo)) && {replyTo}),
    ...(there.length > 0 && {references: there}),
  }
}
