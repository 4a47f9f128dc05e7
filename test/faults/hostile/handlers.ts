/** Commands and programs that are handed messages: they get them whole, as data, and start nothing else. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import type {Room} from '../text/room.js'

const isHeader = (text: string): boolean =>
  text.isWellFormed() && !/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/.test(text)
const isType = (text: string): boolean => isHeader(text) && /^(?!leat\.)\S{1,100}$/.test(text)

/** Reads its stdin and its environment with what sh has built in, and `cat` by its path. */
const HANDLER = `#!/bin/sh
/bin/cat >>got && printf '\\0' >>got
printf '%s\\0%s\\0%s\\0' "$LEAT_MSG_CONTENT" "$LEAT_MSG_TYPE" "$LEAT_MSG_HEADERS" >>env
`

/** What a receiver of HTTP finds, and nothing that a message names. */
const HEADERS = 'connection content-length content-type host user-agent webhook-id webhook-signature webhook-timestamp'

export interface HandlerFigures {
  messages: number
  /** Ways in which they were handed over. */
  ways: number
}

/** @throws AssertionError a handler got something else than was sent */
export async function atHandlers({leat, inner}: Room, texts: readonly string[]): Promise<HandlerFigures> {
  const bodies = texts.filter((text) => text !== '' && text.isWellFormed() && !text.includes('\0'))
  const messages = bodies.map((content) => ({
    content,
    ...(isType(content) && {type: content}),
    ...(isHeader(content) && {headers: {subject: content}}),
  }))
  writeFileSync(join(inner, 'handle.sh'), HANDLER, {mode: 0o755})
  const run = async (...words: string[]): Promise<void> => {
    const {code, stderr} = await leat(words)
    assert.equal(code, 0, `leat ${words.join(' ')}: ${stderr}`)
  }
  const received: {body: string; headers: string}[] = []
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    received.push({body, headers: Object.keys(request.headers).sort().join(' ')})
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    for (const name of ['handled', 'copies', 'asked', 'asked.replies']) await run('channel', 'create', name)
    const {port} = server.address() as AddressInfo
    const subscribe = (who: string, transport: string, endpoint: string): Promise<void> =>
      run(
        'subscribe',
        'handled',
        '--subscriber',
        who,
        '--transport',
        transport,
        '--endpoint',
        endpoint,
        '--allow-private',
      )
    await subscribe('hook', 'http', `http://127.0.0.1:${port}/hook`)
    await subscribe('copy', 'channel', 'copies')
    await subscribe('run', 'exec', './handle.sh')
    await send(leat, 'handled', messages)
    await send(
      leat,
      'asked',
      messages.map((message) => ({...message, type: undefined, replyChannel: 'asked.replies'})),
    )

    const ways: readonly string[][] = [
      ['deliver', '--once'],
      ['work', 'handled', '--until-empty', '--', './handle.sh'],
      ['read', 'handled', '--all', '--', './handle.sh'],
      ['follow', 'handled', '--from', 'start', '--count', String(messages.length), '--', './handle.sh'],
    ]
    for (const words of ways) {
      if (words[0] === 'deliver') await deliver(leat, words)
      else await run(...words)
      expectHanded(inner, messages, words.join(' '))
    }
    await run('respond', 'asked', '--count', String(messages.length), '--', '/bin/cat')
    const {stdout} = await leat(['log', 'asked.replies', '--all', '--raw', '-0'])
    // Of what a command prints one newline at the end is not the answer's.
    const answers = bodies.map((body) => body.replace(/\r?\n$/, ''))
    assert.deepEqual(`${stdout}`.split('\0').slice(0, -1), answers, 'answers of respond')

    const hooked = received.map(({body}) => JSON.parse(body).content as string)
    assert.deepEqual(
      hooked.filter((content, at) => at === 0 || content !== hooked[at - 1]),
      bodies,
    )
    for (const {headers} of received) assert.equal(headers, HEADERS)
    const copies = await leat(['log', 'copies', '--all', '--raw', '-0'])
    assert.equal(`${copies.stdout}`, bodies.map((body) => `${body}\0`).join(''))
    return {messages: messages.length, ways: ways.length + 3}
  } finally {
    server.close()
  }
}

async function send(leat: Room['leat'], channel: string, messages: readonly object[]): Promise<void> {
  const stdin = messages.map((message) => `${JSON.stringify(message)}\n`).join('')
  const {code, stderr} = await leat(['send', channel, '--jsonl'], {stdin})
  assert.equal(code, 0, stderr)
}

/** Until all is delivered: on a machine that is busy beyond measure an attempt may be too late, and is made again. */
async function deliver(leat: Room['leat'], words: readonly string[]): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const {code, stderr} = await leat(words)
    if (code === 0) return
    assert.equal(code, 7, stderr)
    await leat(['delivery', 'retry', '--all'])
  }
  assert.fail('what is pushed is never delivered')
}

interface Sent {
  content: string
  type?: string
  headers?: object
}

function expectHanded(folder: string, messages: readonly Sent[], what: string): void {
  const taken = (name: string): string[] => {
    const text = readFileSync(join(folder, name), 'utf8')
    rmSync(join(folder, name))
    return text.split('\0').slice(0, -1)
  }
  const env = messages.flatMap(({content, type = 'message', headers = {}}) => [content, type, JSON.stringify(headers)])
  const given = taken('got')
  const surroundings = taken('env')
  // At least once: a machine that is busy beyond a lease is given a message again.
  const isFirst = (at: number): boolean => at === 0 || given[at] !== given[at - 1]
  assert.deepEqual(
    given.filter((_, at) => isFirst(at)),
    messages.map(({content}) => content),
    `stdin of ${what}`,
  )
  assert.deepEqual(
    surroundings.filter((_, at) => isFirst(Math.floor(at / 3))),
    env,
    `environment of ${what}`,
  )
}
