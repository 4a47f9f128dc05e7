import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'

const ID = '019aa3f0-7b1a-7c3d-8e2f-0123456789ab'
const BYTES = Buffer.from([0, 1, 0xff, 0xfe, 0x0a, 0x80])

async function withOps() {
  const made = world()
  await made.leat`channel create ops`
  return made
}

test('everything about one message, as JSON and as fields', async () => {
  const {leat} = await withOps()
  await leat`channel create audit`
  const root = (await leat`send ops root`).stdout.trim()
  const sent =
    await leat`send ops,audit -m ${'{"n": 1.0}'} -J -t note --to bob --reply-to ops/1 --ref ${root} --conversation c
    --correlation-id x --key k --reply-channel ops --header a=1 --header b=2 --json`
  const {id, time} = sent.json()
  await leat({as: 'bob'})`read ops`
  const reply = (await leat({as: 'bob'})`reply ops/2 yes`).stdout.trim()
  const pointing = (await leat`send ops -m ${'see\nthere'} --ref ${id}`).stdout.trim()

  const shown = await leat`show ops/2 --json`
  expect(shown).toMatchObject({code: 0, stderr: ''})
  expect(shown.stdout).toContain('"content":{"n":1.0}')
  expect(shown.json()).toEqual({
    seq: 2,
    id,
    channel: 'ops',
    sender: 'alice',
    type: 'note',
    content: {n: 1},
    contentType: 'application/json',
    time,
    recipient: 'bob',
    replyTo: root,
    thread: root,
    references: [root],
    conversation: 'c',
    correlationId: 'x',
    key: 'k',
    replyChannel: 'ops',
    headers: {a: '1', b: '2'},
    places: [
      {channel: 'ops', seq: 2},
      {channel: 'audit', seq: 1},
    ],
    referencedBy: [{id: pointing, channel: 'ops', seq: 4, sender: 'alice', type: 'message', summary: 'see'}],
    replies: [{id: reply, channel: 'ops', seq: 3, sender: 'bob', type: 'message', summary: 'yes'}],
    readers: [{channel: 'ops', reader: 'bob', read: true, held: false}],
    claims: [],
    deliveries: [],
  })

  expect((await leat`show ops/2`).lines()).toEqual([
    'MESSAGE\tops/2',
    `ID\t${id}`,
    'SENDER\talice',
    'TO\tbob',
    `TIME\t${time}`,
    'TYPE\tnote',
    'CONTENT TYPE\tapplication/json',
    'BYTES\t10',
    `THREAD\t${root}`,
    `REPLY TO\t${root}`,
    `REFERENCES\t${root}`,
    'CONVERSATION\tc',
    'CORRELATION ID\tx',
    'KEY\tk',
    'REPLY CHANNEL\tops',
    'HEADERS\ta=1, b=2',
    'PLACES\tops/2 audit/1',
    `REPLIES\t${reply}`,
    `REFERENCED BY\t${pointing}`,
    'READERS\tops bob read',
    'CONTENT\t{"n": 1.0}',
  ])
})

test('what a message does not have is left out', async () => {
  const {leat} = await withOps()
  const {id, time} = (await leat`send ops hi --json`).json()
  expect((await leat`show ops/1 --json`).json()).toEqual({
    seq: 1,
    id,
    channel: 'ops',
    sender: 'alice',
    type: 'message',
    content: 'hi',
    contentType: 'text/plain',
    time,
    thread: id,
    places: [{channel: 'ops', seq: 1}],
    referencedBy: [],
    replies: [],
    readers: [],
    claims: [],
    deliveries: [],
  })
  expect((await leat`show ops/1`).lines()).toEqual([
    'MESSAGE\tops/1',
    `ID\t${id}`,
    'SENDER\talice',
    `TIME\t${time}`,
    'TYPE\tmessage',
    'CONTENT TYPE\ttext/plain',
    'BYTES\t2',
    `THREAD\t${id}`,
    'CONTENT\thi',
  ])
})

