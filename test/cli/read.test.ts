import {spawn} from 'node:child_process'
import {existsSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type Filled, filled} from './filled.js'
import {BIN, type Result, world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const seqs = (result: Result): number[] => result.jsonLines().map(({seq}) => seq)
const cursor = async ({bus}: Filled, reader?: string): Promise<number> =>
  (await (await bus()).cursor('ops', reader)).cursor
const readers = async ({bus}: Filled): Promise<string[]> => (await (await bus()).cursors()).map(({name}) => name)

describe('the cursor', () => {
  test('each read gives the next messages, ten at most', async () => {
    const {leat} = await filled(23)
    expect(seqs(await leat`read ops --json`)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(seqs(await leat`read ops --json -n 2`)).toEqual([11, 12])
    expect(seqs(await leat`read ops --json --limit=1`)).toEqual([13])
    expect(seqs(await leat`read ops --json --count 1`)).toEqual([14])
    expect(seqs(await leat`read ops --json --last 1`)).toEqual([15])
    expect(seqs(await leat`read ops --json --all`)).toEqual([16, 17, 18, 19, 20, 21, 22, 23])
    expect(await leat`read ops --json`).toMatchObject({code: 0, stdout: '', stderr: ''})
    await leat`send ops 24`
    expect(seqs(await leat`read ops --json`)).toEqual([24])
  })

  test('every actor, and every --reader, has its own', async () => {
    const {leat} = await filled(3)
    expect(seqs(await leat`read ops --json -n 2`)).toEqual([1, 2])
    expect(seqs(await leat({as: 'bob'})`read ops --json -n 1`)).toEqual([1])
    expect(seqs(await leat`read ops --json --reader nightly`)).toEqual([1, 2, 3])
    expect(seqs(await leat({env: {LEAT_READER: 'hourly'}})`read ops --json -n 1`)).toEqual([1])
    expect(seqs(await leat({env: {LEAT_READER: 'hourly'}})`read ops --json --reader nightly`)).toEqual([])
    expect(seqs(await leat({env: {LEAT_READER: ''}})`read ops --json`)).toEqual([3])
    expect(seqs(await leat({as: 'bob'})`read ops --json`)).toEqual([2, 3])
    expect((await leat`cursor list ops`).lines().map((line) => line.split('\t').slice(1, 5))).toEqual([
      ['alice', '3', '3', '0'],
      ['bob', '3', '3', '0'],
      ['hourly', '1', '3', '2'],
      ['nightly', '3', '3', '0'],
    ])
  })

  test('a new reader is told where it starts, and how much that is', async () => {
    const {leat} = await filled(12)
    const said = 'alice is new to ops and starts at the beginning: 12 unread\n'
    expect((await leat`read ops -n 1`).stderr).toBe(said)
    expect((await leat`read ops -n 1`).stderr).toBe('')
    expect((await leat({as: 'bob'})`read ops -n 1 --quiet`).stderr).toBe('')
    expect((await leat`read ops --reader r --json`).stderr).toBe(said.replace('alice', 'r'))
    expect((await leat`read ops --reader t --type none`).stderr).toBe('')
    await leat`channel create empty`
    expect((await leat`read empty`).stderr).toBe('')
  })

  test('a subscriber starts at its subscription', async () => {
    const {leat} = await filled(3)
    await leat`subscribe ops --as bob`
    await leat`send ops 4`
    expect(await leat({as: 'bob'})`read ops --format {seq}`).toMatchObject({stdout: '4\n', stderr: ''})
  })

  test('direct messages of others are given to nobody, and a limit never loses one', async () => {
    const {leat} = world()
    await leat`channel create box`
    const zoe = Array.from({length: 50}, (_, at) => JSON.stringify({content: `z${at}`, recipient: 'zoe'}))
    const bob = Array.from({length: 5}, (_, at) => JSON.stringify({content: `b${at}`, recipient: 'bob'}))
    const mixed = zoe.flatMap((line, at) => (at % 10 === 4 ? [line, bob[Math.floor(at / 10)]] : [line]))
    await leat({stdin: mixed.join('\n')})`send box --jsonl`

    const counts: number[] = []
    const got: unknown[] = []
    for (let round = 0; round < 4; round++) {
      const read = await leat({as: 'bob'})`read box -n 2 --json`
      expect(read.code).toBe(0)
      counts.push(read.jsonLines().length)
      got.push(...read.jsonLines().map(({content}) => content))
    }
    expect(counts).toEqual([2, 2, 1, 0])
    expect(got).toEqual(['b0', 'b1', 'b2', 'b3', 'b4'])

    const listed = async (as: string) => {
      const [{messages, unread, last}] = (await leat({as})`list --json`).jsonLines()
      return {messages, unread, last: last?.seq}
    }
    expect(await listed('carol')).toEqual({messages: 0, unread: 0, last: undefined})
    expect(await leat({as: 'carol'})`read box --all`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(await listed('bob')).toMatchObject({messages: 5, unread: 0})
    expect(await listed('zoe')).toMatchObject({messages: 50, unread: 50})
    expect((await leat({as: 'zoe'})`read box --all --json`).jsonLines()).toHaveLength(50)
    expect((await leat`read box --all --json`).jsonLines()).toHaveLength(55)
  })

  test('what was pruned in front of a reader is told, the rest is given once', async () => {
    const {leat} = await filled(20)
    expect(seqs(await leat({as: 'bob'})`read ops -n 5 --json`)).toEqual([1, 2, 3, 4, 5])
    await leat`channel prune ops --keep 10 --yes`
    const next = await leat({as: 'bob'})`read ops -n 3 --json`
    expect(next.stderr).toBe('5 messages of ops were pruned before you read them\n')
    expect(seqs(next)).toEqual([11, 12, 13])
    await leat`channel prune ops --keep 6 --yes`
    const rest = await leat({as: 'bob'})`read ops --all --json`
    expect(rest.stderr).toBe('1 message of ops was pruned before you read it\n')
    expect(seqs(rest)).toEqual([15, 16, 17, 18, 19, 20])
    expect(seqs(await leat({as: 'bob'})`read ops --json`)).toEqual([])
  })

  test('the newest message deleted: the next one has a seq of its own, and is read', async () => {
    const {leat} = await filled(2)
    await leat`read ops --all`
    await leat`channel delete ops --yes`
    await leat`channel create ops`
    await leat`send ops again`
    expect(seqs(await leat`read ops --json`)).toEqual([3])
  })
})

describe('looking without moving', () => {
  test('--peek', async () => {
    const made = await filled(15)
    const {leat} = made
    await leat`read ops -n 2`
    expect(seqs(await leat`read ops --peek --json`)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(seqs(await leat`read ops --peek -n 1 --json`)).toEqual([3])
    expect(seqs(await leat`read ops --peek --all --json`)).toHaveLength(13)
    expect(seqs(await leat`read ops --peek --json --reader other -n 1`)).toEqual([1])
    expect(await cursor(made)).toBe(2)
    expect(await readers(made)).toEqual(['alice'])
  })

  test('--from and --after leave the cursor alone', async () => {
    const made = await filled(9)
    const {leat} = made
    await leat`read ops -n 2`
    const [{id}] = (await leat`read ops --from 7 -n 1 --json`).jsonLines()
    expect(seqs(await leat`read ops --from 7 --json`)).toEqual([7, 8, 9])
    expect(seqs(await leat`read ops --after 7 --json`)).toEqual([8, 9])
    expect(seqs(await leat`read ops --from ops/8 --json`)).toEqual([8, 9])
    expect(seqs(await leat`read ops --after ${id} --json`)).toEqual([8, 9])
    expect(seqs(await leat`read ops --after ${id.slice(-8)} --json`)).toEqual([8, 9])
    expect(seqs(await leat`read ops --from ${id} -n 1 --json`)).toEqual([7])
    expect(seqs(await leat`read ops --from start -n 1 --json`)).toEqual([1])
    expect(seqs(await leat`read ops --from 1h --json -n 1`)).toEqual([1])
    expect(seqs(await leat`read ops --from now --json`)).toEqual([])
    expect(seqs(await leat`read ops --from cursor --json -n 1`)).toEqual([3])
    expect(await cursor(made)).toBe(2)
    expect(seqs(await leat`read ops --json -n 1`)).toEqual([3])
  })

  test('an unknown position is an error, not a replay', async () => {
    const made = await filled(3)
    const {leat} = made
    const unknown = '019aa3f0-0000-7000-8000-000000000000'
    const missing = await leat`read ops --after ${unknown} --json`
    expect([missing.code, missing.stdout, missing.error().code]).toEqual([3, '', 'NOT_FOUND'])
    expect(missing.error().message).toContain(unknown)
    const beyond = await leat`read ops --after 99 --json`
    expect([beyond.code, beyond.stdout, beyond.error()]).toEqual([
      2,
      '',
      {code: 'INVALID', message: 'ops has no place 99', hint: 'its last is ops/3'},
    ])
    expect((await leat`read ops --from ops/99`).code).toBe(2)
    expect((await leat`read ops --from sometime`).code).toBe(2)
    expect((await leat`read ops --from 1 --after 2`).code).toBe(2)
    expect((await leat`read ops --after 99 --seek`).code).toBe(2)
    expect(await readers(made)).toEqual([])
  })

  test('--seek sets the cursor there first', async () => {
    const made = await filled(9)
    const {leat} = made
    await leat`read ops --all`
    expect(seqs(await leat`read ops --from 4 --seek -n 2 --json`)).toEqual([4, 5])
    expect(await cursor(made)).toBe(5)
    expect(seqs(await leat`read ops --after 7 --seek -n 1 --json`)).toEqual([8])
    expect(seqs(await leat`read ops --from start --seek -n 1 --json --reader new`)).toEqual([1])
    expect(await cursor(made, 'new')).toBe(1)
    expect((await leat`read ops --seek --json`).error().message).toBe('--seek needs --from or --after')
    expect((await leat`read ops --from 1 --seek --peek`).code).toBe(2)
    expect(await cursor(made)).toBe(8)
  })

  test('--no-commit leaves everything for cursor commit', async () => {
    const {leat} = await filled(5)
    expect(seqs(await leat`read ops -n 2 --no-commit --json`)).toEqual([1, 2])
    expect(seqs(await leat`read ops -n 2 --no-commit --json`)).toEqual([1, 2])
    expect(await leat`cursor commit ops/1`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(seqs(await leat`read ops -n 2 --no-commit --json`)).toEqual([2, 3])
    expect(seqs(await leat`read ops --all --no-commit --json`)).toEqual([2, 3, 4, 5])
  })
})

describe('filters', () => {
  const mixed = async (): Promise<Filled> => {
    const made = await filled(1)
    await (await made.bus()).send('ops', {body: 'alarm', type: 'alert'})
    await (await made.bus('bob')).send('ops', {body: 'hello'})
    await (await made.bus('carol')).send('ops', {body: 'panic', type: 'fatal'})
    return made
  }

  test('one on the own cursor would skip what it hides, so it is refused', async () => {
    const made = await mixed()
    const {leat} = made
    for (const words of [
      ['--type', 'alert'],
      ['--sender', 'bob'],
      ['--others'],
      ['--type', 'alert', '--reader', 'alice'],
      ['--type', 'alert', '--from', '3', '--seek'],
      ['--others', '--no-commit'],
    ]) {
      const refused = await leat`read ops --json ${words}`
      expect([refused.code, refused.stdout, refused.error()]).toEqual([
        2,
        '',
        {
          code: 'USAGE',
          message: "a filter on alice's own cursor would skip for ever what it hides",
          hint: 'add --peek or --reader NAME',
        },
      ])
    }
    expect(await readers(made)).toEqual([])
  })

  test('with --peek, from a position, or with a reader of its own', async () => {
    const {leat} = await mixed()
    expect(seqs(await leat`read ops --peek --type alert --json`)).toEqual([2])
    expect(seqs(await leat`read ops --peek -t alert -t fatal --json`)).toEqual([2, 4])
    expect(seqs(await leat`read ops --peek --sender bob --sender carol --json`)).toEqual([3, 4])
    expect(seqs(await leat`read ops --peek --sender carol --type alert --json`)).toEqual([])
    expect(seqs(await leat`read ops --peek --others --json`)).toEqual([3, 4])
    expect(seqs(await leat`read ops --from 3 --type fatal --json`)).toEqual([4])
    const first = await leat`read ops --reader alerts --type alert --json`
    expect(seqs(first)).toEqual([2])
    expect(first.stderr).toBe('alerts is new to ops and starts at the beginning: 1 unread\n')
    expect(seqs(await leat({env: {LEAT_READER: 'o'}})`read ops --others --json`)).toEqual([3, 4])
    // What a filter hid was passed over for good.
    expect(seqs(await leat`read ops --reader alerts --json`)).toEqual([])
  })
})

describe('nothing there', () => {
  test('is exit 0, and 4 with --fail-empty', async () => {
    const {leat} = await filled(0)
    expect(await leat`read ops`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(await leat`read ops --json`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect(await leat`read ops --fail-empty`).toMatchObject({code: 4, stdout: '', stderr: 'leat: nothing new in ops\n'})
    const json = await leat`read ops --fail-empty --json`
    expect([json.code, json.error()]).toEqual([4, {code: 'EMPTY', message: 'nothing new in ops'}])
    expect((await leat`read ops --peek --fail-empty`).code).toBe(4)
    await leat`send ops 1`
    expect((await leat`read ops --fail-empty`).code).toBe(0)
  })

  test('--wait ends with exit 4', async () => {
    const {leat} = await filled(0)
    const started = Date.now()
    const waited = await leat`read ops --wait 700ms --json`
    expect([waited.code, waited.stdout, waited.error().code]).toEqual([4, '', 'TIMEOUT'])
    expect(Date.now() - started).toBeGreaterThan(700)
    expect((await leat`read ops -w 10ms --peek`).code).toBe(4)
    expect((await leat`read ops --wait soon`).code).toBe(2)
  })

  test('--wait gives what comes meanwhile', async () => {
    const {leat} = await filled(1)
    await leat`read ops`
    const waiting = leat`read ops --wait 20s --json`
    await leat`send ops later`
    expect((await waiting).jsonLines()).toEqual([expect.objectContaining({seq: 2, content: 'later'})])
    expect(seqs(await leat`read ops --json`)).toEqual([])
  })

  test('no such channel, or not for the actor', async () => {
    const {leat} = await filled(1)
    const missing = await leat`read opz --json`
    expect([missing.code, missing.error().code]).toEqual([3, 'NOT_FOUND'])
    expect(missing.error().message).toContain('no channel "opz"')
    expect((await leat`read`).code).toBe(2)
    expect((await leat`read ops extra`).code).toBe(2)
    expect((await leat`read ops -n 0`).code).toBe(2)
    expect((await leat`read ops -n 2 --all`).code).toBe(2)
    expect((await leat`read ops --reader ../x`).code).toBe(2)
    await leat`channel create board --restricted`
    const refused = await leat({as: 'bob'})`read board --json`
    expect([refused.code, refused.error().code]).toEqual([5, 'FORBIDDEN'])
  })

  test('a store that is not there is not made', async () => {
    const {leat, dir} = world({defaultStore: false})
    const read = await leat`read ops --store ./evnets.db --json`
    expect([read.code, read.error().code]).toEqual([3, 'NOT_FOUND'])
    expect(existsSync(join(dir, 'evnets.db'))).toBe(false)
  })
})

describe('output', () => {
  test('a line of fields in a pipe', async () => {
    const {leat} = await filled(0)
    const id = (await leat({stdin: 'tab\there\nnext \\ line\x1b[31m'})`send ops --type odd`).stdout.trim()
    const {lines} = await leat`read ops`
    const [time] = [lines()[0]?.split('\t')[3]]
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(lines()).toEqual([`${id}\tops\t1\t${time}\talice\todd\ttab\\there\\nnext \\\\ line\\x1b[31m`])
  })

  test('--json keeps every digit', async () => {
    const {leat} = await filled(0)
    await leat({
      stdin: '{"big": 12345678901234567890, "one": 1.0, "huge": 1e400, "a": 1, "a": 2, "__proto__": 3}',
    })`send ops -J`
    const {stdout} = await leat`read ops --json`
    expect(stdout).toContain('"content":{"big":12345678901234567890,"one":1.0,"huge":1e400,"a":1,"a":2,"__proto__":3}')
  })

  test('--raw: exact for one, ended for several', async () => {
    const {leat} = await filled(0)
    const bytes = Uint8Array.from([0, 255, 10, 13, 10])
    await leat({stdin: bytes})`send ops --content-type application/octet-stream`
    await leat({stdin: 'no newline'})`send ops`
    await leat`send ops b`
    expect([...(await leat`read ops --peek -n 1 --raw`).bytes]).toEqual([...bytes])
    expect([...(await leat`read ops --peek -n 1 --raw -0`).bytes]).toEqual([...bytes, 0])
    expect((await leat`read ops --after 1 --raw`).stdout).toBe('no newline\nb\n')
    expect((await leat`read ops --after 1 --raw -0`).stdout).toBe('no newline\0b\0')
    expect((await leat`read ops --after 2 --raw`).stdout).toBe('b\n')
    expect((await leat`read ops --raw --format x`).code).toBe(2)
  })

  test('--format', async () => {
    const made = await filled(0)
    const {leat} = made
    await leat`send ops -J -m ${'{"level":{"n":[1.0,"x"]}}'} --header host=web`
    await leat`send ops plain`
    const read =
      await leat`read ops --peek --format ${'{channel}/{seq}\\t{sender}: {content.level.n.1} {header.host} {{}}'}`
    expect(read.stdout).toBe('ops/1\talice: x web {}\nops/2\talice:   {}\n')
    expect((await leat`read ops --peek --format {content} -0`).stdout).toBe('{"level":{"n":[1.0,"x"]}}\0plain\0')
    const unknown = await leat`read ops --format {contnet}`
    expect([unknown.code, unknown.stdout]).toEqual([2, ''])
    expect(await readers(made)).toEqual([])
  })

  test('--output puts one message into a file, and only then it counts as read', async () => {
    const made = await filled(0)
    const {leat, dir} = made
    const bytes = Uint8Array.from([137, 80, 78, 71, 0])
    await leat({stdin: bytes})`send ops --content-type image/png`
    await leat`send ops second`
    expect((await leat`read ops --output missing/folder/file`).code).toBe(3)
    expect(await leat`read ops --output got.png`).toMatchObject({code: 0, stdout: ''})
    expect([...readFileSync(join(dir, 'got.png'))]).toEqual([...bytes])
    expect(statSync(join(dir, 'got.png')).isFile()).toBe(true)
    expect(await cursor(made)).toBe(1)
    expect((await leat`read ops --output f --all`).code).toBe(2)
    expect((await leat`read ops --output f -n 2`).code).toBe(2)
    expect((await leat`read ops --output f -- cat`).code).toBe(2)
    await leat`read ops --output got.png -n 1`
    expect(readFileSync(join(dir, 'got.png'), 'utf8')).toBe('second')
  })
})

describe('commit after output', () => {
  /** leat with a stdout that nobody reads. */
  const intoNothing = (made: Filled, argv: string[]): Promise<{code: number | null; stderr: string}> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [BIN, ...argv], {
        cwd: made.dir,
        env: {...made.env, LEAT_AS: 'alice'},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child.stdout.destroy()
      let stderr = ''
      child.stderr.on('data', (chunk) => {
        stderr += chunk
      })
      child.once('close', (code) => resolve({code, stderr}))
    })

  test('a closed pipe commits nothing and is no error', async () => {
    const made = await filled(3)
    await (await made.bus()).setCursor('ops', 'start')
    expect(await intoNothing(made, ['read', 'ops'])).toEqual({code: 0, stderr: ''})
    expect(await cursor(made)).toBe(0)
    expect(await intoNothing(made, ['read', 'ops', '-n', '1', '--raw'])).toEqual({code: 0, stderr: ''})
    expect(seqs(await made.leat`read ops --json`)).toEqual([1, 2, 3])
  })

  test('read --all | head -1 ends at once, silently, and loses nothing', async () => {
    const made = await filled(0)
    const {leat, dir, env} = made
    await leat({stdin: `${'x'.repeat(2000)}\n`.repeat(1000)})`send ops --lines`
    await (await made.bus()).setCursor('ops', 'start')
    const started = Date.now()
    const script = `"${process.execPath}" "${BIN}" read ops --all --format '{seq} {content}' | head -1 | cut -d' ' -f1; echo "\${PIPESTATUS[0]}"`
    const piped = await new Promise<{stdout: string; stderr: string}>((resolve) => {
      const child = spawn('bash', ['-c', script], {
        cwd: dir,
        env: {...env, LEAT_AS: 'alice'},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk) => (stdout += chunk))
      child.stderr.on('data', (chunk) => (stderr += chunk))
      child.once('close', () => resolve({stdout, stderr}))
    })
    expect(piped).toEqual({stdout: '1\n0\n', stderr: ''})
    expect(Date.now() - started).toBeLessThan(10_000)
    // At most what fits into the pipe was handed over; the page that failed comes again, whole.
    const at = await cursor(made)
    expect(at).toBeLessThan(200)
    expect(seqs(await leat`read ops -n 1 --json`)).toEqual([at + 1])
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk commits nothing and is exit 9', async () => {
    const made = await filled(2)
    await (await made.bus()).setCursor('ops', 'start')
    const script = `"${process.execPath}" "${BIN}" read ops > /dev/full`
    const code = await new Promise((resolve) =>
      spawn('sh', ['-c', script], {cwd: made.dir, env: {...made.env, LEAT_AS: 'alice'}, stdio: 'ignore'}).once(
        'close',
        resolve,
      ),
    )
    expect(code).toBe(9)
    expect(await cursor(made)).toBe(0)
  })
})

describe.skipIf(!hasTerminal)('at a terminal', () => {
  test('messages for people, a footer where the limit cut, and a note when nothing is there', async () => {
    const {leat, env, bus} = await filled(52)
    await (await bus()).setCursor('ops', 'start')
    const {text, code} = await terminal(env)`read ops -n 2`
    expect(code).toBe(0)
    expect(text).toMatch(
      /^ops\/1 {2}alice {2} *(now|\d+s) {2}1\nops\/2 {2}alice {2} *(now|\d+s) {2}2\n2 of 52 unread; leat read ops --all\n$/,
    )
    expect((await terminal(env)`read ops --reader r -n 1 --quiet`).text).not.toContain('unread')
    expect((await terminal(env)`read ops --reader r -n 1`).text).toContain(
      '1 of 51 unread; leat read ops --all --reader r\n',
    )
    expect((await terminal(env)`read ops --peek -n 1`).text).toContain('1 of 50 unread; leat read ops --peek --all\n')
    expect((await terminal(env)`read ops -n 1 --no-commit`).text).toContain(
      'nothing is committed; leat cursor commit ops/3\n',
    )
    await leat`read ops --all`
    expect((await terminal(env)`read ops`).text).toBe('nothing new in ops\n')
  })

  test('control characters of a message do nothing', async () => {
    const {leat, env} = await filled(0)
    await leat`send ops -m ${'\x1b]0;owned\x07\x1b[31mred\u202e'}`
    for (const words of [[], ['--raw'], ['--raw', '-n', '1'], ['--format', '{content}']]) {
      const {raw} = await terminal(env)`read ops --peek --color never ${words}`
      expect(raw).toContain('\\x1b]0;owned\\x07\\x1b[31mred\\u202e')
      expect(raw).not.toMatch(/[\x1b\x07\u202e]/)
    }
    await leat({stdin: Uint8Array.from([0, 1, 2])})`send ops --content-type image/png`
    const refused = await terminal(env)`read ops --after 1 --raw`
    expect([refused.code, refused.text]).toEqual([
      2,
      expect.stringContaining("ops/2 is image/png, which a terminal can't show"),
    ])
  })
})
