/** Mails, to a real SMTP server on this machine. */
import type {AddressInfo} from 'node:net'
import {createServer as createTcpServer} from 'node:net'
import {SMTPServer, type SMTPServerOptions} from 'smtp-server'
import {describe, expect, onTestFinished, test} from 'vitest'
import {EmailTransport} from '../../src/transport/email.js'
import {isMailAddress, mailAddressOf, senderOf} from '../../src/transport/mail.js'
import {DELIVERED, DELIVERY, message, recipient, sendTo} from './given.js'

interface Received {
  from: string
  to: string[]
  user: string | undefined
  /** Headers, unfolded, by lower-case name. */
  headers: Map<string, string>
  body: string
  raw: string
}

/** A mail server, and what it was sent. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Received[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('latin1')
        const [head = '', ...rest] = raw.split('\r\n\r\n')
        const {mailFrom, rcptTo} = session.envelope
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({address}) => address),
          user: session.user as string | undefined,
          headers: new Map(
            head
              .replace(/\r\n[ \t]+/g, ' ')
              .split('\r\n')
              .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
          ),
          body: rest.join('\r\n\r\n'),
          raw,
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {}) // a client that went away
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => new Promise<void>((done) => server.close(done)))
  const {port} = server.server.address() as AddressInfo
  return {mails, port, url: `smtp://127.0.0.1:${port}`}
}

const email = (url: string | undefined, from: string | undefined = 'leat@bus.example') =>
  new EmailTransport({LEAT_SMTP_URL: url, LEAT_SMTP_FROM: from})

const bob = (endpoint = 'mailto:bob@example.org') => recipient({endpoint})

describe('a mail', () => {
  test('has the text, says where it comes from, and has the id of the delivery', async () => {
    const {mails, url} = await mailServer()
    const sent = message({body: 'disk full on /dev/sda1\nsecond line', correlationId: 'c-1', type: 'alert'})
    expect(await sendTo(email(url), bob(), {sent})).toEqual(DELIVERED)
    const [mail] = mails as [Received]
    expect(mail).toMatchObject({from: 'leat@bus.example', to: ['bob@example.org'], user: undefined})
    expect(mail.body.trimEnd()).toBe('disk full on /dev/sda1\r\nsecond line')
    const thread = '<thread.019aa3f0-0000-7000-8000-000000000042@bus.example>'
    expect(Object.fromEntries(mail.headers)).toMatchObject({
      from: 'leat@bus.example',
      to: 'bob@example.org',
      subject: '[ops] disk full on /dev/sda1',
      'message-id': `<${DELIVERY}@bus.example>`,
      references: thread,
      'x-leat-channel': 'ops',
      'x-leat-seq': '42',
      'x-leat-place': 'ops/42',
      'x-leat-id': sent.id,
      'x-leat-type': 'alert',
      'x-leat-sender': 'alice',
      'x-leat-correlation-id': 'c-1',
      'auto-submitted': 'auto-generated',
    })
    expect(mail.headers.has('in-reply-to')).toBe(false)
  })

  test('of a reply belongs to its thread', async () => {
    const {mails, url} = await mailServer()
    const root = '019aa3f0-0000-7000-8000-000000000001'
    await sendTo(email(url), bob(), {sent: message({replyTo: root, thread: root})})
    expect(mails[0]?.headers.get('in-reply-to')).toBe(`<thread.${root}@bus.example>`)
    expect(mails[0]?.headers.get('references')).toBe(`<thread.${root}@bus.example>`)
  })

  test('has one line as its subject, 78 characters with its name at most', async () => {
    const {mails, url} = await mailServer()
    const subjects: [Parameters<typeof message>[0], string | RegExp][] = [
      [{body: '\n\n  first \n second'}, '[ops] first'],
      [{body: 'x'.repeat(200)}, /^\[ops\] x{62}…$/],
      [{body: '{"a": 1,\n "b": 2}', contentType: 'application/json'}, '[ops] {"a":1,"b":2}'],
      [{body: new Uint8Array([0, 255]), contentType: 'image/png', type: 'shot'}, '[ops] shot (image/png)'],
      [{body: ''}, '[ops] message'],
      [{body: 'a\u0007b'}, '[ops] a b'],
      [{body: 'long', headers: {subject: 'Short'}}, '[ops] Short'],
    ]
    for (const [fields, expected] of subjects) {
      await sendTo(email(url), bob(), {sent: message(fields)})
      const subject = decoded(mails.at(-1)?.headers.get('subject') ?? '')
      expect(subject).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
    }
    expect(mails).toHaveLength(subjects.length)
  })

  test('has bytes as an attachment, and a text that looks like a mail as text', async () => {
    const {mails, url} = await mailServer()
    const bytes = new Uint8Array([0, 1, 2, 255])
    const headers = {filename: '../../etc/pass wd.png'}
    await sendTo(email(url), bob(), {sent: message({body: bytes, contentType: 'image/png', headers})})
    expect(mails[0]?.raw).toMatch(/Content-Type: image\/png; name="pass wd\.png"/)
    expect(mails[0]?.raw).toContain(Buffer.from(bytes).toString('base64'))

    const forged = 'hi\r\n.\r\nRCPT TO:<eve@example.org>\r\n\r\nBcc: eve@example.org\n.\nend'
    await sendTo(email(url), bob(), {sent: message({body: forged})})
    expect(mails).toHaveLength(2)
    expect(mails[1]?.to).toEqual(['bob@example.org'])
    expect(mails[1]?.headers.has('bcc')).toBe(false)
    expect(mails[1]?.body).toContain('RCPT TO:<eve@example.org>')
  })

  test('logs in with what the URL has', async () => {
    const {mails, port} = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({username = '', password}, _session, done) =>
        password === 'pa ss' ? done(null, {user: username}) : done(new Error('no such user or password')),
    })
    expect(await sendTo(email(`smtp://al%40x:pa%20ss@127.0.0.1:${port}`), bob())).toEqual(DELIVERED)
    expect(mails[0]?.user).toBe('al@x')

    const result = await sendTo(email(`smtp://al:s3cret@127.0.0.1:${port}`), bob())
    expect(result).toMatchObject({success: false, status: 535})
    // A wrong password is not the message's fault.
    expect(result.failure ?? 'retry').toBe('retry')
    expect(JSON.stringify(result)).not.toContain('s3cret')
  })
})

test('options of the URL hold: no TLS, no mail', async () => {
  const {mails, url} = await mailServer()
  const result = await sendTo(email(`${url}?requireTLS=true`), bob())
  expect(result.success).toBe(false)
  expect(result.failure ?? 'retry').toBe('retry')
  expect(result.errors[0]).toMatch(/TLS/)
  expect(mails).toEqual([])
})

/** An encoded word of a header (RFC 2047, Q or B) as text. */
const decoded = (header: string): string =>
  header.replace(/\?= =\?/g, '?==?').replace(/=\?utf-8\?([qb])\?(.*?)\?=/gi, (_all, how: string, text: string) =>
    how.toLowerCase() === 'b'
      ? Buffer.from(text, 'base64').toString()
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replace(/=([0-9A-F]{2})/gi, (_hex, code) => String.fromCharCode(Number.parseInt(code, 16))),
          'latin1',
        ).toString(),
  )

