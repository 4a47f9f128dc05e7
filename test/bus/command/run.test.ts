/** Commands run for a message, without leat around them. */
import {execFile, execFileSync} from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {ProcessGroups} from '../../../src/bus/command/groups.js'
import {checkCommand} from '../../../src/bus/command/lookup.js'
import {type CommandOptions, type CommandResult, runCommand, type Surroundings} from '../../../src/bus/command/run.js'
import {BackgroundSink} from '../../../src/cli/output/background-sink.js'
import {Message} from '../../../src/model/message.js'
import {runs} from '../../cli/background.js'
import {refusal} from '../../model/refusal.js'

const MiB = 1024 * 1024

const message = (body: string | Uint8Array = 'hi'): Message =>
  new Message({
    seq: 42,
    id: '019aa3f0-0000-7000-8000-000000000042',
    channel: 'jobs',
    sender: 'alice',
    type: 'message',
    body,
    contentType: 'text/plain',
    time: '2026-06-01T12:00:00.000Z',
    thread: '019aa3f0-0000-7000-8000-000000000042',
  })

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'leat-handler-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  return dir
}

const around = (more: Partial<Surroundings> = {}): Surroundings => ({
  env: {PATH: process.env['PATH']},
  store: undefined,
  actor: 'bob',
  ...more,
})

/** Runs a shell script with its output in the result, and its stderr in a file. */
async function sh(
  script: string,
  {body, ...options}: CommandOptions & {body?: string | Uint8Array} = {},
  more: Partial<Surroundings> = {groups: new ProcessGroups()},
): Promise<CommandResult & {passed: string}> {
  const file = join(folder(), 'stderr')
  const fd = openSync(file, 'w')
  const stderr = new BackgroundSink(fd)
  try {
    const result = await runCommand(['sh', '-c', script], message(body), around(more), {
      stdout: 'result',
      stderr,
      ...options,
    })
    await stderr.drain()
    return {...result, passed: readFileSync(file, 'utf8')}
  } finally {
    closeSync(fd)
  }
}

test('a command gets the body on stdin and what else there is in its environment, and nothing of an outer message', async () => {
  const ofLeat = ['MSG_KEY', 'CLAIM', 'STORE', 'DELIVERY_ID', 'TOKEN', 'SMTP_URL', 'WEBHOOK_SECRET', 'SMTP_PASSWORD']
  const env = {PATH: process.env['PATH'], ...Object.fromEntries(ofLeat.map((name) => [`LEAT_${name}`, 'outer']))}
  const {stdout, ...result} = await sh(
    'cat; echo "|$LEAT_MSG_REF|$LEAT_MSG_KEY|$LEAT_CLAIM|$LEAT_MSG_ATTEMPT|$LEAT_AS"; env | grep -c "LEAT_.*outer"',
    {variables: {LEAT_MSG_ATTEMPT: '2'}},
    {env, store: 'bus.db', actor: 'carol'},
  )
  expect(String(stdout)).toBe('hi|jobs/42|||2|carol\n0\n')
  expect(result).toEqual({code: 1, cut: false, stderr: '', passed: ''})
})

test('how it ends: an exit code, a signal, or not at all because it is not there', async () => {
  expect(await sh('echo no >&2; exit 3')).toMatchObject({code: 3, stderr: 'no', passed: 'no\n'})
  expect(await sh('kill -9 $$')).toMatchObject({code: 137, signal: 'SIGKILL'})
  expect((await sh('no-such-command-at-all')).code).toBe(127)
  await expect(runCommand(['./nowhere'], message(), around())).rejects.toMatchObject({
    code: 'USAGE',
    message: `can't run "./nowhere": no such command`,
  })
})

