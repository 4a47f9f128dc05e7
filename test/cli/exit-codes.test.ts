import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type ErrorCode, EXIT_CODES} from '../../src/model/errors.js'
import {BIN, type RunOptions, world} from './leat.js'

/** What is done, in the world that `prepared` makes, and the code of the error that it must bring. */
type Row = [code: ErrorCode, words: string[], options?: RunOptions]

const ROWS: readonly Row[] = [
  ['USAGE', ['log', '--frobnicate']],
  ['USAGE', ['frobnicate']],
  ['USAGE', ['send', 'ops', 'two', 'words']],
  ['USAGE', ['send', 'ops', '-m', '']],
  ['USAGE', ['channel', 'delete', 'ops']], // nobody can be asked
  ['INVALID', ['read', 'ops', '--wait', 'soon']],
  ['INVALID', ['channel', 'create', 'General Chat']],
  ['INVALID', ['send', 'ops', '-J', '-m', '{']],
  ['INVALID', ['log', 'ops', '--from', '99999']],
  ['INVALID', ['send', 'ops', '--jsonl'], {stdin: 'x\n{"content":"a"}\n'}], // a bad line in front of any good one
  ['SCHEMA', ['send', 'typed', '{"m":1}']],
  ['TOO_LARGE', ['send', 'ops'], {stdin: Buffer.alloc(16 * 1024 * 1024 + 1, 'x')}],
  ['NOT_FOUND', ['read', 'nowhere']],
  ['NOT_FOUND', ['show', 'ops/99999']],
  ['NOT_FOUND', ['reply', 'ops/99999', 'x']],
  ['NOT_FOUND', ['log', '--store', './nowhere.db']],
  ['NOT_FOUND', ['send', 'ops', '--file', 'nowhere.txt']],
  ['EMPTY', ['read', 'quiet', '--fail-empty']],
  ['TIMEOUT', ['read', 'quiet', '--wait', '50ms']],
  ['FORBIDDEN', ['read', 'secret'], {as: 'eve'}],
  ['FORBIDDEN', ['send', 'secret', 'x'], {as: 'eve'}],
  ['FORBIDDEN', ['channel', 'close', 'ops'], {as: 'eve'}],
  ['EXISTS', ['channel', 'create', 'ops']],
  ['EXISTS', ['channel', 'create', 'OPS']],
  ['CHANNEL_CLOSED', ['send', 'shut', 'x']],
  ['CONFLICT', ['send', 'ops', 'other', '--key', 'k']],
  ['STALE_CLAIM', ['ack', 'ops/1']], // nobody has claimed it
  ['PARTIAL', ['send', 'ops', '--jsonl', '--on-error', 'skip'], {stdin: '{"content":"a"}\nx\n'}],
  ['REMOTE', ['read', 'ops', '--', 'sh', '-c', 'exit 3']],
  ['STORAGE', ['log', '--store', '.']],
  ['STORAGE', ['log', '--store', 'schema.json']],
]

/** Errors behind which there are results: what was done in part. */
const PRINTS = (words: readonly string[]): boolean => words.includes('--jsonl')

async function prepared() {
  const made = world()
  const {leat, dir} = made
  writeFileSync(join(dir, 'schema.json'), '{"type": "object", "required": ["n"]}')
  for (const name of ['ops', 'quiet', 'shut']) await leat`channel create ${name}`
  await leat`channel create typed --schema schema.json`
  await leat`channel create secret --restricted`
  await leat`channel close shut`
  await leat`send ops one --key k`
  await leat`cursor set ops start` // a new reader would be told about
  return made
}

test('each error is one line, one object with --json, and the exit code of its row in both', async () => {
  const {leat} = await prepared()
  for (const [code, words, options = {}] of ROWS) {
    const line = words.join(' ')
    // Global flags stand in front: a command behind -- doesn't get them.
    const json = await leat(options)`--json ${words}`
    expect({exit: json.code, code: json.error().code}, line).toEqual({exit: EXIT_CODES[code], code})
    expect(json.stderr.trimEnd().split('\n'), line).toHaveLength(1)
    const plain = await leat(options)`${words}`
    expect(plain.code, line).toBe(EXIT_CODES[code])
    const [first = '', ...more] = plain.stderr.trimEnd().split('\n')
    expect(first.startsWith(`leat: ${json.error().message}`), first).toBe(true)
    expect(more, line).toEqual(code === 'SCHEMA' ? ["  (the whole): must have required property 'n'"] : [])
    if (!PRINTS(words)) expect([plain.stdout, json.stdout], line).toEqual(['', ''])
  }
}, 120_000)

