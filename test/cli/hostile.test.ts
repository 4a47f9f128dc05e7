/** Messages that mean harm, on their way out: no command, no header, no line of another, nothing that a terminal obeys. */
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {type AddressInfo, connect} from 'node:net'
import {join} from 'node:path'
import {SMTPServer} from 'smtp-server'
import {expect, onTestFinished, test} from 'vitest'
import {background, until} from './background.js'
import {world} from './leat.js'
import {receiver} from './receiver.js'
import {hasTerminal, terminal} from './terminal.js'

const CONTENTS = [
  '$(touch PWNED); `touch PWNED`; touch PWNED #',
  `'; touch PWNED; '" && touch PWNED || "`,
  'a\r\nBcc: mallory@example.org\r\nX-Forged: 1\r\n\r\nbody',
  'a\r\n.\r\nMAIL FROM:<mallory@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nx\r\n.\r\n',
  '\x1b[31mred\x1b]0;title\x07\x9b2J',
  '\u202e\u2066\u2028x',
  '-rf /',
]
const HEADERS = {subject: '$(touch PWNED)\t`touch PWNED`', filename: '../../PWNED; rm -rf', bcc: 'mallory@example.org'}
const TYPE = '$(touch$IFS-PWNED);`touch<PWNED`'
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/

interface Mail {
  to: string[]
  headers: string[]
  from: string
}

async function mailServer(): Promise<{url: string; mails: Mail[]}> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    logger: false,
    onData: (stream, {envelope: {mailFrom, rcptTo}}, done) => {
      let raw = ''
      stream.setEncoding('latin1').on('data', (text: string) => (raw += text))
      stream.on('end', () => {
        const [head = ''] = raw.split('\r\n\r\n')
        const headers = head.split('\r\n').filter((line) => !/^\s/.test(line))
        mails.push({
          to: rcptTo.map(({address}) => address),
          headers: headers.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()),
          from: mailFrom === false ? '' : mailFrom.address,
        })
        done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => new Promise<void>((done) => server.close(done)))
  return {url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails}
}

test('by every transport a message is a message', async () => {
  const {leat, dir} = world()
  const {url, received} = await receiver()
  const mail = await mailServer()
  await leat`channel create ops`
  await leat`channel create copies`
  writeFileSync(join(dir, 'handle.sh'), '#!/bin/sh\ncat >>got; printf "%s|" "$LEAT_MSG_CONTENT" >>env\n', {mode: 0o755})
  const subscribe = (who: string, transport: string, endpoint: string) =>
    leat`subscribe ops --subscriber ${who} --transport ${transport} --endpoint ${endpoint} --allow-private`
  await subscribe('hook', 'http', `${url}/hook`)
  await subscribe('mail', 'email', 'carol@example.org')
  await subscribe('copy', 'channel', 'copies')
  await subscribe('run', 'exec', './handle.sh')
  const lines = CONTENTS.map((content) => JSON.stringify({content, type: TYPE, headers: HEADERS}))
  expect((await leat({stdin: lines.join('\n')})`send ops --jsonl`).code).toBe(0)
  const delivered = await leat({env: {LEAT_SMTP_URL: mail.url}})`deliver --once`
  expect([delivered.code, delivered.stderr.match(CONTROL)]).toEqual([0, null])

  expect(existsSync(join(dir, 'PWNED'))).toBe(false)
  expect(readFileSync(join(dir, 'got'), 'utf8')).toBe(CONTENTS.join(''))
  expect(readFileSync(join(dir, 'env'), 'utf8')).toBe(CONTENTS.map((content) => `${content}|`).join(''))
  expect(received.map(({body}) => JSON.parse(body).content)).toEqual(CONTENTS)
  const names = ['connection', 'content-length', 'content-type', 'host', 'user-agent']
  for (const {headers} of received)
    expect(Object.keys(headers).sort()).toEqual([...names, 'webhook-id', 'webhook-signature', 'webhook-timestamp'])
  expect((await leat`log copies --json`).jsonLines().map(({content}) => content)).toEqual(CONTENTS)
  expect(mail.mails).toHaveLength(CONTENTS.length)
  for (const {to, headers} of mail.mails) {
    expect(to).toEqual(['carol@example.org'])
    expect(headers.filter((name) => /bcc|forged/.test(name))).toEqual([])
    expect(new Set(headers).size).toBe(headers.length)
  }
})

test.skipIf(!hasTerminal)(
  'what others answer, and what stands in addresses, is shown with its controls spelled out',
  async () => {
    const {leat, env} = world()
    const {url} = await receiver(() => 500)
    await leat`channel create ops`
    const nasty = 'x\x1b[31m\x9b2J\u202e'
    const put = await leat`subscribe ops --subscriber hook --endpoint ${`${url}/${nasty}`} --allow-private`
    await leat`subscribe ops --subscriber run --transport exec --endpoint ${`printf '\\033[31mred\\n\\rgone' >&2; exit 65 # ${nasty}`}`
    await leat`send ops ${nasty}`
    expect((put.stdout + put.stderr).match(CONTROL)).toBe(null)
    // The command's own stderr is passed on as it is; what leat says about it is not.
    const notes = (await leat`deliver --once`).stderr.match(/ops\/1 to run: .*/)?.[0]
    expect([notes?.match(CONTROL), notes]).toEqual([null, expect.stringContaining('red gone')])
    for (const shown of [
      await terminal(env)`delivery list`,
      await terminal(env)`delivery show ops/1`,
      await terminal(env)`why ops/1 run`,
      await terminal(env)`subscription list`,
      await terminal(env)`deliver --once`,
      await terminal(env)`log ops`,
    ]) {
      expect(shown.text).not.toBe('')
      expect(shown.text.match(CONTROL)).toBe(null)
    }
    const server = background(env)`serve --port 0 --no-deliver --no-auth --log`
    await server.says(/ready http\S+\n/)
    const {port} = new URL(/ready (\S+)/.exec(server.stdout)?.[1] ?? '')
    for (const path of ['/v1/%1b[31m', '/v1/\x9b31m\xff', '/v1/%0aforged%0d']) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      socket.end(Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 'latin1'))
      await new Promise((resolve) => socket.resume().once('close', resolve))
    }
    await until(() => expect(server.stderr).toMatch(/forged%0d 404/))
    expect(server.stderr.match(CONTROL)).toBe(null)
  },
)

test('a remark is harmless in a pipe too: it may end at a terminal all the same', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const followed = await leat`follow ${'*\b\x07\x1b]0;x\x9b2J\u202e'} --idle 1ms`
  expect(followed).toMatchObject({
    code: 0,
    stderr: 'following *\\x08\\x07\\x1b]0;x\\x9b2J\\u202e; no channel matches yet\n',
  })
})