describe('stdin and output', () => {
  test('a body larger than any pipe, read or not', async () => {
    const body = 'x'.repeat(3 * MiB)
    expect(String((await sh('wc -c', {body})).stdout).trim()).toBe(String(3 * MiB))
    expect((await sh('true', {body})).code).toBe(0)
    expect((await sh('exec <&-; echo closed', {body})).code).toBe(0)
  })

  test('output is kept up to 16 MiB and a byte, the rest is read and dropped', async () => {
    const {stdout, cut, code} = await sh('head -c 40000000 /dev/zero')
    expect([stdout?.byteLength, cut, code]).toEqual([16 * MiB + 1, true, 0])
    const fits = await sh(`head -c ${16 * MiB + 1} /dev/zero`)
    expect([fits.stdout?.byteLength, fits.cut]).toEqual([16 * MiB + 1, false])
  })

  test('of stderr the last 4 KiB are kept, whole characters and no NUL, and all of it is passed on', async () => {
    const {stderr = '', passed} = await sh('printf "é%.0s" $(seq 3000) >&2; printf "a\\000b\\n\\n" >&2')
    expect(passed).toBe(`${'é'.repeat(3000)}a\0b\n\n`)
    expect(stderr).toBe(`${'é'.repeat(2045)}a\ufffdb`)
  })

  test('stdout can go to stderr', async () => {
    const {passed, stdout, stderr} = await sh('echo out', {stdout: 'stderr'})
    expect([passed, stdout, stderr]).toEqual(['out\n', undefined, ''])
  })

  test('a process left in the background with the pipes is not waited for, silent or not', async () => {
    const {stdout, code} = await sh('sleep 60 & echo "$!"')
    expect(code).toBe(0)
    const pid = Number(stdout)
    expect(runs(pid)).toBe(true)
    process.kill(pid)
    const noisy = await sh('yes & echo "$!" >&2')
    process.kill(Number(noisy.stderr))
    expect(noisy.code).toBe(0)
  })

  test('all that was written before the exit is there, in spite of what holds the pipes', async () => {
    const {stdout, stderr} = await sh('head -c 150000 /dev/zero; sleep 60 & echo "pid $!" >&2')
    process.kill(Number(stderr?.slice(4)))
    expect(stdout?.byteLength).toBe(150_000)
  })

  test('stderr that nobody reads holds up the command, not this process', async () => {
    const dir = folder()
    const fifo = join(dir, 'fifo')
    execFileSync('mkfifo', [fifo])
    const fd = openSync(fifo, 'r+')
    onTestFinished(() => closeSync(fd))
    const stderr = new BackgroundSink(fd)
    const running = sh(`head -c ${3 * MiB} /dev/zero >&2; touch '${join(dir, 'done')}'`, {stderr})
    let ticks = 0
    const ticking = setInterval(() => ticks++, 1)
    await vi.waitFor(() => expect(ticks).toBeGreaterThan(100))
    clearInterval(ticking)
    expect(existsSync(join(dir, 'done'))).toBe(false)
    const reading = promisify(execFile)('head', ['-c', String(3 * MiB), fifo], {encoding: 'buffer', maxBuffer: 4 * MiB})
    expect((await running).code).toBe(0)
    expect((await reading).stdout.byteLength).toBe(3 * MiB)
  })
})

describe('ended before its time', () => {
  /** A command with a process in the background; both write down who they are. */
  const family = (dir: string, trap = ''): string =>
    `sh -c '${trap} echo $$ > "${dir}/child"; while :; do sleep 0.1; done' & echo $$ > '${dir}/parent'; while :; do sleep 0.1; done`

  const pids = (dir: string): number[] => ['child', 'parent'].map((name) => Number(readFileSync(join(dir, name))))

  const ready = (dir: string): Promise<void> =>
    vi.waitFor(() => expect(pids(dir).every((pid) => pid > 0 && runs(pid))).toBe(true), 10_000)

  test('past its time the whole group gets SIGTERM', async () => {
    const dir = folder()
    const result = await sh(family(dir), {timeout: 1000})
    expect(result).toMatchObject({timedOut: true, signal: 'SIGTERM', code: 143})
    expect(pids(dir).map(runs)).toEqual([false, false])
  })

  test('by the signal too; who ignores SIGTERM gets SIGKILL', async () => {
    const dir = folder()
    const stop = new AbortController()
    const running = sh(family(dir, 'trap "" TERM;'), {}, {signal: stop.signal, groups: new ProcessGroups()})
    await ready(dir)
    stop.abort()
    expect(await running).toMatchObject({signal: 'SIGTERM'})
    await vi.waitFor(() => expect(pids(dir).map(runs)).toEqual([false, false]))
    const late = new AbortController()
    late.abort()
    expect((await sh('sleep 60', {}, {signal: late.signal, groups: new ProcessGroups()})).signal).toBe('SIGTERM')
  })

  test('all groups at once', async () => {
    const groups = new ProcessGroups()
    const [one, two] = [folder(), folder()]
    const running = [one, two].map((dir) => sh(family(dir), {}, {groups}))
    await Promise.all([ready(one), ready(two)])
    groups.kill('SIGKILL')
    expect((await Promise.all(running)).map(({signal}) => signal)).toEqual(['SIGKILL', 'SIGKILL'])
    await vi.waitFor(() => expect([...pids(one), ...pids(two)].some(runs)).toBe(false))
    groups.kill('SIGKILL') // nobody is left, and that is no error
  })

  test('a command that ends well in spite of its signal has still been timed out', async () => {
    expect(await sh('trap "exit 0" TERM; while :; do sleep 0.05; done', {timeout: 300})).toMatchObject({
      code: 0,
      timedOut: true,
    })
  })
})

test('a command is looked up as the system does it, before anything is taken for it', () => {
  const dir = folder()
  const bin = join(dir, 'bin')
  mkdirSync(join(bin, 'folder'), {recursive: true})
  for (const name of ['plain', 'tool']) writeFileSync(join(bin, name), '#!/bin/sh\n')
  chmodSync(join(bin, 'tool'), 0o755)
  const env = {PATH: `${join(dir, 'nowhere')}:${bin}`}
  checkCommand(['tool', '--x'], env)
  checkCommand([join(bin, 'tool')], {})
  checkCommand(['sh'], {})
  const why = (words: string[]): string => refusal(() => checkCommand(words, env)).message
  expect(why([])).toBe('no command behind --')
  expect(why([''])).toBe(`can't run "": no such command`)
  expect(why(['sh'])).toBe(`can't run "sh": no such command`)
  expect(why(['plain'])).toBe(`can't run "plain": not an executable file`)
  expect(why(['folder'])).toBe(`can't run "folder": not an executable file`)
  expect(why([join(bin, 'plain', 'x')])).toBe(`can't run "${join(bin, 'plain', 'x')}": no such command`)
})
