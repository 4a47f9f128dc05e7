import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'

const cases: [line: string, message: string, hint: string][] = [
  ['sned ops hi', 'no command "sned"', 'did you mean leat send?'],
  ['ls', 'no command "ls"', 'did you mean leat list?'],
  ['frobnicate', 'no command "frobnicate"', 'leat --help lists them'],
  ['x', 'no command "x"', 'leat --help lists them'],
  ['channel creat ops', 'no command "channel creat"', 'did you mean leat channel create?'],
  ['channel frobnicate', 'no command "channel frobnicate"', 'leat channel --help lists them'],
  [
    'create ops',
    'no command "create"',
    'did you mean leat channel create, leat conversation create, leat role create or leat token create?',
  ],
  ['pause ops', 'no command "pause"', 'did you mean leat subscription pause?'],
  ['help sned', 'no command "sned"', 'did you mean leat send?'],
  ['help channel frobnicate', 'no command "channel frobnicate"', 'leat channel --help lists them'],
  ['__proto__', 'no command "__proto__"', 'leat --help lists them'],
  ['constructor', 'no command "constructor"', 'leat --help lists them'],
]

test('an unknown command is one clear error, exit 2, and makes nothing', async () => {
  const {leat, dir} = world()
  for (const [line, message, hint] of cases) {
    const refused = await leat`${line.split(' ')} --json`
    expect(refused, line).toMatchObject({code: 2, stdout: ''})
    expect(refused.stderr, line).toBe(`${JSON.stringify({error: {code: 'USAGE', message, hint}})}\n`)
  }
  expect(await leat`sned ops hi`).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'leat: no command "sned" (did you mean leat send?)\n',
  })
  expect(existsSync(join(dir, 'data'))).toBe(false)
})

test('control characters of an unknown command do not reach the terminal', async () => {
  const {leat} = world()
  expect((await leat`${'fr\x1b[31mob\nx'}`).stderr).toBe(
    'leat: no command "fr\\x1b[31mob\\nx" (leat --help lists them)\n',
  )
})

describe('wrong flags and arguments', () => {
  const lines: [words: string[], stderr: string][] = [
    [['send'], 'leat: missing CHANNEL (leat send CHANNEL; leat list shows them)'],
    [['channel', 'create'], 'leat: missing NAME (leat channel create NAME)'],
    [['send', 'ops', 'two', 'words'], 'leat: unexpected argument "words" (quote a text of several words)'],
    [['why', 'ops/1', 'bob', 'x'], 'leat: unexpected argument "x" (see leat why --help)'],
    [['send', 'ops', '--crate', 'hi'], 'leat: no flag --crate (did you mean --create?)'],
    [['send', 'ops', '-hello'], "leat: no flag -hello (-m '-hello' if it is the text)"],
    [['log', '--frobnicate'], 'leat: no flag --frobnicate (see leat log --help)'],
    [['--frob'], 'leat: no flag --frob (see leat --help)'],
    [['channel', '--frob'], 'leat: no command "channel --frob" (leat channel --help lists them)'],
    [['log', '-n'], 'leat: flag -n expects a value (see leat log --help)'],
    [['log', '-n', '5', '-n', '6'], 'leat: flag -n can only be specified once (see leat log --help)'],
    [['log', '-n', '5', '--all'], 'leat: -n and --all exclude each other (see leat log --help)'],
    [['log', '--color', 'blue'], 'leat: expected --color=blue to be one of: auto, always, never (see leat log --help)'],
    [['log', '--', 'x'], 'leat: nothing is expected behind --: "x"'],
    [['log', '--rest', 'x'], 'leat: --rest: there is no such flag (a command goes behind --)'],
  ]
  test('are one line that says what was wrong and what to do', async () => {
    const {leat} = world()
    for (const [words, stderr] of lines)
      expect(await leat`${words}`, words.join(' ')).toMatchObject({code: 2, stdout: '', stderr: `${stderr}\n`})
  })
})

