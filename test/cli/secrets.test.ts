/** Tokens, tickets, secrets and passwords stay where they belong: looked for everywhere else, in real processes. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {SMTPServer} from 'smtp-server'
import {expect, onTestFinished, test} from 'vitest'
import {WebSocket} from 'ws'
import {say} from '../server/unix.js'
import {background, until} from './background.js'
import {BIN, world} from './leat.js'
import {receiver} from './receiver.js'

const PASSWORD = 'sm7p-p4ssw0rd'
const HOOK = 'h00k-p4ssw0rd'
const ENVIRONMENT = 'leat-t0ken-of-the-environment'

/** A mail server that takes no password. */
async function refusingMailServer(): Promise<string> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth: (_auth, _session, done) => done(new Error('not with that')),
  })
  server.on('error', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => new Promise<void>((done) => server.close(done)))
  const {port} = server.server.address() as AddressInfo
  return `smtp://mailer:${PASSWORD}@127.0.0.1:${port}`
}

/** Its own environment, and the command lines of all processes, to a file. */
const DUMP = `#!/bin/sh
cat >/dev/null
{ tr '\\0' '\\n' </proc/$$/environ; cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; echo; } >>"$HOME/dump.$1"
`

/** The command lines of the leat processes that run now. */
function commandLines(): string {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return '' // it ended meanwhile
      }
    })
  return lines.filter((line) => line.includes(BIN)).join('\n')
}

