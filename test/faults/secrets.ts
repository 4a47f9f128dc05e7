/** Secrets are nowhere but where they belong: looked for in all that is printed, kept, handed on and shown of processes meanwhile. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import type {Figures} from './figures.js'
import {inFolder} from './folder.js'
import {type Around, BIN, environment, leat} from './program.js'

// Of no other test: all processes of the machine are looked at.
const PASSWORD = 'f4ult-p4ssw0rd'
const BODY = 'b0dy-of-a-fault'

/** Milliseconds between two looks for a file. */
const LOOK = 5

/** Its own environment and the command lines of all processes, to a file. The message itself belongs into the environment. */
const DUMP = `#!/bin/sh
cat >/dev/null
{
  tr '\\0' '\\n' </proc/$$/environ | grep -v ^LEAT_MSG_CONTENT=
  cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '
} >"$HOME/part" && mv "$HOME/part" "$HOME/dump.\${1:-exec}"
`

/** What is printed by these holds no secret, whoever asks. ID is that of a delivery, TOKEN the token. */
const LOOKING: readonly string[] = [
  'subscription list --json',
  'channel show ops --json',
  'delivery list --json',
  'delivery show ID --json',
  'token list --json',
  'token revoke TOKEN',
  'transport list --json',
  'store info --json',
  'config list --json',
  'doctor --json',
  'why ops/1 pager',
  'whoami --json',
  'stats --json',
  'log ops --all --json',
  'export ops',
]

/** @throws AssertionError a secret was found where it doesn't belong */
export const secrets = (): Promise<Figures> =>
  inFolder(async (home) => {
    const store = join(home, 'leat.db')
    const around: Around = {home, store, env: {LEAT_SMTP_URL: `smtp://mailer:${PASSWORD}@127.0.0.1:1`}}
    writeFileSync(join(home, 'dump.sh'), DUMP, {mode: 0o755})
    const done = async (line: string, stdin = ''): Promise<string> => {
      const {code, stdout, stderr} = await leat({...around, stdin}, ...line.split(' '))
      assert.equal(code, 0, `${line}: ${stderr}`)
      return stdout
    }
    for (const channel of ['ops', 'jobs']) await done(`channel create ${channel}`)
    await done('grant manage --all --to alice')
    const {secret: token} = JSON.parse(await done('token create --for bob --json')) as {secret: string}
    await done('subscribe ops --subscriber pager --transport http --endpoint http://127.0.0.1:1/hook --allow-private')
    const {secret: signing} = JSON.parse(await done('subscription secret ops --subscriber pager --json')) as {
      secret: string
    }
    await done('subscribe ops --subscriber mail --transport email --endpoint carol@example.org')
    await done('subscribe ops --subscriber runner --transport exec --endpoint ./dump.sh')

    const places: Record<string, string> = {log: await served(around, token)}
    await done('send jobs', BODY)
    places['worker'] = await done('work jobs --count 1 -- ./dump.sh work')
    for (const line of ['send none', 'send jobs --reply-to none/1']) {
      const {code, stdout, stderr} = await leat({...around, stdin: BODY}, ...line.split(' '))
      assert.equal(code, 3, `${line}: ${stderr}`)
      places[line] = stdout + stderr
    }
    for (const name of ['dump.exec', 'dump.work']) {
      const dump = readFileSync(join(home, name), 'utf8')
      // It was looked where there was something to find.
      assert.ok(dump.includes('\nLEAT_MSG_REF=') && dump.includes(BIN), `${name}: ${dump}`)
      places[name] = dump
    }
    const [delivery] = (await done('delivery list --json')).split('\n')
    const {id} = JSON.parse(delivery ?? '') as {id: string}
    for (const line of LOOKING) {
      const words = line.split(' ').map((word) => ({ID: id, TOKEN: token})[word] ?? word)
      const {code, stdout, stderr} = await leat(around, ...words)
      // A token is no name for itself.
      assert.equal(code, line.startsWith('token revoke') ? 2 : 0, `${line}: ${stderr}`)
      assert.notEqual(stdout + stderr, '', line)
      places[line] = stdout + stderr
    }
    const all = {token, signing, password: PASSWORD, body: BODY}
    const found = Object.entries(places).flatMap(([place, text]) =>
      Object.entries(all).flatMap(([what, secret]) => (text.includes(secret) ? [`${what} in ${place}`] : [])),
    )
    assert.deepEqual(found, [])
    return {
      secrets: Object.keys(all).length,
      placesLookedAt: Object.keys(places).length,
      found: found.length,
    }
  })

/** What a server logs that was asked with a token, right and wrong, and pushed a message to all who wanted it. */
async function served(around: Around, token: string): Promise<string> {
  const server = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--log'], {
    cwd: around.home,
    env: environment(around),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
  const heard = async (what: RegExp): Promise<string> => {
    for (let match = what.exec(said); ; match = what.exec(said)) {
      if (match) return match[1] ?? ''
      assert.equal(server.exitCode, null, said)
      await Promise.race([once(server.stdout, 'data'), once(server.stderr, 'data'), once(server, 'close')])
    }
  }
  try {
    const url = await heard(/ready (http\S+)\n/)
    const ask = async (path: string, authorization: string, init: RequestInit = {}): Promise<number> => {
      const headers = {authorization, 'content-type': 'application/json'}
      const answer = await fetch(url + path, {...init, headers})
      said += await answer.text()
      return answer.status
    }
    const posted = await ask('/v1/channels/ops/messages', `Bearer ${token}`, {method: 'POST', body: '{"content":"x"}'})
    assert.equal(posted, 201, said)
    assert.equal(await ask('/v1/whoami', `Bearer ${token}x`), 401)
    assert.equal(await ask('/v1/whoami', `Basic ${token}`), 401)
    assert.equal(await ask(`/v1/whoami?token=${token}`, `Bearer ${token}`), 400)
    // Pushed when the file of what is run for it is there.
    while (!existsSync(join(around.home, 'dump.exec'))) {
      assert.equal(server.exitCode, null, said)
      await pause(LOOK)
    }
  } finally {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'close')
  }
  return said
}
