/** nats JetStream with file storage, as it comes: acknowledged when written, synced to disk every two minutes. */
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {timed} from '../measuring/processes.js'
import {client, clientsFolder, freePort, program, started} from './installed.js'

/** Messages that are on their way at once. */
const AT_ONCE = 1_000

export async function nats({folder, bodies}) {
  const server = program('nats-server', 'apt install nats-server')
  const {connect} = await client('@nats-io/transport-node/index.js')
  const {AckPolicy, jetstream, jetstreamManager, StorageType} = await client('@nats-io/jetstream/lib/mod.js')
  const port = await freePort()
  const store = join(folder, 'nats')
  mkdirSync(store)
  const {ready: connection, stop} = await started(
    [server, '-a', '127.0.0.1', '-p', String(port), '-js', '-sd', store],
    () => connect({port, reconnect: false}),
  )
  const manager = await jetstreamManager(connection)
  const stream = jetstream(connection)
  const make = (name) => manager.streams.add({name, subjects: [name], storage: StorageType.File})
  for (const name of ['ops', 'wake', 'jobs']) await make(name)
  const heard = []
  const subscription = connection.subscribe('wake', {callback: () => heard.shift()?.()})
  let round = 0
  let jobs
  return {
    name: 'nats JetStream, file storage',
    synced: false,
    note: 'the client is a script of node: Debian has no other',
    single: () => timed([process.execPath, join(clientsFolder(), 'nats-publish.js'), String(port), 'ops', 'hi']),
    bulkIn: async () => {
      const name = `bulk${++round}`
      await make(name)
      const began = performance.now()
      for (let at = 0; at < bodies.length; at += AT_ONCE)
        await Promise.all(bodies.slice(at, at + AT_ONCE).map((body) => stream.publish(name, body)))
      return {ms: performance.now() - began}
    },
    bulkOut: async () => {
      const consumer = await stream.consumers.get(`bulk${round}`)
      const began = performance.now()
      let left = bodies.length
      const messages = await consumer.consume({max_messages: AT_ONCE})
      for await (const message of messages) {
        message.string()
        if (--left === 0) break
      }
      return {ms: performance.now() - began}
    },
    wake: async (text) => {
      const arrived = new Promise((resolve) => heard.push(resolve))
      const began = performance.now()
      await Promise.all([stream.publish('wake', text), arrived])
      return performance.now() - began
    },
    queue: {
      fill: async (count) => {
        await manager.streams.purge('jobs')
        await manager.consumers.add('jobs', {durable_name: 'workers', ack_policy: AckPolicy.Explicit})
        jobs = await stream.consumers.get('jobs', 'workers')
        await Promise.all(Array.from({length: count}, () => stream.publish('jobs', bodies[0])))
      },
      take: async () => {
        const message = await jobs.next()
        await message.ackAck()
      },
    },
    close: async () => {
      subscription.unsubscribe()
      await connection.close()
      await stop()
    },
  }
}
