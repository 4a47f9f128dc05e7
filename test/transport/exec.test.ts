/** Commands, run by a real shell. */
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {ProcessGroups} from '../../src/bus/command/groups.js'
import {runCommand} from '../../src/bus/command/run.js'
import {LeatError} from '../../src/model/errors.js'
import {ExecTransport, type RunCommand} from '../../src/transport/exec.js'
import {DELIVERED, DELIVERY, message, recipient, sendTo} from './given.js'

const ENV = {PATH: process.env['PATH'], LEAT_TOKEN: 'tok-secret', LEAT_SMTP_URL: 'smtp://u:secret@host'}

const run: RunCommand = (command, sent, {actor, signal, timeout, variables}) =>
  runCommand(
    command,
    sent,
    {env: ENV, store: '/tmp/bus.db', actor, signal, groups: new ProcessGroups()},
    {timeout, variables, stdout: 'stderr', stderr: {write: () => {}}},
  )

const exec = new ExecTransport(run)

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'leat-exec-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  return dir
}

const command = (endpoint: string) => recipient({transport: 'exec', endpoint}, {attempt: 3})

test('the content is on stdin, the rest in the environment, no secret among it', async () => {
  const file = join(folder(), 'out')
  const script = `{ cat; echo; echo "$LEAT_MSG_REF $LEAT_AS $LEAT_STORE $LEAT_DELIVERY_ID $LEAT_MSG_ATTEMPT"; env | grep -c secret; } > '${file}'; true`
  expect(await sendTo(exec, command(script))).toEqual(DELIVERED)
  expect(readFileSync(file, 'utf8')).toBe(`disk full\nops/42 bob /tmp/bus.db ${DELIVERY} 3\n0\n`)
})

test('nothing of a message becomes a part of the command', async () => {
  const dir = folder()
  const evil = `$(touch ${dir}/a); \`touch ${dir}/b\`; touch ${dir}/c #'"`
  const sent = message({body: evil, type: 'x', headers: {h: evil}, correlationId: evil, sender: 'eve'})
  expect(await sendTo(exec, command('cat >/dev/null; echo "$LEAT_MSG_CONTENT" $LEAT_MSG_HEADERS'), {sent})).toEqual(
    DELIVERED,
  )
  for (const name of ['a', 'b', 'c']) expect(existsSync(join(dir, name))).toBe(false)
})

test.each([
  ['exit 0', undefined],
  ['echo not now >&2; exit 1', 'retry'],
  ['exit 75', 'retry'],
  ['exit 64', 'final'],
  ['echo what is this >&2; exit 65', 'final'],
  ['no-such-command-at-all', 'retry'],
  ['kill -9 $$', 'retry'],
])('%s', async (script, failure) => {
  const result = await sendTo(exec, command(script))
  expect(result.success).toBe(failure === undefined)
  if (failure) expect(result.failure ?? 'retry').toBe(failure)
})

test('what it said last is told in one line', async () => {
  const {errors} = await sendTo(exec, command(`printf 'one\\033[31m\\ntwo\\n' >&2; exit 3`))
  expect(errors).toEqual(['the command: exit code 3: one\\u001b[31m two'])
  expect((await sendTo(exec, command('kill -9 $$'))).errors).toEqual(['the command: SIGKILL'])
})

test('a deliverer that stops ends it; that was no attempt, unless it was done', async () => {
  const stopping = new AbortController()
  const running = sendTo(exec, command('echo started >&2; exec sleep 60'), {signal: stopping.signal})
  stopping.abort()
  expect(await running).toMatchObject({success: false, failure: 'unreached'})

  const done = new ExecTransport(async (_command, _message, {signal}) => {
    expect(signal.aborted).toBe(false)
    late.abort()
    return {code: 0}
  })
  const late = new AbortController()
  expect(await sendTo(done, command('true'), {signal: late.signal})).toEqual(DELIVERED)
  expect(await sendTo(done, command('true'), {signal: late.signal})).toMatchObject({failure: 'unreached'})
})

test('a command that takes too long, and one that can not be started', async () => {
  const slow = new ExecTransport(async () => ({code: 143, signal: 'SIGTERM', timedOut: true}))
  expect(await sendTo(slow, command('x'))).toMatchObject({errors: ['the command: took longer than 10 minutes']})
  const none = new ExecTransport(async () => {
    throw new LeatError('USAGE', 'can\'t run "sh": no such command')
  })
  const result = await sendTo(none, command('x'))
  expect(result).toMatchObject({success: false, errors: ['can\'t run "sh": no such command']})
  expect(result.failure ?? 'retry').toBe('retry')
})

test('only what names it becomes a command', async () => {
  const refusal = (settings: object) => exec.refuses(recipient(settings).subscription)
  expect(refusal({transport: 'exec', endpoint: 'true'})).toBeUndefined()
  expect(refusal({endpoint: 'true'})).toMatch(/only for subscriptions that name it/)
  expect(refusal({transport: 'http', endpoint: 'true'})).toMatch(/only for subscriptions that name it/)
  expect(refusal({transport: 'exec'})).toMatch(/needs an endpoint/)
  expect(refusal({transport: 'exec', endpoint: ' '})).toMatch(/needs an endpoint/)
  expect(await sendTo(exec, recipient({endpoint: 'exit 0'}))).toMatchObject({success: false, failure: 'final'})
})
