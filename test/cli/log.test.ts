import {spawn} from 'node:child_process'
import {describe, expect, test} from 'vitest'
import {BIN, type Leat, world} from './leat.js'

const jsonl = (messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('')

/** Content of what a command line prints as JSON. */
const contents = async (line: ReturnType<Leat>): Promise<unknown[]> => {
  const {code, stderr, jsonLines} = await line
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  return jsonLines().map(({content}) => content)
}

/** `prefix1` … `prefixN` in a channel. */
async function withMessages(count: number, channel = 'ops') {
  const made = world()
  await made.leat`channel create ${channel}`
  await fill(made.leat, channel, count)
  return made
}

const fill = (leat: Leat, channel: string, count: number, prefix = 'm') =>
  leat({
    stdin: jsonl(Array.from({length: count}, (_, index) => ({content: `${prefix}${index + 1}`}))),
  })`send ${channel} --jsonl`

describe('how much', () => {
  test('the newest 50, oldest first; -n and its aliases say another number; --all everything', async () => {
    const {leat} = await withMessages(60)
    const fifty = await contents(leat`log ops --json`)
    expect([fifty.length, fifty[0], fifty.at(-1)]).toEqual([50, 'm11', 'm60'])
    for (const flag of ['-n 3', '-n3', '--limit 3', '--limit=3', '--count 3', '--last 3'])
      expect(await contents(leat`log ops --json ${flag.split(' ')}`), flag).toEqual(['m58', 'm59', 'm60'])
    const all = await contents(leat`log ops --all --json`)
    expect([all.length, all[0], all.at(-1)]).toEqual([60, 'm1', 'm60'])
  })

  test('more than one page, newest only', async () => {
    const {leat} = await withMessages(500)
    const most = await contents(leat`log ops -n 450 --json`)
    expect([most.length, most[0], most.at(-1)]).toEqual([450, 'm51', 'm500'])
  })

  test('--reverse begins with the newest', async () => {
    const {leat} = await withMessages(60)
    expect(await contents(leat`log ops -n 3 --reverse --json`)).toEqual(['m60', 'm59', 'm58'])
    expect((await contents(leat`log ops --all --reverse --json`)).at(-1)).toBe('m1')
  })

  test('an empty channel prints nothing and is done', async () => {
    const {leat} = await withMessages(0)
    for (const flag of ['--json', '--raw', '-q', '--all'])
      expect(await leat`log ops ${flag}`).toMatchObject({code: 0, stdout: '', stderr: ''})
  })
})

describe('which channels', () => {
  async function withThree() {
    const {leat, store} = world()
    for (const name of ['build.web', 'build.api', 'ops']) await leat`channel create ${name}`
    for (const [channel, text] of [
      ['ops', 'a'],
      ['build.web', 'b'],
      ['build.api', 'c'],
      ['ops', 'd'],
    ])
      await leat`send ${channel} ${text}`
    return {leat, store}
  }

  test('all that one may read, in the order of storage; named ones; patterns', async () => {
    const {leat} = await withThree()
    expect(await contents(leat`log --json`)).toEqual(['a', 'b', 'c', 'd'])
    expect(await contents(leat`log -n 2 --json`)).toEqual(['c', 'd'])
    expect(await contents(leat`log ops build.web --json`)).toEqual(['a', 'b', 'd'])
    expect(await contents(leat`log 'build.*' --json`)).toEqual(['b', 'c'])
    expect(await contents(leat`log 'build.*' build.web ops --json`)).toEqual(['a', 'b', 'c', 'd'])
    expect(await contents(leat`log '[ab]*' --json`)).toEqual(['b', 'c'])
  })

  test('one that is not there is an error with what one may have meant, and so is a pattern without any', async () => {
    const {leat, store} = await withThree()
    expect(await leat`log opps`).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `leat: no channel "opps" in ${store} (did you mean ops? else: leat channel create opps)\n`,
    })
    expect((await leat`log 'x*' --json`).error()).toMatchObject({
      code: 'NOT_FOUND',
      message: `no channel matches "x*" in ${store}`,
    })
    expect((await leat`log '[' --json`).error()).toMatchObject({code: 'INVALID'})
  })

  test('a restricted channel is not for others: named it is refused, else passed over', async () => {
    const {leat} = await withThree()
    await leat`channel create secret --restricted --members bob`
    await leat`send secret hush`
    expect(await leat({as: 'carol'})`log secret`).toMatchObject({code: 5, stdout: ''})
    expect(await contents(leat({as: 'carol'})`log --json`)).toEqual(['a', 'b', 'c', 'd'])
    expect(await leat({as: 'carol'})`log 's*'`).toMatchObject({code: 3, stdout: ''})
    expect(await contents(leat({as: 'bob'})`log secret --json`)).toEqual(['hush'])
  })
})