describe('bad values', () => {
  const lines: [words: string[], code: string, message: string][] = [
    [['log', '-n', '0'], 'INVALID', '-n: "0" is not a whole number of 1 or more'],
    [['log', '-n', '-5'], 'INVALID', '-n: "-5" is not a whole number of 1 or more'],
    [['log', '-n', '1e3'], 'INVALID', '-n: "1e3" is not a whole number of 1 or more'],
    [['log', '--since', 'soon'], 'INVALID', '--since: "soon" is not a time'],
    [['log', '--since', '2026-02-30'], 'INVALID', '--since: "2026-02-30" is not a time'],
    [['log', '--until=-2h'], 'INVALID', '--until: "-2h" is not a time'],
    [['read', 'ops', '--wait', '10'], 'INVALID', '--wait: "10" is not a duration'],
    [['read', 'ops', '--wait', '99999999999d'], 'INVALID', '--wait: "99999999999d" is not a duration'],
    [['channel', 'create', 'General Chat'], 'INVALID', '"General Chat" is not a channel name'],
    [['whoami', '--as', '../x'], 'INVALID', '"../x" is not an actor name'],
    [['whoami', '--as='], 'INVALID', '"" is not an actor name'],
    [['send', 'ops', 'x', '--expires', 'soon'], 'INVALID', '--expires: "soon" is not a time'],
    [['request', 'ops,audit', 'x'], 'INVALID', '"ops,audit" is not a channel name'],
    [['dead', 'redrive', 'ops'], 'INVALID', '"ops" does not name a message'],
  ]
  test('are named and quoted', async () => {
    const {leat} = world()
    for (const [words, code, message] of lines) {
      const refused = await leat`${words} --json`
      expect(refused, words.join(' ')).toMatchObject({code: 2, stdout: ''})
      expect(refused.error(), words.join(' ')).toMatchObject({code, message})
    }
    expect((await leat`log -n 0`).stderr).toBe('leat: -n: "0" is not a whole number of 1 or more\n')
  })
})

describe('global flags go anywhere', () => {
  test('in front of the command, between its words and behind it', async () => {
    const {leat} = world()
    await leat`channel create ops`
    for (const words of [
      '--json list',
      'list --json',
      '--json channel list',
      'channel --json list',
      'channel list --json',
    ])
      expect((await leat`${words.split(' ')}`).json()).toMatchObject({name: 'ops'})
    expect((await leat`--as bob --json whoami`).json()).toMatchObject({actor: 'bob'})
    expect((await leat`--as=bob whoami --json`).json()).toMatchObject({actor: 'bob'})
  })
})

describe('what looks like a flag and is a value', () => {
  test('-m takes --help, --json, -- and itself', async () => {
    const {leat} = world()
    await leat`channel create ops`
    for (const text of ['--help', '--json', '--', '-m', '-', '-5', '--message=x', '=x', ''])
      expect(await leat`send ops --allow-empty -m ${text}`, text).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/),
        stderr: '',
      })
    expect(await leat`send ops --message=--json`).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/),
    })
    expect(await leat`send ops -m--version`).toMatchObject({code: 0})
    expect((await leat`log ops --format {content}`).lines()).toEqual([
      '--help',
      '--json',
      '--',
      '-m',
      '-',
      '-5',
      '--message=x',
      '=x',
      '',
      '--json',
      '--version',
    ])
  })

  test('a body behind --', async () => {
    const {leat} = world()
    await leat`channel create ops`
    expect(await leat`send ops -- --json`).toMatchObject({code: 0, stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/)})
    expect((await leat`show ops/1 --raw`).stdout).toBe('--json')
  })

  test('the value of any flag behind =', async () => {
    const {leat} = world()
    await leat`channel create ops --title=-notes --description=--json --meta=-k=-v`
    expect((await leat`channel show ops --json`).json()).toMatchObject({
      title: '-notes',
      description: '--json',
      metadata: {'-k': '-v'},
    })
    await leat`send ops --key=--key -m x`
    expect((await leat`log ops --json`).json()).toMatchObject({key: '--key'})
  })

  test('--json as the value of -m or behind -- does not make errors JSON', async () => {
    const {leat} = world()
    expect((await leat`send nowhere -m --json`).stderr).toMatch(/^leat: no channel "nowhere" in /)
    expect((await leat`send nowhere -- --json`).stderr).toMatch(/^leat: no channel "nowhere" in /)
  })
})
