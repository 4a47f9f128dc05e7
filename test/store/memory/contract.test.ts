import {randomUUID} from 'node:crypto'
import {DEFAULT_LEASE, DEFAULT_MAX_ATTEMPTS} from '../../../src/model/claim.js'
import {only, seqs} from '../contract/bench.js'
import {storeContract} from '../contract/contract.js'
import {type Harness, testClock} from '../contract/harness.js'
import {randomDelays} from './delays.js'
import {type MemoryStore, newState, openMemory} from './open.js'

/** Stores in memory, each with delays of its own: the same in every run, others in every test. */
function memoryHarnesses(tellsDeath: boolean): () => Promise<Harness> {
  let seed = 0
  return async () => {
    const clock = testClock()
    const state = newState(clock.now(), {tellsDeath})
    const delays = randomDelays(++seed)
    const opened: MemoryStore[] = []
    const open = async (): Promise<MemoryStore> => {
      const store = openMemory({state, clock: clock.now, ids: randomUUID, delays})
      opened.push(store)
      return store
    }
    return {
      open,
      clock,
      ids: randomUUID,
      gapless: true,
      checks: true,
      dying: {
        told: tellsDeath,
        take: async (reader, limit) => {
          const store = await open()
          const batch = await store.consumers.take(reader, {actor: reader.reader, limit, wait: 0})
          store.die()
          return seqs(batch)
        },
        claim: async (group, limit) => {
          const store = await open()
          const batch = await store.claims.claim(group, {
            actor: 'w1',
            limit,
            lease: DEFAULT_LEASE,
            maxAttempts: DEFAULT_MAX_ATTEMPTS,
            bound: true,
          })
          store.die()
          return batch.claims.map(({message}) => message.seq)
        },
        deliver: async (key) => {
          const store = await open()
          const {claim} = await store.deliveries.take(key, {lease: DEFAULT_LEASE})
          store.die()
          return claim && {id: claim.delivery.id, attempts: claim.delivery.attempts}
        },
        join: async (group) => {
          const store = await open()
          await store.claims.join(group, 'w1')
          store.die()
        },
        append: async (channel, bodies) => {
          const store = await open()
          const given: number[] = []
          for (const body of bodies) {
            const outgoing = {
              id: randomUUID(),
              channels: [channel],
              sender: 'alice',
              type: 'message',
              body,
              contentType: 'text/plain',
            }
            const sent = only(only(await store.messages.append([outgoing])).sent)
            if ('seq' in sent) given.push(sent.seq)
          }
          store.die()
          return given
        },
      },
      end: async () => {
        await Promise.all(opened.map((store) => store.close()))
      },
    }
  }
}

storeContract('memory, where a death is told', memoryHarnesses(true))
storeContract('memory, where only the lease ends', memoryHarnesses(false))
