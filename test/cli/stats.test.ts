import {spawn} from 'node:child_process'
import {describe, expect, onTestFinished, test} from 'vitest'
import {background, until} from './background.js'
import {BIN, world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

async function busy() {
  const made = world()
  const {leat} = made
  await leat`channel create ops`
  await leat`channel create build`
  await leat`send ops root --type alert`
  await leat({as: 'bob'})`reply ops/1 answer`
  await leat`send ops -m ${'\x1b[31m漢字'.repeat(20)} --as eve`
  await leat`read ops -n 1 --as bob`
  await leat`claim ops --as bob`
  return made
}

const stripped = (text: string): string => text.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '')

test('in a pipe a line of fields for each channel', async () => {
  const {leat} = await busy()
  const [build = '', ops = '', ...more] = (await leat`stats`).lines()
  expect(more).toEqual([])
  expect(build).toMatch(/^build\t0\t\t0\t0\t0\t\t0\t0\t0\t0\t0(,0){23}$/)
  expect(ops).toMatch(/^ops\t3\t\S+Z\t3\t\d+\t3\t\S+Z\t1\t0\t0\t0\t0(,0){22},3$/)
  expect((await leat`stats ops --parts 2`).stdout.trimEnd().split('\t').at(-1)).toBe('0,3')
})

test('--json is an object for each channel; of one that is named the threads have their roots', async () => {
  const {leat} = await busy()
  expect((await leat`stats --json`).jsonLines().map(({channel, messages}) => [channel, messages])).toEqual([
    ['build', 0],
    ['ops', 3],
  ])
  const ops = (await leat`stats ops --json --since 1h --parts 4`).json()
  expect(ops).toMatchObject({
    channel: 'ops',
    messages: 3,
    recent: 3,
    looked: 3,
    traffic: [0, 0, 0, 3],
    types: [
      {name: 'message', messages: 2},
      {name: 'alert', messages: 1, bytes: 4},
    ],
    consumers: [
      {kind: 'reader', name: 'bob', waiting: 2},
      {kind: 'workers', name: 'workers', waiting: 3},
    ],
    threads: [{messages: 2, root: {channel: 'ops', seq: 1, sender: 'alice', summary: 'root'}}],
    claimed: 1,
    deadLetters: 0,
  })
  expect(Date.parse(ops.until) - Date.parse(ops.since)).toBeGreaterThanOrEqual(3_590_000)
})

test('what is wrong is told', async () => {
  const {leat} = await busy()
  expect((await leat`stats none --json`).error()).toMatchObject({code: 'NOT_FOUND'})
  expect((await leat`stats ops --since 2020-01-02 --until 2020-01-01`).code).toBe(2)
  expect((await leat`stats ops --parts 0`).code).toBe(2)
  expect((await leat`stats ops --interval 1s`).code).toBe(2)
  expect((await leat`stats ops --watch --until now`).code).toBe(2)
})

test('--watch in a pipe prints anew when something changed, until nobody reads or it is told to stop', async () => {
  const {leat, env} = await busy()
  const watching = background(env)`stats ops --watch --json --interval 50ms`
  await watching.says(/"messages":3,/)
  await leat`send ops more`
  await watching.says(/"messages":4,/)
  for (const line of watching.stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({channel: 'ops'})
  watching.kill('SIGTERM')
  expect(await watching.ended).toMatchObject({signal: 'SIGTERM', stderr: ''})
  const left = background(env)`stats ops --watch --interval 50ms`
  await left.says(/ops\t4/)
  left.hangUp()
  expect(await left.ended).toMatchObject({stderr: ''})
})

describe.skipIf(!hasTerminal)('at a terminal', () => {
  test.each([100, 80, 40, 20])('at %i cells a page about a channel and a table of all fit', async (columns) => {
    const {env} = await busy()
    for (const words of [['stats'], ['stats', 'ops'], ['stats', 'build'], ['stats', 'ops', '--since', '7d']]) {
      const {code, text, raw} = await terminal(env, {columns})`${words}`
      expect(code).toBe(0)
      // Content of one column here is two cells wide; that it fits is proved where tables are.
      expect(text.split('\n').filter((line) => line.length > columns)).toEqual([])
      expect(stripped(raw)).not.toContain('\x1b')
    }
  })

  test('a page has a chart, who sends, who is behind, and what is outstanding', async () => {
    const {env} = await busy()
    const {text} = await terminal(env, {columns: 80})`stats ops`
    expect(text).toMatch(/^ops {2}3 messages, newest (now|\d+s ago)\n\nlast 24h: 3 messages, 3\/day, \d+ bytes\n/)
    expect(text).toMatch(/\n3 ┤ +█\n/)
    expect(text).toMatch(/\nSENDER +MESSAGES +SHARE +BYTES\n/)
    expect(text).toMatch(/\nbob +reader +2 +(now|\d+s)\n/)
    expect(text).toMatch(/\nops\/1 +2 +alice +root\n/)
    expect(text).toMatch(/\n1 claimed\n/)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('--watch draws on the other screen, and leaves it by %s', async (signal, code) => {
    const {leat, env} = await busy()
    const command = `stty cols 80 rows 30; echo "pid $$"; exec '${process.execPath}' '${BIN}' stats ops --watch --interval 50ms`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: {LEAT_AS: 'alice', TERM: 'xterm', SHELL: '/bin/sh', ...env},
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let raw = ''
    child.stdout.on('data', (chunk: Buffer) => (raw += chunk))
    const ended = new Promise((resolve) => child.once('close', resolve))
    await until(() => expect(stripped(raw)).toContain('3 messages'))
    await leat`send ops more`
    await until(() => expect(stripped(raw)).toContain('4 messages'))
    process.kill(Number(/pid (\d+)/.exec(raw)?.[1]), signal)
    expect(await ended).toBe(code)
    expect(raw.split('\x1b[?1049h')).toHaveLength(2)
    expect(raw).toMatch(/\x1b\[\?25h\x1b\[\?1049l$/)
  })
})
