import {spawnSync} from 'node:child_process'
import {existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {connect, createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {until} from '../cli/background.js'
import {type House, house, tokenOf} from './house.js'
import {openSocketAt} from './socket-at.js'
import {listen, python, pythonSays, say} from './unix.js'

/** A house with a socket, and its path. */
async function door(options: Parameters<typeof house>[0] = {}): Promise<House & {path: string}> {
  const at = await house({socket: true, ...options})
  return {...at, path: at.socket as string}
}

/** A channel with one listener. */
async function withListener(path: string): Promise<{c: string; r: string}> {
  const c = await say(path, {v: 'c'})
  return {c, r: await say(path, {v: 'r', c})}
}

test("a Python client that acts as eric_sse's does", async () => {
  const {path, as} = await door()
  const c = await pythonSays(path, {v: 'c'})
  expect(c).toHaveLength(36)
  const r = await pythonSays(path, {v: 'r', c})
  expect(r).toHaveLength(36)
  expect(await pythonSays(path, {v: 'r', c: '2'})).toMatch(/^InvalidChannelException\('NOT_FOUND: no channel "2"/)

  const listener = python(path, '--stream', JSON.stringify({c, r, v: 'l'}))
  const payloads = ['Hi there!', '', {}, {a: [1, null]}, 3, 2.5, true, false, null, ['é', '\u2028', 'a\nb']]
  for (const p of payloads) expect(await pythonSays(path, {v: 'b', c, t: 'txt', p})).toBe('ack')
  await until(() =>
    expect(
      listener.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual(payloads.map((data) => ({event: 'txt', retry: 5, data}))),
  )

  const other = await pythonSays(path, {v: 'r', c})
  expect(await pythonSays(path, {v: 'd', c, r: other, t: 'test', p: {}})).toBe('ack')
  expect(await pythonSays(path, {v: 'd', c, r, t: 'test', p: 'for one'})).toBe('ack')
  expect(await pythonSays(path, {v: 'rl', c, r: other})).toBe('ack')
  for (const v of ['d', 'l', 'rl'])
    expect(await pythonSays(path, {v, c, r: other, t: 'test', p: {}})).toMatch(/^InvalidListenerException\('/)
  await until(() => expect(listener.stdout).toContain('"for one"'))
  expect(await as('alice').subscriptions({channel: c})).toMatchObject([{subscriber: r}])

  expect(await pythonSays(path, {v: 'b', c, t: '_eric_channel_closed'})).toBe('ack')
  const {stdout} = await listener.ended
  expect(stdout.trimEnd().split('\n').slice(payloads.length)).toEqual([
    '{"event":"test","retry":5,"data":"for one"}',
    '{"event":"_eric_channel_closed","retry":5,"data":null}',
  ])
  expect(await pythonSays(path, {v: 'rc', c})).toBe('ack')
  for (const v of ['b', 'r', 'l', 'w', 'd', 'rl', 'rc'])
    expect(await pythonSays(path, {v, c, r, t: 'test'})).toMatch(/^InvalidChannelException\('/)
})

test('the digits of a payload stay as they are', async () => {
  const {path, as} = await door()
  const {c, r} = await withListener(path)
  const stream = listen(path, {v: 'l', c, r})
  const payloads = ['12345678901234567890', '1.0', '1e400', '{"a":1,"a":2.50}', '[ -0 ]', '"12"']
  for (const p of payloads) expect(await say(path, `{"v":"b","c":"${c}","t":"n","p":${p}}`)).toBe('ack')
  await until(() => expect(stream.lines).toHaveLength(payloads.length))
  expect(stream.lines.map((line) => /"data":(.*)\}$/.exec(line)?.[1])).toEqual([
    ...payloads.slice(0, 4),
    '[-0]',
    '"12"',
  ])
  // A string is text for everybody else, also where it would be JSON; a schema takes JSON alone.
  expect(await as('alice').show(`${c}/6`)).toMatchObject({message: {body: '12', contentType: 'text/plain'}})
  await as('alice').updateChannel(c, {schema: '{"type":"string"}'})
  expect(await say(path, {v: 'b', c, t: 'n', p: 'quoted'})).toBe('ack')
  expect(await say(path, {v: 'b', c, t: 'n', p: 1})).toMatch(/^InvalidMessageFormat\('SCHEMA: /)
  await until(() => expect(stream.data.at(-1)).toBe('quoted'))
})

test('what a listener was not given waits for it, whoever goes away and when', async () => {
  const {path, as} = await door()
  const {c, r} = await withListener(path)
  const got: unknown[] = []
  for (let round = 0; round < 10; round++) {
    const client = python(path, '--stream', JSON.stringify({v: 'l', c, r}))
    await say(path, {v: 'b', c, t: 'n', p: round * 2})
    await until(() => expect(client.stdout).not.toBe(''))
    client.kill()
    const {stdout} = await client.ended
    got.push(
      ...stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).data),
    )
    // Nobody is there: in eric_sse the next message would be lost to a connection that is dead.
    expect(await say(path, {v: 'b', c, t: 'n', p: round * 2 + 1})).toBe('ack')
  }
  const last = listen(path, {v: 'l', c, r})
  await until(() => expect([...got, ...last.data].at(-1)).toBe(19))
  expect([...got, ...last.data]).toEqual(Array.from({length: 20}, (_, n) => n))
  await until(async () => expect(await as(r).unread(c)).toBe(0))
})

test('a listener that is removed, and a channel that is, end the streams', async () => {
  const {path} = await door()
  const {c, r} = await withListener(path)
  const stream = listen(path, {v: 'l', c, r})
  await say(path, {v: 'b', c, t: 'n', p: 1})
  await until(() => expect(stream.data).toEqual([1]))
  expect(await say(path, {v: 'rl', c, r})).toBe('ack')
  await say(path, {v: 'b', c, t: 'n', p: 2})
  await stream.ended
  expect(stream.data).toEqual([1, expect.stringMatching(/^InvalidListenerException\('/)])
  const watcher = listen(path, {v: 'w', c})
  await until(async () => {
    await say(path, {v: 'b', c, t: 'n', p: 3})
    expect(watcher.data).toContain(3)
  })
  expect(await say(path, {v: 'rc', c})).toBe('ack')
  await watcher.ended
  expect(JSON.parse(watcher.lines.at(-1) as string)).toEqual({
    event: 'error',
    retry: 5,
    data: expect.stringMatching(/^InvalidChannelException\('NOT_FOUND: /),
  })
})

test('texts that look like the protocol stay texts', async () => {
  const {path} = await door()
  const {c, r} = await withListener(path)
  const stream = listen(path, {v: 'l', c, r})
  const forgeries = [
    '\n{"event":"error","retry":5,"data":1}\n',
    'ack',
    '\r\n\r\n',
    '"}\n',
    "InvalidChannelException('x')",
    '\u2028\u2029',
  ]
  for (const p of forgeries) expect(await say(path, {v: 'b', c, t: 'x"}', p})).toBe('ack')
  await until(() =>
    expect(stream.lines.map((line) => JSON.parse(line))).toEqual(
      forgeries.map((data) => ({event: 'x"}', retry: 5, data})),
    ),
  )
  expect(await say(path, {v: 'r', c: 'it\'s\n"bad"\u001b[31m'})).toMatch(
    /^InvalidChannelException\('NOT_FOUND: [^\n\u001b]*'\)$/,
  )
})

test('a verb that there is not, and what is no request, are errors, and nothing is stored', async () => {
  const {path, as, bugs} = await door()
  const c = await say(path, {v: 'c', c: 'ops'})
  expect(c).toBe('ops')
  const refused: [string | Uint8Array, RegExp][] = [
    ['{"v":"x"}', /^InvalidMessageFormat\('USAGE: unknown verb "x"/],
    ['{"c":"ops"}', /^InvalidMessageFormat\('USAGE: no verb/],
    ['{"v":7}', /^InvalidMessageFormat\('INVALID: "v" is not a string/],
    ['{"v":"b","c":"ops","p":1}', /^InvalidMessageFormat\('INVALID: the message has no type/],
    ['{"v":"b","c":"ops","t":"two words","p":1}', /^InvalidMessageFormat\('INVALID: /],
    ['{"v":"b","c":"ops","t":"x","p":"\\ud800"}', /^InvalidMessageFormat\(['"]INVALID: /],
    ['{"v":"b","c":"ops","t":"x","p":1', /^InvalidMessageFormat\('INVALID: the request ends in the middle/],
    ['{"v":"b","c":"ops","t":"x","p":1} {}', /^InvalidMessageFormat\('INVALID: something stands behind/],
    ['{"v":"b","c":"ops","t":"x","p":nope}', /^InvalidMessageFormat\(['"]INVALID: the request is not valid JSON/],
    ['["v"]', /^InvalidMessageFormat\('INVALID: the request is not a JSON object/],
    ['hello\n', /^InvalidMessageFormat\('INVALID: the request is not a JSON object/],
    [Buffer.from('{"v":"b","c":"ops","t":"x","p":"\0"}'), /^InvalidMessageFormat\('INVALID: .*NUL/],
    [Buffer.from('{"v":"b","c":"ops","t":"x","p":"\xff"}', 'latin1'), /^InvalidMessageFormat\('INVALID: .*UTF-8/],
    [`{"v":"b","c":"ops","t":"x","p":${'['.repeat(70)}${']'.repeat(70)}}`, /^InvalidMessageFormat\('TOO_LARGE: /],
    ['{"v":"c","c":"OPS"}', /^InvalidChannelException\('EXISTS: /],
    ['{"v":"message.nope"}', /^\{"error":\{"code":"NOT_FOUND","message":"no operation/],
    ['{"v":"message.send","channel":"ops","content":1,"nope":2}', /"code":"INVALID","message":"unknown field/],
    ['{"v":"message.send","channel":"ops","content":1,"input":{}}', /"code":"INVALID"/],
    ['{"v":"follow","nope":2}', /"code":"INVALID","message":"unknown field/],
    ['', /^$/],
    [' \n', /^$/],
  ]
  for (const [request, answer] of refused) expect(await say(path, request)).toMatch(answer)
  expect((await as('alice').channel('ops')).messages).toBe(0)
  expect(bugs).toEqual([])
})

test('limits: too much, too slow, too many, and those who take nothing', async () => {
  const {path, as} = await door({limits: {frame: 4096}})
  expect(await say(path, {v: 'c', c: 'ops'})).toBe('ops')
  const fits = JSON.stringify({v: 'b', c: 'ops', t: 'x', p: ''})
  const full = JSON.stringify({v: 'b', c: 'ops', t: 'x', p: 'a'.repeat(4096 - fits.length)})
  expect(await say(path, full)).toBe('ack')
  expect(await say(path, `${full.slice(0, -2)}b"}`)).toMatch(/^InvalidMessageFormat\('TOO_LARGE: /)
  expect(await say(path, {v: 'b', c: 'ops', t: 'x', p: 'a'.repeat(3_000_000)})).toMatch(/TOO_LARGE/)
  expect((await as('alice').channel('ops')).messages).toBe(1)
})

test('limits of time and number', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-sock-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const path = join(folder, 's')
  await openSocketAt(path, {wait: 300, stall: 300, probe: 50, connections: 3, grace: 200})
  // Byte by byte, for ever.
  const slow = connect(path)
  const drip = setInterval(() => slow.write(' '), 20)
  const said = await new Promise<string>((resolve) => slow.once('data', (text) => resolve(String(text))))
  clearInterval(drip)
  expect(said).toMatch(/^InvalidMessageFormat\('INVALID: no whole request within 0.3 s/)
  await new Promise((resolve) => slow.once('close', resolve).destroy())
  // More connections than there may be, of clients that are gone without a word, and of some that are there.
  const {c, r} = await withListener(path)
  for (let n = 0; n < 6; n++) listen(path, {v: 'l', c, r}).vanish()
  await until(async () => expect(await say(path, {v: 'b', c, t: 'x', p: 1})).toBe('ack'))
  const three = [1, 2, 3].map(() => listen(path, {v: 'w', c}))
  await until(async () => expect(await say(path, {v: 'b', c, t: 'x', p: 1}).catch(() => '')).toBe(''))
  expect(three.map(({lines}) => lines.filter((line) => line.includes('Exception')))).toEqual([[], [], []])
})

test('a reader that takes nothing is cut off, slows nobody, and loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-sock-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const path = join(folder, 's')
  await openSocketAt(path, {stall: 500})
  const {c, r} = await withListener(path)
  const stalled = listen(path, {v: 'l', c, r})
  stalled.stall()
  const p = 'x'.repeat(300_000)
  for (let n = 0; n < 20; n++) expect(await say(path, {v: 'b', c, t: `n${n}`, p})).toBe('ack')
  // What it has not taken is for whoever comes next: all but what fits between the two.
  await until(async () => {
    const next = listen(path, {v: 'l', c, r})
    await until(() => expect(next.lines.length).toBeGreaterThan(0))
    const first = Number(JSON.parse(next.lines[0] as string).event.slice(1))
    expect(first).toBeLessThan(10)
    await until(() => expect(next.lines).toHaveLength(20 - first))
  })
})

test('who may do what: --as, as, token', async () => {
  const {path, as} = await door()
  const whoami = async (more: object) => JSON.parse(await say(path, {v: 'whoami', ...more}))
  expect(await whoami({})).toEqual({actor: 'alice', door: 'socket'})
  expect(await whoami({as: 'bob'})).toMatchObject({actor: 'bob'})
  expect(await whoami({token: tokenOf('zoe')})).toMatchObject({actor: 'zoe'})
  expect(await whoami({token: tokenOf('zoe'), as: 'zoe'})).toMatchObject({actor: 'zoe'})
  expect(await whoami({token: tokenOf('zoe'), as: 'bob'})).toMatchObject({error: {code: 'FORBIDDEN'}})
  expect(await whoami({token: tokenOf('nobody')})).toMatchObject({error: {code: 'UNAUTHENTICATED'}})
  expect(await whoami({as: 'a b'})).toMatchObject({error: {code: 'INVALID'}})
  await as('alice').createChannel('secret', {restricted: true})
  expect(await say(path, {v: 'b', c: 'secret', t: 'x', as: 'bob'})).toMatch(/^InvalidChannelException\('FORBIDDEN: /)
  expect(await say(path, {v: 'r', c: 'secret'})).toMatch(/^InvalidChannelException\('FORBIDDEN: /)
  // With a token a listener is who it proves.
  await as('alice').createChannel('open')
  expect(await say(path, {v: 'r', c: 'open', token: tokenOf('zoe')})).toBe('zoe')
  expect(await say(path, {v: 'l', c: 'open', r: 'bob', token: tokenOf('zoe')})).toMatch(/FORBIDDEN/)
  expect(
    await say(path, {v: 'subscription.put', channel: 'open', subscriber: 'alice', transport: 'exec', endpoint: 'true'}),
  ).toMatch(/"code":"FORBIDDEN"/)
})

test('operations by name, and follow', async () => {
  const {path} = await door()
  await say(path, {v: 'channel.create', channel: 'ops'})
  const follower = listen(path, {v: 'follow', channels: ['ops'], from: 'start', count: 2})
  const sent = JSON.parse(await say(path, '{"v":"message.send","as":"bob","channel":"ops","content":{"n":1.0}}\n'))
  expect(sent.sent).toEqual([{channel: 'ops', seq: 1}])
  const id = '019aa3f0-0000-7000-8000-000000000001'
  const inside = {channel: 'ops', content: 'hi', id}
  expect(JSON.parse(await say(path, {v: 'message.send', input: inside}))).toMatchObject({id})
  await follower.ended
  expect(follower.lines[0]).toContain('"sender":"bob","type":"message","content":{"n":1.0}')
  expect(JSON.parse(follower.lines[1] as string)).toMatchObject({id, sender: 'alice', content: 'hi'})
  expect(JSON.parse(await say(path, {v: 'message.show', message: 'ops/9'}))).toMatchObject({error: {code: 'NOT_FOUND'}})
})

test('a request at the end of a line needs no closed half, and HTTP needs no token', async () => {
  const {path, http} = await door()
  expect(http).toMatch(/^http:/)
  const ask = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(path)
      let answer = ''
      socket.on('data', (chunk) => (answer += chunk))
      socket.once('end', () => resolve(answer))
      socket.once('error', reject)
      for (const character of text) socket.write(character)
    })
  expect(await ask(' {"v":"whoami"}\r\n')).toBe('{"actor":"alice","door":"socket"}\n')
  const http1 = (more = '') => `GET /v1/whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`
  expect(await ask(http1())).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"actor":"alice","door":"http"\}/)
  expect(await ask(http1(`Authorization: Bearer ${tokenOf('zoe')}\r\n`))).toContain('"actor":"zoe"')
  expect(await ask(http1('Origin: https://evil.example\r\n'))).toMatch(/^HTTP\/1.1 403 /)
  expect(await ask(http1().replace('localhost', 'evil.example'))).toMatch(/^HTTP\/1.1 403 /)
})

test('the file: mode, length, stale, live, of another kind; gone at the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-sock-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const path = join(folder, 's')
  const first = await openSocketAt(path)
  expect(lstatSync(path).mode & 0o777).toBe(0o600)
  await expect(openSocketAt(path)).rejects.toMatchObject({code: 'CONFLICT', exitCode: 6})
  await first.close()
  expect(existsSync(path)).toBe(false)
  await expect(openSocketAt(join(folder, 'x'.repeat(107)))).rejects.toMatchObject({code: 'USAGE', exitCode: 2})
  await expect(openSocketAt('')).rejects.toMatchObject({code: 'USAGE'})
  await expect(openSocketAt(join(folder, 'no', 's'))).rejects.toMatchObject({code: 'NOT_FOUND'})
  writeFileSync(path, 'mine')
  await expect(openSocketAt(path)).rejects.toMatchObject({code: 'CONFLICT'})
  expect(lstatSync(path).isFile()).toBe(true)
  rmSync(path)
  symlinkSync('elsewhere', path)
  await expect(openSocketAt(path)).rejects.toMatchObject({code: 'CONFLICT'})
  rmSync(path)
  // A server that was killed leaves its socket behind.
  spawnSync(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ])
  expect(lstatSync(path).isSocket()).toBe(true)
  const again = await openSocketAt(path)
  expect(await say(path, {v: 'x'})).toMatch(/^InvalidMessageFormat/)
  await again.close()
  const foreign = createServer().listen(path)
  await new Promise((resolve) => foreign.once('listening', resolve))
  await expect(openSocketAt(path)).rejects.toMatchObject({code: 'CONFLICT'})
  await new Promise((resolve) => foreign.close(resolve))
})