test('secrets are in no log, list, export, error, command line or environment', async () => {
  const {leat, env, dir} = world()
  const smtp = await refusingMailServer()
  const hook = await receiver(() => 500)
  writeFileSync(join(dir, 'dump.sh'), DUMP, {mode: 0o755})
  for (const channel of ['ops', 'jobs', 'calc']) await leat`channel create ${channel}`
  await leat`grant manage --all --to alice`
  const {secret: token} = (await leat`token create --for bob --json`).json()
  const endpoint = hook.url.replace('//', `//hook:${HOOK}@`)
  await leat`subscribe ops --subscriber pager --transport http --endpoint ${endpoint} --allow-private`
  const {secret: signing} = (await leat`subscription secret ops --subscriber pager --json`).json()
  await leat`subscribe ops --subscriber mail --transport email --endpoint carol@example.org`
  await leat`subscribe ops --subscriber runner --transport exec --endpoint ${'./dump.sh exec'}`

  const secretly = {...env, LEAT_SMTP_URL: smtp, LEAT_TOKEN: ENVIRONMENT}
  const path = join(dir, 'leat.sock')
  const server = background(secretly, {cwd: dir})`serve --port 0 --socket ${path} --log`
  const worker = background(secretly, {cwd: dir})`work jobs -- ./dump.sh work`
  const responder = background(secretly, {cwd: dir})`respond calc -- ./dump.sh respond`
  await server.says(/ready http\S+ \S+\n/)
  const url = /ready (\S+)/.exec(server.stdout)?.[1] ?? ''

  const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
  const post = (to: string, json = '{}') => fetch(url + to, {method: 'POST', headers, body: json})
  const ticket = async (): Promise<string> => ((await (await post('/v1/tickets')).json()) as {ticket: string}).ticket
  const tickets = [await ticket(), await ticket(), await ticket(), await ticket()]
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const stream = await fetch(`${url}/v1/channels/ops/stream?ticket=${tickets[0]}`, {signal: over.signal})
  expect(stream.status).toBe(200)
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/ws?ticket=${tickets[1]}`)
  onTestFinished(() => socket.terminate())
  await until(() => expect(socket.readyState).toBe(socket.OPEN))
  const answers = [
    await fetch(`${url}/v1/channels/ops/stream?ticket=${tickets[0]}`),
    await fetch(`${url}/v1/nothing?ticket=${tickets[2]}`, {headers}),
    await fetch(`${url}/v1/whoami?token=${token}&ticket=${tickets[3]}`, {headers}),
    await fetch(`${url}/v1/tokens/${token}`, {method: 'DELETE', headers}),
    await fetch(`${url}/v1/whoami`, {headers: {authorization: `Bearer  ${token}x`}}),
    await fetch(`${url}/v1/whoami`, {headers: {authorization: `Basic ${token}`}}),
  ]
  expect(answers.map(({status}) => status)).toEqual([401, 404, 400, 400, 401, 401])
  const told = await Promise.all(answers.map((answer) => answer.text()))
  told.push(await say(path, {v: 'whoami', token}), await say(path, {v: 'whoami', token: `${token}x`}))
  expect(told.at(-2)).toContain('"actor":"bob"')

  for (const channel of ['ops', 'jobs', 'calc']) await post(`/v1/channels/${channel}/messages`, '{"content":"x"}')
  await post('/v1/request/calc', '{"content":"x","timeout":30000}')
  const dumps = (): string[] => readdirSync(dir).filter((name) => name.startsWith('dump.'))
  await until(() => expect(dumps().sort()).toEqual(['dump.exec', 'dump.respond', 'dump.sh', 'dump.work']))
  await until(async () => {
    const rows = (await leat`delivery list --json`).jsonLines()
    expect(rows.filter(({attempts, state}) => attempts > 0 || state === 'delivered')).toHaveLength(3)
    expect(rows.find(({subscriber}) => subscriber === 'runner')?.state).toBe('delivered')
  })

  const texts: Record<string, string> = {
    'the answers': told.join('\n'),
    'the command lines': commandLines(),
    ...Object.fromEntries(dumps().map((name) => [name, readFileSync(join(dir, name), 'utf8')])),
  }
  const deliveries = (await leat`delivery list --json`).jsonLines()
  const lists = [
    ['subscription', 'list', '--json'],
    ['channel', 'show', 'ops', '--json'],
    ['delivery', 'list', '--json'],
    ...deliveries.map(({id}) => ['delivery', 'show', id, '--json']),
    ...deliveries.map(({id}) => ['delivery', 'show', id]),
    ['log', 'ops', '--all', '--json'],
    ['token', 'list', '--json'],
    ['store', 'info', '--json'],
    ['transport', 'list', '--json'],
    ['token', 'revoke', token],
    ['why', 'ops/1', 'pager'],
  ]
  for (const words of lists) {
    const {stdout, stderr} = await leat({env: secretly})`${words}`
    texts[`leat ${words.slice(0, 2).join(' ')}`] = stdout + stderr
    expect(stdout + stderr).not.toBe('')
  }
  for (const process of [server, worker, responder]) process.kill('SIGTERM')
  await Promise.all([server.ended, worker.ended, responder.ended])
  texts['the log'] = server.stderr + server.stdout
  texts['the workers'] = worker.stderr + worker.stdout + responder.stderr + responder.stdout

  expect(server.stderr).toMatch(/ bob GET \/v1\/channels\/ops\/stream 200 /)
  expect(server.stderr).toMatch(/ bob DELETE \/v1\/tokens\/leat_… 400 /)
  expect(texts['dump.work']).toContain('LEAT_MSG_REF=jobs/1')
  const secrets = {token, signing, smtp: PASSWORD, environment: ENVIRONMENT}
  for (const [place, text] of Object.entries(texts))
    for (const [what, secret] of [...Object.entries(secrets), ...tickets.map((one) => ['ticket', one] as const)])
      expect(text.includes(secret) ? `${what} in ${place}` : '').toBe('')
  // The endpoint is for who may see it; what went wrong with it doesn't repeat its password.
  for (const place of ['the log', 'leat delivery list', 'leat delivery show', 'leat why ops/1', 'dump.exec'])
    expect(texts[place] ?? '').not.toContain(HOOK)
})

test('a configured password is in no error, and not in the environment of what is started', async () => {
  const {leat, dir} = world()
  const smtp = await refusingMailServer()
  writeFileSync(join(dir, 'dump.sh'), DUMP, {mode: 0o755})
  await leat`config set smtp.url smtp://mailer:${PASSWORD}@127.0.0.1:1`
  await leat`context add mail --set ${`smtp.url=${smtp}`}`
  await leat`channel create ops`
  await leat`subscribe ops --subscriber mail --transport email --endpoint carol@example.org`
  await leat`subscribe ops --subscriber runner --transport exec --endpoint ${'./dump.sh exec'}`
  await leat`send ops x`
  const unreachable = await leat`deliver --once`
  expect(unreachable.stderr + unreachable.stdout).toMatch(/mail server: .*ECONNREFUSED/)
  const id = (await leat`delivery list --subscriber mail --json`).json().id
  await leat`delivery retry ${id}`
  const refused = await leat`deliver --once --context mail`
  expect(refused.stderr + refused.stdout).toMatch(/to mail: attempt \d by email failed/)
  const script = '!./dump.sh system </dev/null\n!echo "in $LEAT_CONTEXT"\n'
  const shell = await leat({stdin: script, env: {SHELL: '/bin/sh'}})`shell --context mail`
  expect(shell).toMatchObject({code: 0, stdout: 'in mail\n'})
  const dumps = readdirSync(dir).filter((name) => name.startsWith('dump.') && name !== 'dump.sh')
  expect(dumps.sort()).toEqual(['dump.exec', 'dump.system'])

  const texts: Record<string, string> = Object.fromEntries(
    dumps.map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  )
  const refusals = ['smtp://u:PW@h:99999999', 'mailto:u:PW@h', 'PW']
  const all: [string[], Record<string, string>][] = [
    [['config', 'list'], {}],
    [['config', 'list', '--json', '--context', 'mail'], {}],
    [['context', 'list'], {}],
    [['context', 'show', 'mail', '--json'], {}],
    [['delivery', 'show', id], {}],
    [['doctor'], {}],
    ...refusals.flatMap((url): typeof all => {
      const bad = url.replace('PW', PASSWORD)
      return [
        [['config', 'set', 'smtp.url', bad], {}],
        [['config', 'list'], {LEAT_SMTP_URL: bad}],
        [['deliver', '--once'], {LEAT_SMTP_URL: bad}],
      ]
    }),
  ]
  for (const [words, around] of all) {
    const {stdout, stderr} = await leat({env: around})`${words}`
    texts[`leat ${words.join(' ').replace(PASSWORD, 'PW')} ${Object.keys(around)}`] = stdout + stderr
  }
  texts['of an unreachable server'] = unreachable.stderr + unreachable.stdout
  texts['of one that refuses'] = refused.stderr + refused.stdout
  for (const bad of refusals) {
    writeFileSync(
      join(dir, '.config', 'leat', 'config.json'),
      JSON.stringify({'smtp.url': bad.replace('PW', PASSWORD)}),
    )
    const {stdout, stderr, code} = await leat`list`
    expect(code).toBe(2)
    texts[`leat list with ${bad} configured`] = stdout + stderr
  }
  expect(Object.entries(texts).filter(([, text]) => text.includes(PASSWORD))).toEqual([])
})

