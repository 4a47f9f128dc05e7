/** Every example runs to its end on a real store, and shows what it promises. */
import {execFile} from 'node:child_process'
import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, onTestFinished, test} from 'vitest'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))

/** Plays an example that ends well and leaves nothing behind. Its lines, once leat met just the `errors` that it shows. */
async function play(name: string, errors: readonly RegExp[] = []): Promise<string[]> {
  const tmp = mkdtempSync(join(tmpdir(), 'leat-example-'))
  onTestFinished(() => rmSync(tmp, {recursive: true, force: true}))
  const env = {PATH: process.env['PATH'], HOME: '/nonexistent', TMPDIR: tmp}
  const {stdout, stderr} = await promisify(execFile)('bash', [join(examples, name)], {env})
  expect(stderr).not.toMatch(/command not found|: line \d+: /)
  expect(stderr.match(/^leat: .*/gm) ?? []).toEqual(errors.map((error) => expect.stringMatching(error)))
  expect(readdirSync(tmp)).toEqual([])
  return stdout.split('\n').slice(0, -1)
}

test('rpc.sh: a service answers, fails and ends as it says', async () => {
  const lines = await play('rpc.sh')
  expect(lines[0]).toBe('7 * 6 = 42')
  expect(lines[1]).toBe('at once: 101 102 103 ')
  expect(lines[2]).toMatch(/^exit 8: .*expr/)
  expect(lines.at(-2)).toBe('the service has stopped')
  expect(lines.at(-1)).toMatch(/^exit 4: /)
})

test('workers.sh: every file is counted, and the one that was missing too when it is there', async () => {
  const lines = await play('workers.sh', [/1 message became a dead letter/])
  const results = lines.slice(lines.indexOf('results:') + 1, lines.indexOf('given up:'))
  expect(results.sort()).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${n} chapter-${n}.txt`))
  expect(lines.filter((line) => line.includes('missing.txt')).length).toBeGreaterThanOrEqual(1)
  expect(lines.some((line) => /^exit 7: /.test(line))).toBe(true)
  expect(lines.at(-1)).toBe('7 missing.txt')
})

test('agents.sh: two agents talk in threads until the channel ends', async () => {
  const lines = await play('agents.sh')
  expect(lines.slice(0, 3)).toEqual([
    'builder says done: write the docs',
    'builder says done: run the tests',
    'the builder has gone home',
  ])
  const thread = lines.slice(3).join('\n')
  for (const said of ['run the tests', 'done: run the tests', 'thanks']) expect(thread).toContain(said)
  expect(thread).not.toContain('write the docs')
})

test('doors.sh: what comes in by three ways is streamed and pushed, and the server ends in order', async () => {
  expect(await play('doors.sh')).toEqual([
    'ops: 1 delivered, 0 failed, 0 pending',
    'without a token: HTTP 401',
    'the stream had "sender":"web-1" "content":"by HTTP"',
    'the stream had "sender":"alice" "content":"by the socket"',
    'the stream had "sender":"alice" "content":"by the command line"',
    'the webhook got ops/1 of web-1: by HTTP',
    'the webhook got ops/2 of alice: by the socket',
    'the webhook got ops/3 of alice: by the command line',
    'the server has stopped',
  ])
})

test('every example is played by a test', () => {
  expect(readdirSync(examples).sort()).toEqual([
    'agents.sh',
    'doors.sh',
    'rpc.sh',
    'tour.sh',
    'transport-file',
    'workers.sh',
  ])
})
