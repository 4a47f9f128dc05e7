import {randomUUID} from 'node:crypto'
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
      dying: {
        told: tellsDeath,
        take: async (reader, limit) => {
          const store = await open()
          const batch = await store.consumers.take(reader, {actor: reader.reader, limit, wait: 0})
          store.die()
          return seqs(batch)
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