describe('filters, alone and together', () => {
  async function withMixed() {
    const made = world()
    await made.leat`channel create ops`
    await made.leat({
      as: 'alice',
      stdin: jsonl([
        {content: 'one', type: 'deploy', conversation: 'outage'},
        {content: 'two', type: 'alert', correlationId: 'c1'},
        {content: 'for bob', recipient: 'bob'},
      ]),
    })`send ops --jsonl`
    await made.leat({
      as: 'bob',
      stdin: jsonl([{content: 'three', type: 'deploy', replyTo: 'ops/1'}, {content: 'Ünï *%_ [x]'}]),
    })`send ops --jsonl`
    return made
  }

  const cases: [flags: string, expected: string[]][] = [
    ['--type deploy', ['one', 'three']],
    ['-t deploy -t alert', ['one', 'two', 'three']],
    ['--sender bob', ['three', 'Ünï *%_ [x]']],
    ['--sender bob --type deploy', ['three']],
    ['--to bob', ['for bob']],
    ['--conversation outage', ['one']],
    ['--correlation-id c1', ['two']],
    ['--thread ops/4', ['one', 'three']],
    ['-g t', ['two', 'three']],
    ['--grep *%_', ['Ünï *%_ [x]']],
    ['-g Ünï', ['Ünï *%_ [x]']],
    ['-g ONE', []],
    ['--type nope', []],
    ['--type deploy -n 1', ['three']],
    ['--type deploy --reverse', ['three', 'one']],
  ]

  test('each gives what it says', async () => {
    const {leat} = await withMixed()
    for (const [flags, expected] of cases)
      expect(await contents(leat`log ops --json ${flags.split(' ')}`), flags).toEqual(expected)
    expect(await leat`log ops --thread ops/77`).toMatchObject({code: 3, stdout: ''})
  })
})

describe('positions', () => {
  const cases: [flags: string, expected: string[]][] = [
    ['--from start -n 2', ['m1', 'm2']],
    ['--from 4', ['m4', 'm5']],
    ['--after 4', ['m5']],
    ['--from ops/4', ['m4', 'm5']],
    ['--after ops/4', ['m5']],
    ['--from now', []],
    ['--from 1h -n 1', ['m1']],
    ['--after 5', []],
    ['--from yesterday --until 2000-01-01', []],
    ['--since 2000-01-01 -n 2', ['m4', 'm5']],
    ['--since 1h --until now -n 1 --reverse', ['m5']],
    ['--until 2000-01-01', []],
    ['--from 2 --reverse -n 2', ['m5', 'm4']],
    ['--after 3 --reverse', ['m5', 'm4']],
  ]

  test('each begins where it says', async () => {
    const {leat} = await withMessages(5)
    for (const [flags, expected] of cases)
      expect(await contents(leat`log ops --json ${flags.split(' ')}`), flags).toEqual(expected)
  })

  test('a message id and the end of one', async () => {
    const {leat} = await withMessages(3)
    const {id} = (await leat`show ops/2 --json`).json()
    expect(await contents(leat`log ops --from ${id} --json`)).toEqual(['m2', 'm3'])
    expect(await contents(leat`log ops --after ${id.slice(-8)} --json`)).toEqual(['m3'])
  })

  test('the cursor, which stays where it is', async () => {
    const {leat} = await withMessages(5)
    await leat`read ops -n 2`
    expect(await contents(leat`log ops --from cursor --json`)).toEqual(['m3', 'm4', 'm5'])
    expect(await contents(leat`log ops --all --json`)).toHaveLength(5)
    expect((await leat`cursor show ops --json`).json()).toMatchObject({cursor: 2, unread: 3})
  })

  const refused: [flags: string, code: number, name: string][] = [
    ['--after 019aa3f0-7b1a-7c3d-8e2f-0123456789ab', 3, 'NOT_FOUND'],
    ['--after abcdef12', 3, 'NOT_FOUND'],
    ['--from 99', 2, 'INVALID'],
    ['--after ops/99', 2, 'INVALID'],
    ['--from soon', 2, 'INVALID'],
    ['--from 3 --after 4', 2, 'USAGE'],
  ]

  test('one that is not there is an error, not a replay from the start', async () => {
    const {leat} = await withMessages(3)
    for (const [flags, code, name] of refused) {
      const result = await leat`log ops --json ${flags.split(' ')}`
      expect(result, flags).toMatchObject({code, stdout: ''})
      expect(result.error().code, flags).toBe(name)
    }
  })

  test('a place in one channel is no position in two', async () => {
    const {leat} = await withMessages(3)
    await leat`channel create audit`
    expect((await leat`log ops audit --from 2 --json`).error()).toMatchObject({code: 'USAGE'})
    expect(await contents(leat`log ops audit --from start --json`)).toEqual(['m1', 'm2', 'm3'])
  })
})

