import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const EVIL = 'a\x1b]0;owned\x07b\x1b[31m\x9b31m\x7f\u202eoo\u2066\ttab\nsecond\r'
const SHOWN = 'a\\x1b]0;owned\\x07b\\x1b[31m\\x9b31m\\x7f\\u202eoo\\u2066'

/** What a terminal would obey, but the escapes that leat itself writes. */
const OBEYED = /[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\[[0-9;]*m)/

async function withOps() {
  const made = world()
  await made.leat`channel create ops --title Operations`
  return made
}

describe.skipIf(!hasTerminal)('at a terminal', () => {
  test('lists are tables with headings, short ids and ages; in a pipe they are fields', async () => {
    const {leat, env} = await withOps()
    await leat`send ops hello`
    const {text} = await terminal(env)`list`
    const [head = '', row = ''] = text.split('\n')
    expect(head).toBe('CHANNEL  UNREAD  MESSAGES  SUBS  TITLE       LAST  SENDER  CONTENT')
    expect(row).toMatch(/^ops {11}1 {9}1 {5}0 {2}Operations {2} {0,2}(now|\d+s) {2}alice {3}hello$/)
    expect((await leat`list`).stdout).toMatch(/^ops\tOperations\topen\t1\t1\t0\t\d{4}-[^\t]*Z\talice\thello\n$/)
    expect((await terminal(env)`log`).text).toMatch(/^ops\/1 {2}alice {2} *(now|\d+s) {2}hello\n$/)
  })

  test('a table is as wide as the terminal, and a long line is cut', async () => {
    const {leat, env} = await withOps()
    await leat`send ops ${'x'.repeat(500)}`
    const {text} = await terminal(env, {columns: 90})`list`
    expect(text.split('\n')[1]).toMatch(/^.{89}…$/)
    expect((await leat`list`).stdout).toContain('x'.repeat(500))
  })

  test('an empty list says so on stderr, and exits 0', async () => {
    const {env} = world()
    expect(await terminal(env)`list`).toMatchObject({
      code: 0,
      text: 'no channels; leat channel create NAME makes one\n',
    })
  })

  test('show is a page: about it, the content as it is, and what is around it', async () => {
    const {leat, env} = await withOps()
    const id = (await leat`send ops -m ${'two\nlines'} --type note --header a=1`).stdout.trim()
    await leat({as: 'bob'})`reply ops/1 answer`
    const {text} = await terminal(env)`show ops/1`
    expect(text.split('\n').map((line) => line.replace(/ \((now|\d+s ago)\)$/, ' (ago)'))).toEqual([
      'MESSAGE       ops/1',
      `ID            ${id}`,
      'SENDER        alice',
      expect.stringMatching(/^TIME {10}\d{4}-.*Z \(ago\)$/),
      'TYPE          note',
      'CONTENT TYPE  text/plain, 9 bytes',
      'HEADERS       a=1',
      '',
      'two',
      'lines',
      '',
      'REPLIES       ops/2 bob: answer',
      '',
    ])
  })

  test('a thread is a tree', async () => {
    const {leat, env} = await withOps()
    await leat`send ops root`
    await leat({as: 'bob'})`reply ops/1 ${'first\nmore'} --type note`
    await leat`reply ops/2 second`
    const {text} = await terminal(env)`thread ops/2`
    expect(text.replace(/ +(now|\d+s)/g, '  AGO')).toBe(
      [
        '  ops/1  alice  AGO  root',
        '► └─ ops/2  bob  AGO  [note]  first …',
        '     └─ ops/3  alice  AGO  second',
        '',
      ].join('\n'),
    )
  })

  test('where a limit cut, a footer says how to see the rest', async () => {
    const {leat, env} = await withOps()
    await leat({stdin: 'x\n'.repeat(60)})`send ops --lines`
    const footer = async (line: string): Promise<string | undefined> =>
      (await terminal(env)`${line.split(' ')}`).text.split('\n').at(-2)
    expect(await footer('log ops')).toBe('the newest 50; leat log ops --all shows everything')
    expect(await footer('log ops -n 3 --reverse')).toBe('the newest 3; leat log ops --all shows everything')
    expect(await footer('log -n 3 --from start')).toBe('the first 3; leat log --all shows everything')
    for (const line of [
      'log ops -n 60',
      'log ops --all',
      'log ops -n 60 --from 1',
      'log ops -n 3 -q',
      'log ops -n 3 --after 57',
    ])
      expect(await footer(line), line).toMatch(/^ops\/60 {2}alice {2} *(now|\d+s) {2}x$/)
    expect(await footer('log ops --sender nobody')).toBe('no messages')
  })

  test('a question is asked only there, and not with --no-input or CI', async () => {
    const {leat, env} = await withOps()
    await leat`send ops x`
    const line = 'leat: redact ops/1 by alice needs --yes when nobody can be asked\n'
    expect(await terminal(env)`redact ops/1 --no-input`).toMatchObject({code: 2, text: line})
    expect(await terminal(env, {env: {CI: '1'}})`redact ops/1`).toMatchObject({code: 2, text: line})
  })
})

describe.skipIf(!hasTerminal)('nothing of a message, a name or an error reaches a terminal as a control', () => {
  test('in every command that shows content', async () => {
    const {leat, env} = await withOps()
    // Headers and titles take no controls, but what turns the direction of text.
    await leat`send ops -m ${EVIL} --header x=${'a\u202eb'}`
    await leat`send ops -J -m ${JSON.stringify({text: EVIL, '\x9b': 1})}`
    await leat`channel update ops --title ${'a\u202eb'} --description ${EVIL} --meta a=${'a\u2066b'}`
    const lines = [
      'log',
      'log --raw',
      'log --json',
      'list',
      'list --json',
      'show ops/1',
      'show ops/1 --raw',
      'show ops/1 --json',
      'show ops/2',
      'show ops/2 --raw',
      'thread ops/1',
      'thread ops/1 --json',
      'why ops/1',
      'status',
      'status --json',
      'channel show ops',
      'channel show ops --json',
      'read ops --peek',
      'read ops --peek --raw',
      'read ops --peek --json',
      'read ops --as bob',
    ]
    for (const line of lines) {
      const {code, raw} = await terminal(env)`${line.split(' ')}`
      expect(code, line).toBe(0)
      expect(OBEYED.exec(raw.replaceAll('\r\n', '\n'))?.[0], line).toBeUndefined()
    }
    const {text} = await terminal(env)`log ops --format ${'{content}|{header.x}'}`
    expect(text).toContain(`${SHOWN}\ttab\nsecond\\r|a\\u202eb`)
    expect(
      OBEYED.exec(
        (await terminal(env)`log --format ${'\\0{content}'} -0`).raw.replaceAll('\r\n', '\n').replaceAll('\0', ''),
      ),
    ).toBeNull()
    expect((await leat`log ops -n 1 --from 1 --raw`).stdout).toBe(EVIL) // in a pipe all as it is
  })

  test('JSON at a terminal is the same JSON', async () => {
    const {leat, env} = await withOps()
    await leat`send ops -m ${EVIL}`
    const {text} = await terminal(env)`log --json`
    expect(JSON.parse(text)).toEqual((await leat`log --json`).json())
  })

  test('in errors', async () => {
    const {env} = await withOps()
    for (const words of [
      ['read', EVIL],
      ['show', EVIL],
      [EVIL],
      ['log', `--${EVIL}`],
      ['log', '--since', EVIL],
      ['log', '--store', EVIL],
      ['whoami', '--as', EVIL],
    ]) {
      for (const flags of [[], ['--json']]) {
        const {code, raw, text} = await terminal(env)`${words} ${flags}`
        expect([2, 3]).toContain(code)
        expect(OBEYED.exec(raw.replaceAll('\r\n', '\n'))?.[0], words[0]).toBeUndefined()
        expect(text.split('\n')).toHaveLength(2)
      }
    }
  })

  test('bytes are described, and refused as they are', async () => {
    const {leat, env, dir} = await withOps()
    writeFileSync(join(dir, 'logo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]))
    await leat`send ops --file logo.png`
    expect((await terminal(env)`log`).text).toMatch(/ {2}\(6 bytes of image\/png, logo\.png\)\n$/)
    const line = "leat: ops/1 is image/png, which a terminal can't show (leat show ops/1 --raw --output FILE)\n"
    expect(await terminal(env)`show ops/1 --raw`).toMatchObject({code: 2, text: line})
    expect(await terminal(env)`log --raw`).toMatchObject({code: 2, text: line})
    expect(await terminal(env)`show ops/1 --raw --output ${join(dir, 'out.png')}`).toMatchObject({code: 0})
  })
})

describe.skipIf(!hasTerminal)('colour', () => {
  const coloured = (raw: string): boolean => raw.includes('\x1b[')

  test('is on at a terminal, off in a pipe, and obeys NO_COLOR, FORCE_COLOR, TERM=dumb and --color', async () => {
    const {leat, env} = await withOps()
    await leat`send ops hello`
    const at = async (more: Record<string, string>, line = 'log'): Promise<boolean> =>
      coloured((await terminal(env, {env: more})`${line.split(' ')}`).raw)
    expect(await at({})).toBe(true)
    expect(await at({}, 'list')).toBe(true)
    expect(await at({}, 'thread ops/1')).toBe(true)
    expect(await at({}, 'status')).toBe(true)
    expect(await at({NO_COLOR: '1'})).toBe(false)
    expect(await at({NO_COLOR: '1', FORCE_COLOR: '1'})).toBe(false)
    expect(await at({NO_COLOR: '1'}, 'log --color always')).toBe(true)
    expect(await at({TERM: 'dumb'})).toBe(false)
    expect(await at({TERM: 'dumb', FORCE_COLOR: '1'})).toBe(true)
    expect(await at({FORCE_COLOR: '0'})).toBe(false)
    expect(await at({}, 'log --color never')).toBe(false)
    expect(await at({}, 'help')).toBe(false)
    expect(coloured((await leat({env: {FORCE_COLOR: '1'}})`why ops/1`).stdout)).toBe(true)
    expect(coloured((await leat`why ops/1`).stdout)).toBe(false)
    expect(coloured((await leat({env: {FORCE_COLOR: '1'}})`log --json`).stdout)).toBe(false)
  })
})
