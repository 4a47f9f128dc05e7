import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {until} from './background.js'
import {filled} from './filled.js'
import {BIN, type Result} from './leat.js'

const nested = {NODE: process.execPath, BIN}
const seqs = (result: Result): number[] => result.jsonLines().map(({seq}) => seq)

test('a command runs for each message, in order, and each is committed', async () => {
  const {leat} = await filled(13)
  expect((await leat`read ops -- cat`).stdout).toBe('12345678910')
  expect((await leat`read ops -n 1 -- sh -c 'echo "$0 $1 $LEAT_MSG_REF"' ${'a  b'} -n`).stdout).toBe('a  b -n ops/11\n')
  expect((await leat`read ops --all -- cat`).stdout).toBe('1213')
  expect(await leat`read ops -- cat`).toMatchObject({code: 0, stdout: '', stderr: ''})
  expect((await leat`read ops --fail-empty -- cat`).code).toBe(4)
})

test('a command that fails at the sixth of ten stops in front of it', async () => {
  const {leat} = await filled(10)
  const failed = await leat`read ops --json -- sh -c 'cat; echo; test "$LEAT_MSG_SEQ" != 6 || exit 3'`
  expect([failed.code, failed.stdout]).toEqual([8, '1\n2\n3\n4\n5\n6\n'])
  expect(failed.error()).toEqual({
    code: 'REMOTE',
    message: 'sh failed at ops/6: exit code 3',
    hint: 'the next read begins with ops/6; leat cursor commit ops/6 skips it',
  })
  expect((await leat`cursor show ops --json`).json()).toMatchObject({cursor: 5, unread: 5})
  expect(seqs(await leat`read ops --json`)).toEqual([6, 7, 8, 9, 10])
})

test('the same page by page, and without --json', async () => {
  const {leat} = await filled(250)
  const failed = await leat`read ops --all -- sh -c 'test "$LEAT_MSG_SEQ" != 206'`
  expect([failed.code, failed.stdout]).toEqual([8, ''])
  expect(failed.stderr).toBe(
    'alice is new to ops and starts at the beginning: 250 unread\n' +
      'leat: sh failed at ops/206: exit code 1 (the next read begins with ops/206; leat cursor commit ops/206 skips it)\n',
  )
  expect(seqs(await leat`read ops -n 1 --json`)).toEqual([206])
})

test('a command that is killed has failed', async () => {
  const {leat} = await filled(2)
  const killed = await leat`read ops --json -- sh -c 'kill -9 $$'`
  expect([killed.code, killed.error().message]).toEqual([8, 'sh failed at ops/1: killed by SIGKILL'])
  expect((await leat`cursor show ops --json`).json().cursor).toBe(0)
})

test('no command, or one that is not there, is wrong usage and takes nothing', async () => {
  const {leat, dir} = await filled(2)
  const missing = await leat`read ops --json -- ./no-such-thing --x`
  expect([missing.code, missing.stdout]).toEqual([2, ''])
  expect(missing.error()).toEqual({code: 'USAGE', message: `can't run "./no-such-thing": no such command`})
  writeFileSync(join(dir, 'plain.sh'), 'echo hi')
  expect((await leat`read ops --json -- ./plain.sh`).error().message).toBe(
    `can't run "./plain.sh": not an executable file`,
  )
  const none = await leat`read ops --json --`
  expect([none.code, none.error().message]).toEqual([2, 'no command behind --'])
  expect(seqs(await leat`read ops --json`)).toEqual([1, 2])
})

test('--peek, --from and --no-commit run the command and commit nothing', async () => {
  const {leat} = await filled(3)
  await leat`cursor set ops start`
  expect((await leat`read ops --peek -- cat`).stdout).toBe('123')
  expect((await leat`read ops --from 2 -- cat`).stdout).toBe('23')
  expect((await leat`read ops --no-commit -n 2 -- cat`).stdout).toBe('12')
  expect((await leat`read ops --from 3 --seek -- cat`).stdout).toBe('3')
  expect((await leat`cursor show ops --json`).json().cursor).toBe(3)
})