describe('line breaks', () => {
  test.each(['\r\n', '\r', '\n'])('in a header are refused: %j', async (eol) => {
    const {mails, url} = await mailServer()
    const sent = message({headers: {subject: `hi${eol}Bcc: eve@example.org`}})
    expect(await sendTo(email(url), bob(), {sent})).toEqual({
      success: false,
      deliveredCount: 0,
      failedCount: 1,
      errors: ['the header Subject has a line break in it'],
      failure: 'final',
    })
    expect(mails).toEqual([])
  })

  test.each(['\r\n', '\r', '\n', '%0d%0a'])('in an address are refused: %j', async (eol) => {
    const {mails, url} = await mailServer()
    const result = await sendTo(email(url), bob(`mailto:bob@example.org${eol}Bcc:eve@example.org`))
    expect(result).toMatchObject({success: false, failure: 'final'})
    expect(result.errors[0]).toMatch(/^email delivers to a mail address, not to "[^\r\n]*"$/)
    expect(mails).toEqual([])
  })

  test('in the sender make it unavailable', () => {
    const broken = email('smtp://127.0.0.1', 'leat@bus.example\r\nBcc: eve@example.org')
    expect(broken.isAvailable()).toBe(false)
    expect(broken.unavailableBecause()).toMatch(/^LEAT_SMTP_FROM is not a mail address: "leat@bus\.example\\r\\n/)
  })
})

describe('what the server says', () => {
  const refusing = (responseCode: number): SMTPServerOptions => ({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('mailbox\tis odd'), {responseCode})),
  })

  test.each([
    [550, 'final'],
    [553, 'final'],
    [450, 'retry'],
    [452, 'retry'],
  ])('%i to a recipient', async (code, failure) => {
    const {url} = await mailServer(refusing(code))
    const result = await sendTo(email(url), bob())
    expect(result).toMatchObject({success: false, failedCount: 1, status: code})
    expect(result.failure ?? 'retry').toBe(failure)
    expect(result.errors[0]).toMatch(/^mail server: .*mailbox is odd/)
  })

  test.each([
    [554, 'final'],
    [451, 'retry'],
  ])('%i to the mail', async (code, failure) => {
    const {url} = await mailServer({
      onData: (stream, _session, done) => {
        stream.resume()
        stream.on('end', () => done(Object.assign(new Error('not this'), {responseCode: code})))
      },
    })
    const result = await sendTo(email(url), bob())
    expect(result).toMatchObject({success: false, status: code})
    expect(result.failure ?? 'retry').toBe(failure)
  })

  test('nothing, because it is not there', async () => {
    const server = createTcpServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const {port} = server.address() as AddressInfo
    await new Promise((done) => server.close(done))
    const result = await sendTo(email(`smtp://u:s3cret@127.0.0.1:${port}`), bob())
    expect(result).toMatchObject({success: false, errors: [expect.stringContaining('ECONNREFUSED')]})
    expect(result.failure ?? 'retry').toBe('retry')
    expect(JSON.stringify(result)).not.toContain('s3cret')
  })

  test('nothing yet, as the deliverer stops', async () => {
    const stopping = new AbortController()
    const server = createTcpServer((socket) => {
      socket.on('error', () => {})
      stopping.abort()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const {port} = server.address() as AddressInfo
    const result = await sendTo(email(`smtp://127.0.0.1:${port}`), bob(), {signal: stopping.signal})
    expect(result).toMatchObject({failure: 'unreached'})
    const after = await mailServer()
    expect(await sendTo(email(after.url), bob(), {signal: stopping.signal})).toMatchObject({failure: 'unreached'})
    expect(after.mails).toEqual([])
  })
})

test('whether it is available, and what to do', async () => {
  expect(email('smtps://user:secret@mail.example.org').isAvailable()).toBe(true)
  expect(email(undefined).isAvailable()).toBe(false)
  expect(email(undefined).unavailableBecause()).toMatch(/^set LEAT_SMTP_URL, like smtps:/)
  const wrong = email('https://user:secret@mail.example.org')
  expect(wrong.isAvailable()).toBe(false)
  expect(wrong.unavailableBecause()).toBe('LEAT_SMTP_URL is not a URL that begins with smtp:// or smtps://')
  const result = await sendTo(email(undefined), bob())
  expect(result.failure ?? 'retry').toBe('retry')
  expect(result.errors[0]).toMatch(/^email is not available: set LEAT_SMTP_URL/)
})

test('addresses', () => {
  for (const good of ['a@b', 'bob.o+tag@example.org', "o'hara@example.org", 'bücher@beispiel.de'])
    expect(mailAddressOf(`mailto:${good}`)).toBe(good)
  for (const bad of [
    '',
    'bob',
    '@example.org',
    'bob@',
    'a@b@c',
    'a@b,c@d',
    'a@b;c@d',
    'a b@c',
    'Bob <bob@example.org>',
    '"a b"@example.org',
    'a%40b@c',
    'a@b?subject=x',
    'a@b\0',
    'a@b\u2028c',
    `${'a'.repeat(250)}@example.org`,
  ])
    expect([bad, isMailAddress(bad)]).toEqual([bad, false])
  expect(mailAddressOf('https://example.org')).toBeUndefined()
  expect(senderOf('leat bot <leat@example.org>')).toEqual({name: 'leat bot', address: 'leat@example.org'})
  expect(senderOf('leat@example.org')).toEqual({name: '', address: 'leat@example.org'})
  for (const bad of ['leat', 'a <b>', 'a <b@c> d', 'a\n<b@c>', 'b@c, d@e']) expect(senderOf(bad)).toBeUndefined()
})
