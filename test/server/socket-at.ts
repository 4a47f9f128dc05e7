import {v7} from 'uuid'
import {onTestFinished} from 'vitest'
import {createBus} from '../../src/bus/bus.js'
import {followReader} from '../../src/server/following.js'
import {OPERATIONS} from '../../src/server/operations.js'
import {Runner} from '../../src/server/run.js'
import {openSocket, type SocketDoor, type SocketLimits} from '../../src/server/socket/server.js'
import {newState, openMemory} from '../store/memory/open.js'

/** A socket where a test wants it, with limits of its own, over a store in memory; it is closed when the test ends. */
export async function openSocketAt(path: string, limits: Partial<SocketLimits> = {}): Promise<SocketDoor> {
  const clock = Date.now
  const store = openMemory({state: newState(clock()), clock, ids: v7})
  const door = await openSocket({
    path,
    actor: 'alice',
    as: (actor) => createBus({store, actor, door: 'socket', clock, ids: v7}),
    admission: {everybody: 'alice'},
    runner: new Runner(OPERATIONS),
    readFollow: followReader(),
    onBug: (bug) => {
      throw bug
    },
    http: (socket) => void socket.destroy(),
    limits,
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= door.close())
  onTestFinished(async () => {
    await close()
    await store.close()
  })
  return {path, close}
}
