/** Clients that open a stream, half of them at the WebSocket, and never read: the server stays small, its store's log too, and others are served. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync, statSync} from 'node:fs'
import {connect, type Socket} from 'node:net'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {fileURLToPath} from 'node:url'
import {inRoom, now, type Room} from './room.js'

const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const MEBIBYTE = 1024 * 1024
/** Bytes. */
const MOST_MEMORY = 300 * MEBIBYTE
const MOST_WAL = 64 * MEBIBYTE
/** Characters of a message. */
const SIZE = 1000

/** @param count streams that stall @param sends messages sent meanwhile */
export const stalledStreams = (count: number, sends: number) =>
  inRoom(['ops'], async (room) => {
    const server = spawn(process.execPath, [BIN, 'serve', '--no-auth', '--no-deliver', '--port', '0'], {
      env: {...process.env, LEAT_STORE: room.store, LEAT_AS: 'web'},
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const stalled: Socket[] = []
    try {
      const url = await readyAt(server)
      for (let n = 0; n < count; n++) stalled.push(await (n % 2 === 0 ? stallingStream(url) : stallingFollow(url)))
      const reader = reading(url)
      await reader.opened
      const watch = watching(room, server, url)
      await sendLines(room, sends)
      await reader.upTo(sends)
      const most = await watch.end()
      assert.ok(most.memory < MOST_MEMORY, `the server took ${most.memory} bytes`)
      assert.ok(most.wal < MOST_WAL, `the log grew to ${most.wal} bytes`)
      assert.ok(most.served > 0)
      return {
        streams: count,
        messages: sends,
        memoryMiB: Math.round(most.memory / MEBIBYTE),
        walMiB: Math.round(most.wal / MEBIBYTE),
        served: most.served,
        slowestMs: Math.round(most.slowest),
      }
    } finally {
      for (const socket of stalled) socket.destroy()
      server.kill('SIGKILL')
    }
  })

/** In a process of its own, so that this one can watch. */
async function sendLines({store}: Room, count: number): Promise<void> {
  const sender = spawn(process.execPath, [BIN, 'send', 'ops', '--lines', '--quiet'], {
    env: {...process.env, LEAT_STORE: store, LEAT_AS: 'alice'},
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(sender, 'close')
  await pipeline(Readable.from(numbered(count)), sender.stdin)
  assert.deepEqual(await ended, [0, null])
}

function* numbered(count: number): Generator<string> {
  for (let line = 1; line <= count; line++) yield `${`${line} `.padEnd(SIZE, 'x')}\n`
}

async function readyAt(server: ChildProcess): Promise<string> {
  let said = ''
  for await (const chunk of server.stdout ?? []) {
    said += chunk
    const url = /^ready (\S+)\n/.exec(said)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('the server ended before it was ready')
}

const STREAM = 'GET /v1/channels/ops/stream HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Opens a stream, and reads no more once it is open. */
async function stallingStream(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  // It is cut off in the end.
  socket.on('error', () => {})
  socket.write(STREAM)
  await once(socket, 'data')
  socket.pause()
  return socket
}

const UPGRADE = [
  'GET /v1/ws HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')
const FOLLOW = '{"id":1,"do":"follow","channels":["ops"]}'
/** A frame of text, masked with zeros. */
const FOLLOW_FRAME = Buffer.concat([Buffer.from([0x81, 0x80 | FOLLOW.length, 0, 0, 0, 0]), Buffer.from(FOLLOW)])

/** The same at the WebSocket. */
async function stallingFollow(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  let said = ''
  socket.setEncoding('latin1').on('data', (text: string) => (said += text))
  socket.write(UPGRADE)
  socket.write(FOLLOW_FRAME)
  while (!said.includes('{"id":1,"result":{"follow":1,')) {
    if (socket.destroyed) throw new Error(`the WebSocket ended: ${said}`)
    await Promise.race([once(socket, 'data'), once(socket, 'close')])
  }
  socket.pause()
  return socket
}

/** A client that reads all the time: seqs in order, none missing. */
function reading(url: string): {opened: Promise<void>; upTo(seq: number): Promise<void>} {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.setEncoding('utf8')
  socket.write(STREAM)
  let last = 0
  let rest = ''
  let failure: Error | undefined
  let arrived = (): void => {}
  socket.on('data', (chunk: string) => {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      const seq = Number(/(?:^|\n)data: \{"seq":(\d+)/.exec(event)?.[1] ?? 0)
      if (seq !== 0 && seq !== ++last) failure ??= new Error(`${seq} came where ${last} was expected`)
    }
    arrived()
  })
  const end = (error?: Error): void => {
    failure ??= error ?? new Error(`the stream ended at ${last}`)
    arrived()
  }
  socket.on('error', end)
  socket.on('close', () => end())
  return {
    opened: once(socket, 'data').then(() => {}),
    upTo: async (seq) => {
      while (last < seq && !failure)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      if (failure) throw failure
      socket.destroy()
    },
  }
}

/** Looks at the server again and again: its memory, the store's log, and how long others wait for an answer. */
function watching(room: Room, {pid}: ChildProcess, url: string) {
  const most = {memory: 0, wal: 0, served: 0, slowest: 0}
  let isOver = false
  const look = async (): Promise<void> => {
    while (!isOver) {
      const began = now()
      const answer = await fetch(`${url}/v1/channels/ops/messages?order=desc&limit=1`)
      assert.equal(answer.status, 200)
      await answer.text()
      most.slowest = Math.max(most.slowest, now() - began)
      most.served++
      most.memory = Math.max(most.memory, residentBytes(pid as number))
      most.wal = Math.max(most.wal, statSync(`${room.store}-wal`, {throwIfNoEntry: false})?.size ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const looking = look()
  // Told to who asks for the end.
  looking.catch(() => {})
  return {
    end: async () => {
      isOver = true
      await looking
      return most
    },
  }
}

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
