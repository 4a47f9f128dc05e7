/** leat serve, as a process. */
import {spawn} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type Background, background, until} from './background.js'
import {BIN, world} from './leat.js'

/** Where a server listens, once it says so. */
async function listening(server: Background): Promise<string> {
  await server.says(/ready http\S+\n/)
  return /ready (\S+)/.exec(server.stdout)?.[1] ?? ''
}

const bearer = (token: string) => ({authorization: `Bearer ${token}`})

test('it says where it listens, lets in who has a token, and stops in order', async () => {
  const {leat, env} = world()
  await leat`channel create ops`
  const {token, secret} = (await leat`token create --for bob --json`).json()
  const server = background(env)`serve --port 0 --no-deliver --log`
  const url = await listening(server)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(server.stdout.split('\n')).toHaveLength(2)
  const me = await fetch(`${url}/v1/whoami`, {headers: bearer(secret)})
  expect(await me.json()).toEqual({actor: 'bob', door: 'http'})
  expect((await fetch(`${url}/v1/whoami`)).status).toBe(401)
  const {ticket} = (await (await fetch(`${url}/v1/tickets`, {method: 'POST', headers: bearer(secret)})).json()) as {
    ticket: string
  }
  const stream = await fetch(`${url}/v1/channels/ops/stream?ticket=${ticket}`)
  const reading = stream.text()
  await leat`token revoke ${token.id}`
  expect((await fetch(`${url}/v1/whoami`, {headers: bearer(secret)})).status).toBe(401)
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({code: 0, signal: null})
  expect(await reading).toContain('event: leat.open')
  expect(server.stderr).toMatch(/ bob GET \/v1\/channels\/ops\/stream 200 \d+ms\n/)
  expect(server.stderr + server.stdout).not.toContain(ticket)
  expect(server.stderr + server.stdout).not.toContain(secret)
  await expect(fetch(url)).rejects.toThrow()
})

test('with --json the ready line is JSON, with --ready-fd it goes there', async () => {
  const {env, dir} = world()
  const json = background(env)`serve --port 0 --no-deliver --json`
  await until(() => expect(json.stdout).toMatch(/\n$/))
  expect(JSON.parse(json.stdout)).toEqual({ready: true, http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)})
  const child = spawn('sh', ['-c', `"${process.execPath}" "${BIN}" serve --port 0 --no-deliver --ready-fd 7 7>ready`], {
    cwd: dir,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void process.kill(-(child.pid as number), 'SIGKILL'))
  let stdout = ''
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  await until(() => expect(readFileSync(join(dir, 'ready'), 'utf8')).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/))
  expect(stdout).toBe('')
})

test('without tokens it says how to make one; --no-auth makes everybody one actor', async () => {
  const {env, leat} = world()
  await leat`channel create ops`
  const guarded = background(env)`serve --port 0 --no-deliver`
  await guarded.says(/nobody has a token yet: leat token create --for ACTOR/)
  const open = background(env, {as: 'web'})`serve --port 0 --no-deliver --no-auth`
  const url = await listening(open)
  expect(open.stderr).toBe('')
  const sent = await fetch(`${url}/v1/channels/ops/messages`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: '{"content":"hi"}',
  })
  expect(sent.status).toBe(201)
  expect((await leat`log ops --json`).json()).toMatchObject({sender: 'web', content: 'hi'})
})

test('what can not be served is refused before anything listens', async () => {
  const {leat, env} = world()
  const {error, code} = await leat`serve --no-auth --host 0.0.0.0 --json`.then((result) => ({
    error: result.error(),
    code: result.code,
  }))
  expect([code, error.code]).toEqual([2, 'USAGE'])
  expect((await leat`serve --no-auth --host ::`).code).toBe(2)
  expect((await leat`serve --port 70000`).code).toBe(2)
  expect((await leat`serve --ready-fd 99 --port 0`).code).toBe(2)
  expect((await leat`serve --allow-origin app.test --port 0`).code).toBe(2)
  expect((await leat`serve --host 192.0.2.1 --port 0`).code).toBe(2)
  const server = background(env)`serve --port 0 --no-deliver`
  const {port} = new URL(await listening(server))
  const taken = await leat`serve --port ${port}`
  expect([taken.code, taken.stderr]).toEqual([6, expect.stringContaining(`listens on 127.0.0.1:${port}`)])
})

test('what goes over another address than loopback is said not to be encrypted', async () => {
  const {env} = world()
  const server = background(env)`serve --host 0.0.0.0 --port 0 --no-deliver`
  await server.says(/is not encrypted/)
  const url = (await listening(server)).replace('0.0.0.0', '127.0.0.1')
  expect((await fetch(`${url}/v1/whoami`)).status).toBe(401)
})

test('a running request gets its answer when the server stops; a second signal does not wait', async () => {
  const {leat, env} = world()
  await leat`channel create calc`
  const server = background(env)`serve --port 0 --no-deliver --no-auth`
  const url = await listening(server)
  const ask = (at: string) =>
    fetch(`${at}/v1/request/calc`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: '{"content":"7 * 6","timeout":60000}',
    })
  const asked = ask(url)
  await until(async () => expect((await leat`log calc`).lines()).toHaveLength(1))
  server.kill('SIGTERM')
  await leat`reply calc/1 42`
  expect(await (await asked).json()).toMatchObject({content: '42'})
  expect(await server.ended).toMatchObject({code: 0})

  const hasty = background(env)`serve --port 0 --no-deliver --no-auth`
  const address = await listening(hasty)
  const lost = ask(address).then(
    () => 'answered',
    () => 'lost',
  )
  await until(async () => expect((await leat`log calc`).lines()).toHaveLength(2))
  hasty.kill('SIGTERM')
  await until(() => expect(fetch(`${address}/health`)).rejects.toThrow())
  hasty.kill('SIGTERM')
  expect(await hasty.ended).toMatchObject({code: null, signal: 'SIGTERM'})
  expect(await lost).toBe('lost')
})

test('a subscriber that is connected is pushed to; what came before waits for it', async () => {
  const {leat, env} = world()
  await leat`channel create ops`
  await leat`channel create other`
  await leat({as: 'web'})`subscribe ops --transport sse`
  await leat`send ops -m early`
  const server = background(env, {as: 'web'})`serve --port 0 --no-auth`
  const url = await listening(server)
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const stream = await fetch(`${url}/v1/subscriptions/stream`, {signal: over.signal})
  let text = ''
  void (async () => {
    for await (const chunk of stream.body ?? []) text += Buffer.from(chunk).toString()
  })().catch(() => {})
  await leat`send ops -m late`
  await leat`send other -m elsewhere`
  await until(() => expect(text).toContain('late'))
  const messages = text
    .split('\n')
    .filter((line) => line.startsWith('data: {"seq"'))
    .map((line) => JSON.parse(line.slice(6)))
  expect(messages).toMatchObject([
    {content: 'early', deliveryId: expect.any(String)},
    {content: 'late', deliveryId: expect.any(String)},
  ])
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({code: 0})
})