async function withOps() {
  const made = world()
  await made.leat`channel create ops`
  await made.leat`send ops one`
  return made
}

test('0: done, an empty list too', async () => {
  const {leat} = world()
  for (const line of [
    'list',
    'log',
    'inbox',
    'subscription list',
    'cursor list',
    'conversation list',
    'status',
    'help',
  ])
    for (const flags of [[], ['--json']]) expect((await leat`${line.split(' ')} ${flags}`).code, line).toBe(0)
})

describe('1: a bug in leat', () => {
  test('says so in a line; the stack comes with LEAT_DEBUG=1 alone', async () => {
    const {leat, dir} = await withOps()
    const env = await withBug(dir, 'throw bug')
    const line = 'leat: a bug in leat: no\\nfoo (LEAT_DEBUG=1 shows where; please report it)\n'
    expect(await leat({env})`log`).toMatchObject({code: 1, stdout: '', stderr: line})
    expect((await leat({env})`log --json`).error()).toMatchObject({code: 'INTERNAL', message: 'a bug in leat: no\nfoo'})
    const debug = await leat({env: {...env, LEAT_DEBUG: '1'}})`log`
    expect(debug.stderr.startsWith(`${line}LeatError: `)).toBe(true)
    expect(debug.stderr).toMatch(/\n {4}at .*bug\.cjs/)
  })

  test('is told even if nothing waits for it', async () => {
    const {leat, dir} = await withOps()
    await leat`read ops`
    const env = await withBug(dir, 'setTimeout(() => { throw bug }, 0)')
    expect(await leat({env})`read ops --wait 20s`).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^leat: a bug in leat: [^\n]*\n$/),
    })
  })

  /** Something of Node's that goes wrong in the middle of a command. */
  async function withBug(dir: string, does: string): Promise<Record<string, string>> {
    const get = `get() { Object.defineProperty(Date, 'now', {value: () => 0}); const bug = new TypeError('no\\nfoo'); ${does}; return () => 0 }`
    writeFileSync(join(dir, 'bug.cjs'), `Object.defineProperty(Date, 'now', {configurable: true, ${get}})`)
    return {NODE_OPTIONS: `--require ${join(dir, 'bug.cjs')}`}
  }
})

describe.each([
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const)('%s', (signal, number) => {
  test(`ends it by the signal itself (a shell says ${128 + number}), after cleaning up`, async () => {
    const {leat, env} = await withOps()
    for (const flags of [[], ['--json']]) {
      // There is nothing left: it waits, and is then told to stop.
      await leat`read ops --reader waiter`
      const child = spawn(process.execPath, [BIN, 'read', 'ops', '--reader', 'waiter', '--wait', '30s', ...flags], {
        env: {...env, LEAT_AS: 'alice'},
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const output: Buffer[] = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
      const ended = new Promise((resolve) => child.on('close', (code, by) => resolve({code, by})))
      await new Promise((resolve) => setTimeout(resolve, 1500))
      child.kill(signal)
      expect(await ended).toEqual({code: null, by: signal})
      expect(String(Buffer.concat(output))).not.toMatch(/leat: |error/)
      await leat`send ops more`
      expect((await leat`read ops --reader waiter --raw`).stdout).toBe('more\n')
    }
  })
})

test('the error of what a person typed is one line, whatever is in it', async () => {
  const {leat} = await withOps()
  const odd = 'a\nb\tc\x1b[31m\x9b\u202e"\\'
  for (const words of [
    ['read', odd],
    ['show', odd],
    ['log', '--since', odd],
    ['log', odd],
    ['whoami', '--as', odd],
    ['log', '--store', odd],
    ['log', `--${odd}`],
    ['send', 'ops', 'a', odd],
    ['log', '--format', `{${odd}}`],
    ['log', '--color', odd],
  ]) {
    const {code, stderr} = await leat`${words}`
    expect([2, 3], words.join(' ')).toContain(code)
    expect(stderr, words.join(' ')).toMatch(/^leat: [^\p{Cc}\u202e]+\n$/u)
    const json = await leat`${words} --json`
    expect(json.stderr.split('\n')).toHaveLength(2)
    expect(json.error().message.length).toBeGreaterThan(5)
  }
})
