import {spawn} from 'node:child_process'
import {expect, test} from 'vitest'
import {background, until} from './background.js'
import {filled} from './filled.js'
import {BIN} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const FORMAT = ['--format', '{channel}/{seq} {content:line}']

test('prints what arrives in channels and patterns until it is interrupted, and dies of that', async () => {
  const {env, bus} = await filled(2)
  const alice = await bus()
  const follower = background(env)`follow ops 'build.*' ${FORMAT}`
  await follower.says(/^following ops, build\.\*$/m)
  await alice.send('ops', {body: 'three\nlines\n'})
  await until(() => expect(follower.stdout).toBe('ops/3 three\n'))
  await alice.createChannel('build.web')
  await alice.send('build.web', {body: 'ok'})
  await until(() => expect(follower.stdout).toBe('ops/3 three\nbuild.web/1 ok\n'))
  follower.kill('SIGINT')
  expect(await follower.ended).toMatchObject({code: null, signal: 'SIGINT', stderr: 'following ops, build.*\n'})
})

test('ends by a number, a silence, or the end of the channel', async () => {
  const {env, leat, bus} = await filled(3)
  const follower = background(env, {as: 'bob'})`follow ops --json --others`
  const [some, exact, none] = await Promise.all([
    leat`follow ops --from 2 --count 2 --format {content}`,
    leat`follow ops --after start -n 1 --raw`,
    leat`follow ops --type nothing -n 1 --idle 100ms`,
  ])
  expect(some).toMatchObject({code: 0, stdout: '2\n3\n', stderr: 'following ops\n'})
  expect(exact).toMatchObject({code: 0, stdout: '1'})
  expect(none).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringMatching(/0 of 1 messages came to ops and none for 0.1 s/),
  })
  const alice = await bus()
  await follower.says(/following/)
  for (const body of ['4', '5']) await alice.send('ops', {body})
  expect(await leat`channel close ops --notify-end`).toMatchObject({code: 0})
  const {code, stdout, stderr} = await follower.ended
  expect([code, stderr]).toEqual([0, 'following ops\n'])
  const given = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(given.map(({seq, content}) => `${seq} ${content}`)).toEqual(['4 4', '5 5'])
})

test.each([
  ['follow ops --count 0', 2, /not a whole number/],
  ['follow nope', 3, /no channel "nope"/],
  ['follow ops -- no-such-command', 2, /can't run "no-such-command": no such command/],
  ['follow ops --keep-going', 2, /--keep-going needs a command/],
  ['follow ops --reader me', 2, /--from cursor/],
  ['follow ops --raw -- cat', 2, /exclude each other/],
  ['follow ops --from cursor --type x', 2, /skip for ever/],
])('%s: exit %i', async (line, code, message) => {
  const {leat} = await filled(1)
  expect(await leat`${line.split(' ')}`).toMatchObject({code, stdout: '', stderr: expect.stringMatching(message)})
})

test('ends when nobody reads it any more, though nothing arrives', async () => {
  const {env, dir} = await filled(2)
  const hungUp = background(env)`follow ops`
  // A real pipe of a shell, which isn't what Node makes.
  const shell = spawn(
    'sh',
    ['-c', '("$0" "$1" follow ops --from start --raw; echo "exit $?" >&2) | head -n 1', process.execPath, BIN],
    {
      cwd: dir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise((resolve) => shell.once('close', resolve))
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
  await hungUp.says(/following/)
  hungUp.hangUp()
  expect(await hungUp.ended).toMatchObject({code: 0, stderr: 'following ops\n'})
  await ended
  expect(output).toBe('following ops\n1\nexit 0\n')
})

test('a command for each message; a failure ends it, or is counted', async () => {
  const {leat} = await filled(3)
  const script = 'echo "$LEAT_MSG_REF $(cat)"; test "$LEAT_MSG_SEQ" != 2'
  const [stopped, going] = await Promise.all([
    leat`follow ops --from start --count 3 -- sh -c ${script}`,
    leat`follow ops --from start --count 3 --keep-going -q -- sh -c ${script}`,
  ])
  expect(stopped).toMatchObject({
    code: 8,
    stdout: 'ops/1 1\nops/2 2\n',
    stderr: expect.stringContaining('sh failed at ops/2: exit code 1 (--from ops/2 begins with it again'),
  })
  expect(going).toMatchObject({code: 8, stdout: 'ops/1 1\nops/2 2\nops/3 3\n'})
  expect(going.stderr).toBe('leat: the command failed once\n')
})

test('from a cursor: what is out is committed, and what failed comes again', async () => {
  const {env, leat, bus} = await filled(5)
  const bob = await bus('bob')
  const as = {as: 'bob', env: {LEAT_READER: 'desk'}}
  const first = await leat(as)`follow ops --from cursor --count 2 --format {content}`
  expect(first).toMatchObject({code: 0, stdout: '1\n2\n'})
  expect(first.stderr).toBe('following ops\ndesk is new to ops and starts at the beginning: 5 unread\n')
  const command = ['--', 'sh', '-c', 'cat; test "$LEAT_MSG_SEQ" != 4']
  const failed = await leat(as)`follow ops --from cursor --idle 10s ${command}`
  expect(failed).toMatchObject({
    code: 8,
    stdout: '34',
    stderr: expect.stringContaining('the next read begins with ops/4'),
  })
  expect((await bob.cursor('ops', 'desk')).cursor).toBe(3)
  const going = await leat(as)`follow ops --from cursor --count 2 --keep-going ${command}`
  expect(going).toMatchObject({
    code: 8,
    stdout: '45',
    stderr: expect.stringContaining('sh failed at ops/4: exit code 1\n'),
  })
  const follower = background({...env, LEAT_READER: 'desk'}, {as: 'bob'})`follow ops --from cursor --raw`
  await follower.says(/following/)
  await bob.send('ops', {body: '6'})
  await until(() => expect(follower.stdout).toBe('6\n'))
  await expect.poll(async () => (await bob.cursor('ops', 'desk')).cursor).toBe(6)
  follower.kill('SIGTERM')
  expect(await follower.ended).toMatchObject({signal: 'SIGTERM'})
})

test.skipIf(!hasTerminal)('at a terminal it says how it ends', async () => {
  const {env} = await filled(1)
  const {text, code} = await terminal(env)`follow ops 'new.*' --from start --idle 50ms`
  expect(code).toBe(0)
  expect(text).toMatch(/^following ops, new\.\*; end with Ctrl-C\nops\/1 {2}alice {2}\d\d:\d\d:\d\d {2}1\n$/)
  expect((await terminal(env)`follow 'new.*' --idle 50ms`).text).toBe(
    'following new.*; no channel matches yet; end with Ctrl-C\n',
  )
})