test('a message is the environment of its command, never its words', async () => {
  const {leat} = await filled(0)
  const first = (await leat`send ops first`).stdout.trim()
  const content = '$(touch hacked) `id` ; "quoted" \'\nsecond line'
  const sent = (
    await leat`send ops -m ${content} --type deploy --to bob --reply-to ${first} --correlation-id c-1 --reply-channel back --conversation launch --header host=web --header note=${'a "b"'} --json`
  ).json()
  const env = {LEAT_MSG_OUTER: 'must not shine through', LEAT_MSG_KEY: 'nor this'}
  const seen = await leat({as: 'bob', env})`read ops --after 1 -- sh -c 'env -0 | grep -z ^LEAT_ | LC_ALL=C sort -z'`
  const variables = Object.fromEntries(
    seen.stdout
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  expect(variables).toEqual({
    LEAT_AS: 'bob',
    LEAT_MSG_ID: sent.id,
    LEAT_MSG_REF: 'ops/2',
    LEAT_MSG_CHANNEL: 'ops',
    LEAT_MSG_SEQ: '2',
    LEAT_MSG_SENDER: 'alice',
    LEAT_MSG_TYPE: 'deploy',
    LEAT_MSG_TIME: sent.time,
    LEAT_MSG_THREAD: first,
    LEAT_MSG_CONTENT_TYPE: 'text/plain',
    LEAT_MSG_REPLY_TO: first,
    LEAT_MSG_CORRELATION_ID: 'c-1',
    LEAT_MSG_REPLY_CHANNEL: 'back',
    LEAT_MSG_CONVERSATION: 'launch',
    LEAT_MSG_RECIPIENT: 'bob',
    LEAT_MSG_HEADERS: '{"host":"web","note":"a \\"b\\""}',
    LEAT_MSG_CONTENT: content,
  })
  expect(
    (
      await leat`read ops --from 1 -n 1 -- sh -c 'echo "$LEAT_MSG_HEADERS|$LEAT_MSG_CONTENT|\${LEAT_MSG_RECIPIENT-none}"'`
    ).stdout,
  ).toBe('{}|first|none\n')
})

test('content of up to 64 KiB is in the environment, all of it on stdin', async () => {
  const {leat} = await filled(0)
  const fits = 'é'.repeat(32 * 1024)
  await leat({stdin: fits})`send ops`
  await leat({stdin: `${fits}x`})`send ops`
  await leat({stdin: Uint8Array.from([0, 255])})`send ops --content-type application/octet-stream`
  const seen =
    await leat`read ops -- sh -c 'printf "%s %s\n" "$(printf %s "\${LEAT_MSG_CONTENT-none}" | wc -c)" "$(wc -c)"'`
  expect(seen.stdout).toBe('65536 65536\n4 65537\n4 2\n')
})

test('headers that no variable can hold do not stop anything', async () => {
  const {leat} = await filled(0)
  await leat`send ops big --header ${`x=${'"'.repeat(65_000)}`}`
  const seen = await leat`read ops -- sh -c 'echo "\${LEAT_MSG_HEADERS-none}"'`
  expect([seen.code, seen.stdout]).toEqual([0, 'none\n'])
})

test('a command need not read its stdin, however much there is', async () => {
  const {leat} = await filled(0)
  await leat({stdin: 'x'.repeat(4 * 1024 * 1024)})`send ops`
  await leat`send ops next`
  expect(await leat`read ops -- true`).toMatchObject({code: 0, stdout: ''})
  expect((await leat`read ops --from start -- sh -c 'exec <&-; echo closed'`).stdout).toBe('closed\nclosed\n')
  expect((await leat`cursor show ops --json`).json().cursor).toBe(2)
})

test('a command never has the stdin of leat', async () => {
  const {leat} = await filled(2)
  expect((await leat({stdin: 'secret'})`read ops -- cat`).stdout).toBe('12')
})

test('a command may use leat: reply to the message, with the store and the actor in force', async () => {
  const {leat} = await filled(2, {defaultStore: false})
  const env = {...nested, LEAT_STORE: undefined, LEAT_AS: undefined}
  const ran = await leat({
    as: null,
    env,
  })`read ops --store bus.db --as bob -n 1 -- sh -c ${'cd / && "$NODE" "$BIN" reply "$LEAT_MSG_REF" -m "got $LEAT_MSG_CONTENT"'}`
  expect([ran.code, ran.stderr]).toEqual([0, 'bob is new to ops and starts at the beginning: 2 unread\n'])
  const reply = (await leat`show ops/3 --json`).json()
  expect(reply).toMatchObject({sender: 'bob', content: 'got 1'})
  expect((await leat`show ops/1 --json`).json().id).toBe(reply.replyTo)
  expect(ran.stdout.trim()).toBe(reply.id)
})

test('the hold is kept while a command runs: another read of the same reader waits', async () => {
  const {leat, dir} = await filled(4)
  await leat`cursor set ops start`
  const started = join(dir, 'started')
  const slow = leat`read ops -n 2 -- sh -c ${`touch '${started}'; sleep 1; cat`}`
  await until(() => expect(existsSync(started)).toBe(true))
  const waited = await leat`read ops --json`
  expect((await slow).stdout).toBe('12')
  expect(seqs(waited)).toEqual([3, 4])
})

test('SIGTERM ends leat and the command; what was not finished comes again', async () => {
  const {leat, dir} = await filled(3)
  const script = `cat > '${join(dir, 'started')}'; test "$LEAT_MSG_SEQ" != 2 || { kill -TERM $PPID; exec sleep 20; }`
  const started = Date.now()
  const ended = await leat`read ops -- sh -c ${script}`
  expect([ended.code, ended.signal]).toEqual([null, 'SIGTERM'])
  expect(Date.now() - started).toBeLessThan(10_000)
  expect(seqs(await leat`read ops --json`)).toEqual([2, 3])
})