test('a body from stdin is in no error, log or command line, and in one variable of what is run for it', async () => {
  const {leat, env, dir} = world()
  const body = 'b0dy-of-nobody-else'
  writeFileSync(join(dir, 'dump.sh'), DUMP, {mode: 0o755})
  for (const channel of ['jobs', 'shut']) await leat`channel create ${channel}`
  await leat`channel close shut`
  const server = background(env, {cwd: dir})`serve --port 0 --no-auth --log`
  await server.says(/ready http\S+\n/)
  const url = /ready (\S+)/.exec(server.stdout + server.stderr)?.[1] ?? ''
  await fetch(`${url}/v1/channels/jobs/messages`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({content: body}),
  })
  expect((await leat({stdin: body})`send jobs`).code).toBe(0)
  const told: string[] = []
  // What is no JSON is quoted, to its sender alone; other refusals have no reason to.
  for (const words of [
    ['send', 'shut'],
    ['send', 'none'],
    ['send', 'jobs', '--reply-to', 'none/1'],
  ]) {
    const {code, stdout, stderr} = await leat({stdin: body, env: {LEAT_DEBUG: '1'}})`${words}`
    expect(code, words.join(' ')).not.toBe(0)
    told.push(stdout + stderr)
  }
  expect(await leat`work jobs --count 2 -- ./dump.sh work`).toMatchObject({code: 0})
  server.kill('SIGTERM')
  await server.ended
  told.push(server.stdout + server.stderr, commandLines())
  expect(told.filter((text) => text.includes(body))).toEqual([])
  const lines = readFileSync(join(dir, 'dump.work'), 'utf8').split('\n')
  expect(lines.filter((line) => line.includes(body))).toEqual(Array(2).fill(`LEAT_MSG_CONTENT=${body}`))
})