test('a message is named by its place, its id or the end of its id', async () => {
  const {leat, store} = await withOps()
  await leat`send ops one --id ${ID}`
  await leat`send ops two --id 119aa3f0-7b1a-7c3d-8e2f-0123456789ab`
  for (const ref of [ID, ID.toUpperCase(), 'ops/1']) expect((await leat`show ${ref} --raw`).stdout, ref).toBe('one')
  expect((await leat`show 456789ab --json`).error()).toEqual({
    code: 'USAGE',
    message: '"456789ab" is the end of several ids',
    hint: `one of ${ID}, 1${ID.slice(1)}`,
  })
  expect(await leat`show ops/3`).toMatchObject({code: 3, stdout: '', stderr: `leat: no message "ops/3" in ${store}\n`})
  expect(await leat`show abcdef`).toMatchObject({code: 3, stdout: ''})
  for (const ref of ['56789', 'ops/0', 'ops/', 'ops', '../1', 'xyzxyz'])
    expect((await leat`show ${ref} --json`).error(), ref).toMatchObject({
      code: 'INVALID',
      message: `"${ref}" does not name a message`,
    })
})

test('direct messages and restricted channels are not for others', async () => {
  const {leat} = await withOps()
  await leat({as: 'zoe'})`send ops hush --to bob --id ${ID}`
  expect((await leat({as: 'bob'})`show ops/1 --raw`).stdout).toBe('hush')
  expect(await leat({as: 'carol'})`show ops/1`).toMatchObject({code: 3, stdout: ''})
  expect(await leat({as: 'carol'})`show ${ID}`).toMatchObject({code: 3, stdout: ''})
  await leat`channel create secret --restricted`
  const id = (await leat`send secret x`).stdout.trim()
  expect(await leat({as: 'carol'})`show secret/1`).toMatchObject({code: 5, stdout: ''})
  expect(await leat({as: 'carol'})`show ${id}`).toMatchObject({code: 3, stdout: ''})
})

describe('content alone', () => {
  test('byte for byte, nothing behind it', async () => {
    const {leat} = await withOps()
    const bodies = ['\uFEFFbom\r\n\ttext \n\n', '[1.0, 12345678901234567890]', 'no newline']
    for (const body of bodies) await leat({stdin: body})`send ops`
    await leat({stdin: BYTES})`send ops --content-type image/png`
    for (const [index, body] of bodies.entries()) expect((await leat`show ops/${index + 1} --raw`).stdout).toBe(body)
    expect((await leat`show ops/4 --raw`).bytes).toEqual(BYTES)
    expect((await leat`show ops/4 --json`).json()).toMatchObject({
      contentBase64: BYTES.toString('base64'),
      contentType: 'image/png',
    })
    expect((await leat`show ops/2 --format ${'{short} {content:json}'}`).stdout).toMatch(
      /^[0-9a-f]{8} "\[1\.0, 12345678901234567890\]"\n$/,
    )
  })

  test('into a file, whole or not at all, and not readable by others', async () => {
    const {leat, dir} = await withOps()
    await leat({stdin: BYTES})`send ops --content-type image/png`
    writeFileSync(join(dir, 'out.png'), 'there before')
    expect(await leat`show ops/1 --output out.png`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(readFileSync(join(dir, 'out.png'))).toEqual(BYTES)
    expect(statSync(join(dir, 'out.png')).mode & 0o777).toBe(0o600)
    const refused = await leat`show ops/1 --output nowhere/out.png --json`
    expect(refused).toMatchObject({code: 3, stdout: ''})
    expect(refused.error()).toMatchObject({
      code: 'NOT_FOUND',
      message: 'no folder "nowhere" for "nowhere/out.png"',
    })
    expect(await leat`show ops/1 --output ${dir}`).toMatchObject({code: 2})
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([])
    expect(await leat`show ops/9 --output new.png`).toMatchObject({code: 3})
    expect(readdirSync(dir)).not.toContain('new.png')
  })

  test('of what was redacted there is none, and stderr says so', async () => {
    const {leat} = await withOps()
    await leat`send ops secret`
    await leat`redact ops/1 --yes`
    expect(await leat`show ops/1 --raw`).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^alice removed the content at .*Z\n$/),
    })
    const shown = (await leat`show ops/1 --json`).json()
    expect(shown).toMatchObject({redactedBy: 'alice'})
    expect(shown).not.toHaveProperty('content')
  })
})
