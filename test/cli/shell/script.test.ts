/** `leat shell` with lines of a file or a pipe. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {background} from '../background.js'
import {world} from '../leat.js'

const lines = (...all: string[]): string => `${all.join('\n')}\n`

test('every line is a command, with or without leat', async () => {
  const {leat} = world()
  const script = lines('channel create ops', '# a comment', '', 'leat send ops "it\'s # fine"', 'log ops --json')
  const ran = await leat({stdin: script})`shell`
  expect(ran).toMatchObject({code: 0, stderr: ''})
  const [name, id, message] = ran.lines()
  expect(name).toBe('ops')
  expect(JSON.parse(message ?? '')).toMatchObject({id, content: "it's # fine", sender: 'alice'})
})

test('the answer is that of a pipe: fields, and nothing else', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const apart = await leat`list`
  const together = await leat({stdin: 'list\n'})`shell`
  expect(together.stdout).toBe(apart.stdout)
})

test('use and as hold for the lines behind', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const script = lines('use ops', 'as bob', 'send hello', 'as', 'send -m again', 'use', 'log . -n 1')
  const ran = await leat({stdin: script})`shell`
  expect(ran.code).toBe(2)
  expect(ran.stderr).toBe('leat: line 7: ".": no channel is in use (use CHANNEL takes one)\n')
  const log = await leat`log ops --json`
  expect(log.jsonLines().map(({sender, content}) => [sender, content])).toEqual([
    ['bob', 'hello'],
    ['alice', 'again'],
  ])
})

test('a channel that is not there is not taken', async () => {
  const {leat} = world()
  const none = await leat({stdin: 'use ops\n'})`shell`
  expect(none).toMatchObject({code: 3, stdout: ''})
  expect(none.stderr).toMatch(/^leat: line 1: no channel "ops"/)
  await leat`channel create ops`
  expect(await leat({stdin: 'use opz\n'})`shell`).toMatchObject({code: 3})
})

test('it stops at the first line that fails, with its code and number', async () => {
  const {leat} = world()
  const script = lines('channel create ops', '', 'send nowhere -m x', 'send ops -m never')
  const ran = await leat({stdin: script})`shell`
  expect(ran.code).toBe(3)
  expect(ran.stderr).toMatch(/^leat: line 3: no channel "nowhere" in .*\n$/)
  expect((await leat`log ops`).stdout).toBe('')
})

test('an exit code without a word is told of', async () => {
  const {leat} = world()
  await leat`channel create ops --restricted`
  const ran = await leat({stdin: 'can bob submit ops\nlist\n'})`shell`
  expect(ran.code).toBe(5)
  expect(ran.stderr).toBe('leat: line 1 ended with exit code 5\n')
})

test('--keep-going runs all of it, and exits as the first that failed', async () => {
  const {leat} = world()
  const script = lines('channel create ops', 'send nowhere -m x', 'nonsense', 'send ops -m "after all"')
  const ran = await leat({stdin: script})`shell --keep-going`
  expect(ran.code).toBe(3)
  expect(ran.stderr.trim().split('\n')).toHaveLength(2)
  expect((await leat`log ops --raw`).stdout).toBe('after all\n')
})

test('a file by its name; errors as JSON have the line', async () => {
  const {leat, dir} = world()
  writeFileSync(join(dir, 'setup.leat'), '\ufeffchannel create ops\r\nsend ops -m hi\r\nsend ops\r\n')
  const ran = await leat`shell setup.leat --json`
  expect(ran.code).toBe(2)
  expect(ran.jsonLines()).toMatchObject([{name: 'ops'}, {sent: [{channel: 'ops', seq: 1}]}])
  expect(ran.error()).toMatchObject({code: 'USAGE', message: 'missing the body', line: 3})
  expect(await leat`shell missing.leat`).toMatchObject({code: 3})
})

test('quotes and backslashes go on in the next line', async () => {
  const {leat} = world()
  const script = 'channel create ops\nsend ops -m "two\nlines # here"\nsend ops \\\n  -m joined\nsend ops -m \'open'
  const ran = await leat({stdin: script})`shell`
  expect(ran.code).toBe(2)
  expect(ran.stderr).toBe("leat: line 6: a ' is not closed\n")
  expect((await leat`log ops --json`).jsonLines().map(({content}) => content)).toEqual(['two\nlines # here', 'joined'])
})

test.each(['list | head', 'list > file', 'list &', 'list; log'])('%s is no line of it', async (line) => {
  const {leat} = world()
  const ran = await leat({stdin: `${line}\n`})`shell`
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(
    /that isn't quoted means nothing here \(quote it, or run the line in your shell: !leat …\)/,
  )
})

test('! runs a line in the shell of the user, with the store and the actor', async () => {
  const {leat, store} = world()
  const script = lines('as bob', '!echo "$LEAT_AS $LEAT_STORE" | cat; cat', '!exit 42', 'list')
  const ran = await leat({stdin: script, env: {SHELL: '/bin/sh'}})`shell`
  expect(ran).toMatchObject({code: 42, stdout: `bob ${store}\n`, stderr: 'leat: line 3 ended with exit code 42\n'})
})

test('no command reads the lines as its body', async () => {
  const {leat} = world()
  const script = lines(
    'channel create ops',
    'send ops',
    'send ops -',
    'send ops --lines',
    'send ops --file -',
    'list --names',
  )
  const ran = await leat({stdin: script})`shell --keep-going`
  expect(ran.code).toBe(2)
  expect(ran.lines().at(-1)).toBe('ops')
  expect((await leat`log ops --all`).stdout).toBe('')
})

test('nothing is asked', async () => {
  const {leat} = world()
  const ran = await leat({stdin: 'channel create ops\nchannel delete ops\n'})`shell`
  expect(ran.code).toBe(2)
  expect(ran.stderr).toContain('--yes')
})

test('global flags hold for every line, unless it says otherwise', async () => {
  const {leat, dir} = world()
  const other = join(dir, 'other.db')
  const script = lines('channel create ops', 'send ops -m a', 'send ops -m b --as carol', 'whoami')
  const ran = await leat({stdin: script})`shell --store ${other} --as bob --json`
  expect(ran.code).toBe(0)
  expect(ran.jsonLines().at(-1)).toMatchObject({actor: 'bob', store: other})
  const log = await leat`log ops --store ${other} --json`
  expect(log.jsonLines().map(({sender}) => sender)).toEqual(['bob', 'carol'])
})

test('exit ends it, with the code that is given', async () => {
  const {leat} = world()
  expect(await leat({stdin: 'whoami\nexit\nnonsense\n'})`shell`).toMatchObject({code: 0, stderr: ''})
  expect(await leat({stdin: 'exit 7\n'})`shell`).toMatchObject({code: 7})
  expect(await leat({stdin: 'quit 256\n'})`shell`).toMatchObject({code: 2})
  expect(await leat({stdin: 'shell\n'})`shell`).toMatchObject({code: 2})
})

test('it makes no store by itself', async () => {
  const {leat, store} = world()
  expect(await leat({stdin: '# nothing\nhelp\n'})`shell`).toMatchObject({code: 0})
  expect(() => readFileSync(store)).toThrow('ENOENT')
})

test('a store that is replaced while it runs is opened anew', async () => {
  const {leat, dir, store} = world()
  await leat`channel create ops`
  const elsewhere = join(dir, 'elsewhere')
  mkdirSync(elsewhere)
  const script = lines(
    'use ops',
    `!mv ${store}* ${elsewhere}`,
    'list --names',
    'channel create anew',
    'use anew',
    'send hi',
  )
  const ran = await leat({stdin: script, env: {SHELL: '/bin/sh'}})`shell`
  expect(ran).toMatchObject({code: 0, stderr: ''})
  expect(ran.lines()[0]).toBe('anew')
})

test('who reads its output goes: it ends quietly', async () => {
  const {leat, env, dir} = world()
  await leat`channel create ops`
  const script = 'send ops -m x\n'.repeat(200)
  const ran = await leat({stdin: script})`shell`
  expect(ran.lines()).toHaveLength(200)
  writeFileSync(join(dir, 'reads.leat'), 'log ops --all\n'.repeat(400))
  const reading = background(env)`shell reads.leat`
  await reading.says(/x/)
  reading.hangUp()
  expect(await reading.ended).toMatchObject({code: 0, signal: null, stderr: ''})
})

test('a signal ends the command that runs, and the script', async () => {
  const {leat, env, dir} = world()
  await leat`channel create ops`
  writeFileSync(join(dir, 'watch.leat'), 'follow ops\nsend ops -m never\n')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const watching = background(env)`shell watch.leat`
    await watching.says(/following/)
    watching.kill(signal)
    expect(await watching.ended).toMatchObject({signal})
  }
  expect((await leat`log ops`).stdout).toBe('')
})

test('a thousand commands leave nothing behind', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const each = 'send ops -m x\nread ops --peek -n 1\nlist\nlog nowhere\nfollow ops --from start --count 1 -q\n'
  const open = '!ls /proc/$PPID/fd | wc -l\n'
  const script = `${each}${open}${each.repeat(200)}${open}`
  const ran = await leat({
    stdin: script,
    env: {NODE_OPTIONS: '--trace-warnings', SHELL: '/bin/sh'},
    timeout: 60_000,
  })`shell --keep-going`
  expect(ran.code).toBe(3)
  expect(ran.stderr).not.toMatch(/Warning/)
  const [before, after] = ran
    .lines()
    .filter((line) => /^\d+$/.test(line))
    .map(Number)
  // What is left behind is so each time, hundreds of times; one or two are just being opened or closed.
  expect((after as number) - (before as number)).toBeLessThan(10)
})

test('a NUL is refused, not lost', async () => {
  const {leat} = world()
  for (const line of ['send ops hi --type \0x', 'send ops hi --type=\0x', 'send ops -m \0x', '!true \0']) {
    const ran = await leat({stdin: lines('channel create ops', line)})`shell`
    expect([line, ran.code]).toEqual([line, 2])
    expect(ran.stderr).toMatch(/^leat: line 2: the line has a NUL/)
    await leat`channel delete ops --yes`
  }
})
