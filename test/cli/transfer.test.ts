import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {v7} from 'uuid'
import {describe, expect, test} from 'vitest'
import {background, until} from './background.js'
import {type World, world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

async function filled(): Promise<World> {
  const at = world()
  await at.leat`channel create ops`
  await at.leat({stdin: 'one\ntwo\n'})`send ops --lines`
  await at.leat({stdin: '{"level": "error"}\n', as: 'bob'})`send ops -J`
  await at.leat({stdin: Buffer.from([0, 1, 255])})`send ops --content-type image/png`
  return at
}

/** An export of so many messages, as a file has it. */
function exportOf(count: number): string {
  const time = '2026-01-01T00:00:00.000Z'
  const head = {record: 'export', version: 1, id: v7(), exportedAt: time, epoch: '', all: true}
  const channel = {
    record: 'channel',
    name: 'ops',
    state: 'open',
    restricted: false,
    retention: {},
    metadata: {a: 'b'},
    hidden: false,
    createdAt: time,
    createdBy: 'zoe',
    lastSeq: count,
  }
  const messages = Array.from({length: count}, (_, index) => {
    const id = v7()
    return {
      seq: index + 1,
      id,
      channel: 'ops',
      sender: 'zoe',
      type: 'message',
      content: `m${index}`,
      contentType: 'text/plain',
      time,
      thread: id,
    }
  })
  const consumer = {
    record: 'consumer',
    channel: 'ops',
    kind: 'reader',
    name: 'bob',
    cursor: Math.min(7, count),
    createdAt: time,
    movedAt: time,
  }
  return [head, channel, ...messages, consumer, {record: 'end', messages: count}]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('')
}

const behindHead = (text: string): string => text.slice(text.indexOf('\n') + 1)

describe('export', () => {
  test('writes lines to stdout, and the same into a file that is for its owner alone', async () => {
    const {leat, dir} = await filled()
    const {stdout, stderr, code} = await leat`export ops`
    expect({stderr, code}).toEqual({stderr: '', code: 0})
    expect(stdout.split('\n')).toHaveLength(4 + 3 + 1)
    const file = join(dir, 'ops.jsonl')
    expect(await leat`export ops --output ${file} --json`.then((ended) => ended.json())).toEqual({
      messages: 4,
      channels: 1,
      file,
    })
    expect(behindHead(readFileSync(file, 'utf8'))).toBe(behindHead(stdout))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(
      await leat`export --where level=error --json`.then((ended) => ended.jsonLines().filter(({record}) => !record)),
    ).toMatchObject([{seq: 3}])
  })

  test('leaves nothing behind where it fails, and what was there', async () => {
    const {leat, dir, store} = await filled()
    writeFileSync(join(dir, 'there.jsonl'), 'before')
    mkdirSync(join(dir, 'folder'))
    const before = readdirSync(dir).sort()
    expect(await leat`export none --output ${join(dir, 'there.jsonl')}`).toMatchObject({code: 3})
    expect(readFileSync(join(dir, 'there.jsonl'), 'utf8')).toBe('before')
    expect(await leat`export ops --output ${join(dir, 'folder')}`).toMatchObject({code: 2})
    expect(await leat`export ops --output ${join(dir, 'missing', 'x')}`).toMatchObject({code: 3})
    expect(await leat`export ops --output ${store}`).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/belongs to the store/),
    })
    expect(readdirSync(dir).sort()).toEqual(before)
  })

  test.each([
    ['--all --format csv', /--all is more/],
    ['--json --format md', /two formats/],
    ['--all --thread ops/1', /two things/],
    ['--format xml', /--format/],
  ])('%s is refused', async (flags, message) => {
    const {leat} = await filled()
    const {code, stdout, stderr} = await leat`export ops ${flags.split(' ')}`
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(message)
  })

  test('as csv has a row a message, the format chosen by the name of the file', async () => {
    const {leat, dir} = await filled()
    await leat`send ops -m ${'=1+1, "quoted"\nnext'} --header a=b`
    await leat`export ops --output ${join(dir, 'ops.csv')}`
    const text = readFileSync(join(dir, 'ops.csv'), 'utf8')
    const rows = text.split('\n')
    expect(rows[0]).toBe(
      'seq,id,channel,sender,type,content,contentBase64,contentType,time,sentAt,recipient,replyTo,thread,references,conversation,correlationId,key,replyChannel,headers,expiresAt,redactedAt,redactedBy',
    )
    expect(text).toContain(',"{""level"": ""error""}\n",,application/json,')
    expect(text).toContain(',,AAH/,image/png,')
    expect(text).toContain(',"=1+1, ""quoted""\nnext",')
    expect(text).toContain(',"{""a"":""b""}",')
  })

  test('as md is a document: of a thread, a conversation, a channel', async () => {
    const {leat} = await filled()
    await leat({as: 'bob'})`send ops --reply-to ops/1 -m ${'# not a heading\n<script>x</script>'} --conversation talk`
    const thread = await leat`export --thread ops/1 --format md`
    expect(thread.stdout).toMatch(/^# one\n\n2 messages, .*\n\nBy alice \(1\), bob \(1\)\n/)
    expect(thread.stdout).toContain('\n> \\# not a heading\\\n> \\<script\\>x\\</script\\>\n')
    expect((await leat`export --conversation talk --format md`).stdout).toMatch(/^# talk\n\n1 message/)
    const channel = await leat`export ops --format md`
    expect(channel.stdout).toMatch(/^# ops\n\n5 messages/)
    expect(channel.stdout).toContain('```json\n{"level": "error"}\n```')
    expect(channel.stdout).toContain('*3 bytes of image/png*')
  })
})

describe('import', () => {
  test('makes the store, the channel, and all that was in it', async () => {
    const {leat, dir} = await filled()
    await leat({as: 'bob'})`read ops -n 2`
    const file = join(dir, 'all.jsonl')
    await leat`export --all --output ${file}`
    const copy = join(dir, 'copy.db')
    expect(await leat`import ${file} --store ${copy}`).toMatchObject({code: 0, stdout: '4\n', stderr: ''})
    const again = await leat`export --all --store ${copy}`
    expect(behindHead(again.stdout)).toBe(behindHead(readFileSync(file, 'utf8')))
    expect((await leat({as: 'bob'})`read ops --json --store ${copy}`).jsonLines()).toMatchObject([{seq: 3}, {seq: 4}])
    expect(await leat`import ${file} --store ${copy} --json`.then((ended) => ended.json())).toMatchObject({
      stored: 0,
      there: 4,
    })
  })

  test('goes through a pipe, and under another name', async () => {
    const {leat} = await filled()
    const {bytes} = await leat`export ops`
    expect(await leat({stdin: bytes})`import - --channel ops=copy --json`.then((ended) => ended.json())).toMatchObject({
      stored: 4,
      channels: ['copy'],
    })
    expect(await leat({stdin: bytes})`import - --channel ops`).toMatchObject({code: 2})
  })

  test('what is no export makes no store', async () => {
    const {leat, dir} = await filled()
    const {bytes} = await leat`export ops`
    const files: Record<string, [string | Uint8Array, RegExp]> = {
      'a.gz': [gzipSync(bytes), /compressed.*\n?.*gunzip/],
      'a.db': [Buffer.from('SQLite format 3\0 and so on'), /a store, not an export/],
      'a.csv': ['seq,id\n1,2\n', /doesn't begin with a JSON object/],
      'a.md': ['# ops\n', /doesn't begin with a JSON object/],
      'a.jsonl': ['', /empty/],
    }
    for (const [name, [content, message]] of Object.entries(files)) {
      writeFileSync(join(dir, name), content)
      const ended = await leat`import ${join(dir, name)} --store ${join(dir, 'new.db')}`
      expect(ended).toMatchObject({code: 2, stdout: ''})
      expect(ended.stderr).toMatch(message)
    }
    expect(await leat`import ${join(dir, 'none')} --store ${join(dir, 'new.db')}`).toMatchObject({code: 3})
    expect(await leat`import ${dir} --store ${join(dir, 'new.db')}`).toMatchObject({code: 2})
    expect(existsSync(join(dir, 'new.db'))).toBe(false)
  })

  test('ends with 2 where nothing was stored, with 7 where some was, with 6 at a conflict', async () => {
    const {leat} = world()
    const text = exportOf(5)
    const lines = text.split('\n')
    const import_ = async (input: string, flags = '') =>
      leat({stdin: input})`import - ${flags.split(' ').filter(Boolean)}`
    expect(await import_(`${lines[0]}\n${lines[1]}\nnonsense\n`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/line 3: .*not a JSON object/),
    })
    const cut = await import_(text.slice(0, text.indexOf('"seq":4') + 20))
    expect(cut).toMatchObject({code: 7, stdout: '3\n'})
    expect(cut.stderr).toMatch(/ops stays closed until the import is done: leat import - --resume/)
    expect(cut.stderr).toMatch(/line 6/)
    expect(await leat`send ops -m x`).toMatchObject({code: 6})
    expect(await import_(text, '--resume')).toMatchObject({code: 0, stdout: '2\n', stderr: ''})
    expect(await leat`send ops -m x`).toMatchObject({code: 0})
    expect(await import_(text.replace('"m2"', '"other"'))).toMatchObject({
      code: 6,
      stderr: expect.stringMatching(/line 5: ops\/3 has the id/),
    })
    expect(await import_(text.slice(0, -20))).toMatchObject({code: 2})
  })

  test('a dry run says what would be', async () => {
    const {leat} = await filled()
    expect(
      await leat({stdin: exportOf(3)})`import - --dry-run --json --channel ops=new`.then((ended) => ended.json()),
    ).toMatchObject({
      dryRun: true,
      stored: 3,
      channels: ['new'],
    })
    expect(await leat`channel show new`).toMatchObject({code: 3})
  })

  test('killed in the middle it goes on, and nothing is missing or twice', async () => {
    const {leat, dir, env} = world()
    const file = join(dir, 'many.jsonl')
    const text = exportOf(30_000)
    writeFileSync(file, text)
    const store = join(dir, 'bus.db')
    const importing = background(env)`import ${file} --store ${store}`
    await until(async () => {
      const info = await leat`store info --json --store ${store}`
      expect(info.code).toBe(0)
      expect(info.json().messages).toBeGreaterThan(500)
    })
    importing.kill('SIGKILL')
    await importing.ended
    const left = (await leat`store info --json --store ${store}`).json().messages
    expect(await leat`send ops -m between --store ${store}`).toMatchObject({
      code: left === 30_000 ? expect.anything() : 6,
    })
    const resumed = (await leat({timeout: 120_000})`import ${file} --resume --json --store ${store}`).json()
    expect(resumed).toMatchObject({failed: 0, moved: 0, left: 0})
    expect(resumed.stored + resumed.there).toBe(30_000)
    expect(resumed.there).toBeGreaterThanOrEqual(left)
    const again = await leat({timeout: 120_000})`export --all --store ${store}`
    expect(behindHead(again.stdout) === behindHead(text)).toBe(true)
  })

  test('by who may not is refused', async () => {
    const {leat} = await filled()
    const {bytes} = await leat`export ops`
    await leat`grant manage --all --to root`
    expect(await leat({as: 'eve', stdin: bytes})`import -`).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/line 2: eve may not import into "ops"/),
    })
    expect(await leat({as: 'eve'})`export ops --all`).toMatchObject({code: 5})
  })
})

describe.runIf(hasTerminal)('at a terminal', () => {
  test('an import tells how far it is, and what it did', async () => {
    const {dir, env} = world()
    const file = join(dir, 'many.jsonl')
    writeFileSync(file, exportOf(10_000))
    const {code, raw, text} = await terminal(env)`import ${file}`
    expect(code).toBe(0)
    expect(raw).toMatch(/\r\d+ messages, \d+\/s, \d+ (s|min) left/)
    expect(text).toContain('10000 messages imported; made ops\n')
  })

  test.each(['jsonl', 'csv', 'md'])('%s obeys nothing that a message says', async (format) => {
    const {leat, env} = world()
    await leat`channel create ops`
    await leat({stdin: 'a\u001b[31mred\u009b\u202e\u0007'})`send ops`
    const {raw, text} = await terminal(env)`export ops --format ${format}`
    expect(raw).not.toMatch(/\u001b\[31m|[\u0007\u009b\u202e]/)
    expect(text).toContain('1 message of 1 channel\n')
  })
})
