/** redis streams: synced before each acknowledgement (`appendfsync always`), or once a second. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {timed, timedBetween} from '../measuring/processes.js'
import {program, started} from './installed.js'
import {encoded, redisClient} from './resp.js'

/** @param {'always' | 'everysec'} sync */
export async function redis({folder, bodies}, sync) {
  const server = program('redis-server', 'apt install redis-server')
  const cli = program('redis-cli', 'apt install redis-tools')
  const socket = join(folder, `redis-${sync}.sock`)
  const {ready: client, stop} = await started(
    [
      ...[server, '--port', '0', '--unixsocket', socket, '--dir', folder, '--appendfilename', `redis-${sync}.aof`],
      ...['--appenddirname', `redis-${sync}`, '--appendonly', 'yes', '--appendfsync', sync, '--save', ''],
    ],
    () => redisClient(socket),
  )
  const follower = await redisClient(socket)
  let round = 0
  let seen = '0'
  return {
    name: `redis, appendfsync ${sync}`,
    synced: sync === 'always',
    single: () => timed([cli, '-s', socket, 'XADD', 'ops', '*', 'body', 'hi']),
    bulkIn: () => {
      const from = join(folder, `redis-${sync}.in`)
      round++
      writeFileSync(from, bodies.map((body) => encoded(['XADD', `bulk${round}`, '*', 'body', body])).join(''))
      return timedBetween([cli, '-s', socket, '--pipe'], {from})
    },
    bulkOut: () => timedBetween([cli, '-s', socket, '--raw', 'XRANGE', `bulk${round}`, '-', '+']),
    wake: async (text) => {
      const arrived = follower.ask('XREAD', 'BLOCK', '0', 'STREAMS', 'wake', seen)
      const began = performance.now()
      client.ask('XADD', 'wake', '*', 'body', text)
      const [[, [[id]]]] = await arrived
      seen = id
      return performance.now() - began
    },
    queue: {
      fill: async (count) => {
        await client.ask('DEL', 'jobs')
        await client.ask('XGROUP', 'CREATE', 'jobs', 'workers', '0', 'MKSTREAM')
        await Promise.all(Array.from({length: count}, () => client.ask('XADD', 'jobs', '*', 'body', bodies[0])))
      },
      take: async () => {
        const [[, [[id]]]] = await client.ask(
          'XREADGROUP',
          'GROUP',
          'workers',
          'bench',
          'COUNT',
          '1',
          'STREAMS',
          'jobs',
          '>',
        )
        await client.ask('XACK', 'jobs', 'workers', id)
      },
    },
    close: async () => {
      client.close()
      follower.close()
      await stop()
    },
  }
}