test('direct messages between others appear to nobody else, and no limit loses one', async () => {
  const {leat} = world()
  await leat`channel create ops`
  await leat({
    as: 'zoe',
    stdin: jsonl(
      [...Array(20).keys()].map((n) => ({
        content: n % 4 === 0 ? `b${n}` : `x${n}`,
        recipient: n % 4 === 0 ? 'bob' : 'yan',
      })),
    ),
  })`send ops --jsonl`
  expect(await contents(leat({as: 'bob'})`log ops -n 3 --json`)).toEqual(['b8', 'b12', 'b16'])
  expect(await contents(leat({as: 'bob'})`log ops --all --json`)).toEqual(['b0', 'b4', 'b8', 'b12', 'b16'])
  expect(await contents(leat({as: 'carol'})`log ops --all --json`)).toEqual([])
  expect(await contents(leat({as: 'zoe'})`log ops --all --json`)).toHaveLength(20)
  expect(await contents(leat`log ops --all --json`)).toHaveLength(20) // alice manages it
})

describe('forms', () => {
  test('fields: id, channel, seq, time, sender, type, content, escaped and whole', async () => {
    const {leat} = world()
    await leat`channel create ops`
    const id = (await leat`send ops -m ${'tab\there\nback\\slash \x1b[1m'} --type note`).stdout.trim()
    const {stdout} = await leat`log ops`
    expect(stdout).toMatch(/^[^\n]+\n$/)
    const [first, channel, seq, time, ...rest] = stdout.trimEnd().split('\t')
    expect([first, channel, seq, ...rest]).toEqual([
      id,
      'ops',
      '1',
      'alice',
      'note',
      'tab\\there\\nback\\\\slash \\x1b[1m',
    ])
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  test('content alone, templates, NUL', async () => {
    const {leat} = await withMessages(2)
    expect((await leat`log ops --raw`).stdout).toBe('m1\nm2\n')
    expect((await leat`log ops --raw -0`).stdout).toBe('m1\0m2\0')
    expect((await leat`log ops --json -0`).stdout.split('\0').map((line) => line && JSON.parse(line).content)).toEqual([
      'm1',
      'm2',
      '',
    ])
    expect((await leat`log ops --format ${'{seq} {sender}: {content}'}`).stdout).toBe('1 alice: m1\n2 alice: m2\n')
    expect((await leat`log ops --format ${'{content:json}'} -0`).stdout).toBe('"m1"\0"m2"\0')
  })

  test('an unknown field is refused at the start, even if nothing would be printed', async () => {
    const {leat} = await withMessages(0)
    expect(await leat`log ops --format ${'{nope}'}`).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^leat: --format has an unknown field {nope}/),
    })
  })
})

/** Runs a line of shell with leat as a function. */
const shell = (env: Record<string, string>, line: string): Promise<{code: number | null; out: string; err: string}> =>
  new Promise((resolve) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', `leat() { '${process.execPath}' '${BIN}' "$@"; }; ${line}`], {
      env: {...env, LEAT_AS: 'alice'},
    })
    const [out, err]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('close', (code) => resolve({code, out: String(Buffer.concat(out)), err: String(Buffer.concat(err))}))
  })

test('log --all | head -1 ends at once, silently, with 0', async () => {
  const {leat, env} = await withMessages(5000)
  for (const form of ['--json', '', '--raw']) {
    const {code, out, err} = await shell(env, `leat log ops --all ${form} | head -1`)
    expect({code, err}).toEqual({code: 0, err: ''})
    expect(out).toMatch(/m1\b.*\n$/)
  }
  expect((await leat`log ops -n 1 --raw`).stdout).toBe('m5000')
})

test('a history larger than the heap passes through', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const line = `${JSON.stringify({content: 'x'.repeat(10_000)})}\n`
  await leat({stdin: line.repeat(12_000), timeout: 120_000})`send ops --jsonl`
  const small = {NODE_OPTIONS: '--max-old-space-size=64'}
  const all = await leat({env: small, timeout: 120_000})`log ops --all --raw`
  expect({code: all.code, stderr: all.stderr, bytes: all.bytes.byteLength}).toEqual({
    code: 0,
    stderr: '',
    bytes: 12_000 * 10_001,
  })
  const newest = await leat({env: small, timeout: 120_000})`log ops -n 11000 --raw`
  expect({code: newest.code, bytes: newest.bytes.byteLength}).toEqual({code: 0, bytes: 11_000 * 10_001})
})
