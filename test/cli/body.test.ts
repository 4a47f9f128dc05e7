/** Where the body of a message comes from. */
import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {BIN} from './leat.js'
import {withOps} from './ops.js'
import {hasTerminal, terminal} from './terminal.js'

test('a body is kept verbatim, whatever it begins with', async () => {
  const {leat, log} = await withOps()
  const cases: [string[], string][] = [
    [['-m', '-rf --json -- $HOME'], '-rf --json -- $HOME'],
    [['-m', '--quiet'], '--quiet'],
    [['-m', '--'], '--'],
    [['-m', ''], ''],
    [['-m-5'], '-5'],
    [['-m=x'], '=x'],
    [['--message=-x'], '-x'],
    [['--message', '--store=/nowhere'], '--store=/nowhere'],
    [['-qm', '-1'], '-1'],
    [['--', '-v'], '-v'],
    [['--', '--help'], '--help'],
    [['-m', '𝄞 ä\r\n\ttab\n\n'], '𝄞 ä\r\n\ttab\n\n'],
    [['hello'], 'hello'],
    [[' spaces '], ' spaces '],
    [['-m', '\x1b[31m\x07\x7f'], '\x1b[31m\x07\x7f'],
  ]
  for (const [words] of cases) {
    const sent = await leat`send ops --allow-empty ${words}`
    expect([words, sent.code, sent.stderr]).toEqual([words, 0, ''])
  }
  expect((await log()).map(({content}) => content)).toEqual(cases.map(([, body]) => body))
  expect((await leat`log ops --raw -0`).stdout).toBe(cases.map(([, body]) => `${body}\0`).join(''))
})

test('body and flags may stand in any order, global flags in front', async () => {
  const {leat, log} = await withOps()
  expect((await leat`--json --as bob send ops -m hi`).json()).toMatchObject({sent: [{seq: 1}]})
  expect((await leat`send --type x ops hi`).code).toBe(0)
  expect((await leat`send ops --type x hi --header a=1 --header b=2`).code).toBe(0)
  expect((await leat`send --header a=1 ops hi`).code).toBe(0)
  expect((await log()).map(({sender, type, headers}) => [sender, type, headers])).toEqual([
    ['bob', 'message', undefined],
    ['alice', 'x', undefined],
    ['alice', 'x', {a: '1', b: '2'}],
    ['alice', 'message', {a: '1'}],
  ])
})

test('stdin is read byte for byte, with - or without a body', async () => {
  const {leat, log, bodies} = await withOps()
  const odd = '\ufeffBOM kept\r\nCRLF kept\r\n\n'
  for (const words of [['-'], []]) expect((await leat({stdin: odd})`send ops ${words}`).code).toBe(0)
  expect(await bodies()).toEqual([odd, odd])
  expect((await log())[0]).toMatchObject({content: odd, contentType: 'text/plain'})
})

test('--chomp drops one final newline', async () => {
  const {leat, dir, log} = await withOps()
  for (const text of ['a\n', 'a\n\n', 'a\r\n', 'a', 'a\r']) await leat({stdin: text})`send ops --chomp`
  writeFileSync(join(dir, 'note.txt'), 'file\n')
  await leat`send ops --file note.txt --chomp`
  expect((await log()).map(({content}) => content)).toEqual(['a', 'a\n', 'a', 'a', 'a\r', 'file'])
})

test('with a body or --file stdin is never touched', async () => {
  const {dir, log} = await withOps()
  writeFileSync(join(dir, 'f.txt'), 'from the file')
  const seen = await inShell(
    dir,
    `printf 'one\\ntwo\\n' | { "$@" send ops arg -q; "$@" send ops -m arg -q; "$@" send ops --file f.txt -q; cat; }`,
  )
  expect(seen).toEqual({code: 0, stdout: 'one\ntwo\n', stderr: ''})
  expect((await log()).map(({content}) => content)).toEqual(['arg', 'arg', 'from the file'])
})

test('a body is given once', async () => {
  const {leat, dir, log} = await withOps()
  writeFileSync(join(dir, 'f.txt'), 'x')
  for (const words of [
    ['a', '-m', 'b'],
    ['a', '--file', 'f.txt'],
    ['-m', 'b', '--file', 'f.txt'],
    ['-', '-m', 'b'],
    ['-m', 'a', '-m', 'b'],
    ['--file', 'f.txt', '--', 'a'],
  ]) {
    const refused = await leat`send ops --json ${words}`
    expect([words, refused.code, refused.error().code]).toEqual([words, 2, 'USAGE'])
  }
  for (const words of [
    ['disk', 'full'],
    ['disk', '--', 'full'],
    ['--', 'disk', 'full'],
  ]) {
    const refused = await leat`send ops --json ${words}`
    expect([refused.code, refused.error()]).toMatchObject([
      2,
      {code: 'USAGE', message: expect.stringContaining('"full"')},
    ])
    expect(JSON.stringify(refused.error())).toMatch(/quote (the|a) text/)
  }
  expect(await log()).toEqual([])
})

test('an empty body needs --allow-empty, and an empty stdin asks about the command before', async () => {
  const {leat, dir, log} = await withOps()
  const piped = await leat({stdin: ''})`send ops --json`
  expect([piped.code, piped.error()]).toEqual([
    2,
    {
      code: 'USAGE',
      message: 'stdin is empty; did the command before the pipe fail?',
      hint: '--allow-empty sends an empty body',
    },
  ])
  expect((await leat`send ops`).stderr).toBe(
    'leat: stdin is empty; did the command before the pipe fail? (--allow-empty sends an empty body)\n',
  )
  expect((await leat`send ops -m ''`).code).toBe(2)
  expect((await leat`send ops ''`).code).toBe(2)
  expect((await leat({stdin: '\n'})`send ops --chomp`).code).toBe(2)
  writeFileSync(join(dir, 'empty.txt'), '')
  expect((await leat`send ops --file empty.txt`).stderr).toContain('empty.txt is empty')
  expect(await log()).toEqual([])
  expect((await leat({stdin: ''})`send ops --allow-empty`).code).toBe(0)
  expect((await leat`send ops '' --allow-empty`).code).toBe(0)
  expect((await log()).map(({content}) => content)).toEqual(['', ''])
  const closed = await inShell(dir, '"$@" send ops <&-')
  expect([closed.code, closed.stdout]).toEqual([2, ''])
})

test('a stdin that stays silent for a second is told of, once', async () => {
  const {dir, env, log} = await withOps()
  const began = Date.now()
  const child = spawn(process.execPath, [BIN, 'send', 'ops', '--chomp'], {cwd: dir, env: {...env, LEAT_AS: 'alice'}})
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
    child.stdin.write('late ')
    setTimeout(() => child.stdin.end('words\n'), 1_200)
  })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, stderr]).toEqual([0, 'reading from stdin… (end with Ctrl-D)\n'])
  expect(Date.now() - began).toBeGreaterThan(2_000)
  expect((await log()).map(({content}) => content)).toEqual(['late words'])
})

test('--file: text, JSON and bytes, with the type by the extension and the name as a header', async () => {
  const {leat, dir, log, bodies} = await withOps()
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff])
  writeFileSync(join(dir, 'plain'), 'text')
  writeFileSync(join(dir, 'a.json'), '{"n": 1.0}')
  writeFileSync(join(dir, 'page.html'), '<p>')
  writeFileSync(join(dir, 'pixel.png'), png)
  writeFileSync(join(dir, 'blob'), png)
  writeFileSync(join(dir, 'main.ts'), 'let a = 1')
  writeFileSync(join(dir, 'broken.json'), '{"n":')
  for (const name of ['plain', 'a.json', 'page.html', 'pixel.png', 'blob', 'main.ts'])
    expect([name, (await leat`send ops --file ${name}`).stderr]).toEqual([name, ''])
  await leat`send ops --file ${join(dir, 'plain')} --header filename=other --content-type text/markdown`
  expect(
    (await log()).map(({content, contentBase64, contentType, headers}) => [
      content ?? contentBase64,
      contentType,
      headers,
    ]),
  ).toEqual([
    ['text', 'text/plain', {filename: 'plain'}],
    [{n: 1}, 'application/json', {filename: 'a.json'}],
    ['<p>', 'text/html', {filename: 'page.html'}],
    [png.toString('base64'), 'image/png', {filename: 'pixel.png'}],
    [png.toString('base64'), 'application/octet-stream', {filename: 'blob'}],
    ['let a = 1', 'text/plain', {filename: 'main.ts'}],
    ['text', 'text/markdown', {filename: 'other'}],
  ])
  expect((await bodies()).slice(1, 4)).toEqual(['{"n": 1.0}', '<p>', png])
  for (const [name, exit, code] of [
    ['missing.txt', 3, 'NOT_FOUND'],
    ['.', 2, 'INVALID'],
    ['broken.json', 2, 'INVALID'],
  ] as const) {
    const refused = await leat`send ops --file ${name} --json`
    expect([name, refused.code, refused.error().code]).toEqual([name, exit, code])
  }
  expect(await log()).toHaveLength(7)
})

test.runIf(hasTerminal)('--edit takes what an editor saves, without its last newline', async () => {
  const {leat, dir, env, log} = await withOps()
  writeFileSync(
    join(dir, 'editor'),
    '#!/bin/sh\ncase $2 in *.json) echo "{\\"a\\": 1}" >"$2" ;; *) printf "%s\\nlines\\n" "$1" >"$2" ;; esac\n',
    {mode: 0o755},
  )
  const write = {...env, EDITOR: `${join(dir, 'editor')} two`}
  expect((await terminal(write)`send ops --edit`).text).toContain('sent: ops/1')
  expect((await terminal(write)`send ops --edit -J`).text).toContain('sent: ops/2')
  expect((await log()).map(({content}) => content)).toEqual(['two\nlines', {a: 1}])
  const failed = await terminal({...env, VISUAL: 'false'})`send ops --edit`
  expect([failed.code, failed.text]).toEqual([2, 'leat: the editor "false" failed, nothing was sent\n'])
  expect((await terminal({...env, EDITOR: 'true'})`send ops --edit`).text).toContain('nothing was written')
  expect((await leat`send ops --edit --json`).error().message).toBe('--edit needs a terminal')
  expect((await leat`send ops --edit body`).code).toBe(2)
  expect((await leat`send ops --edit --lines`).code).toBe(2)
  expect(await log()).toHaveLength(2)
})

/** A shell line with leat as "$@", without any output of the shell itself. */
function inShell(dir: string, line: string): Promise<{code: number | null; stdout: string; stderr: string}> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line, 'bash', process.execPath, BIN], {
      cwd: dir,
      env: {PATH: process.env['PATH'] ?? '', HOME: dir, XDG_DATA_HOME: join(dir, 'data'), LEAT_AS: 'alice'},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({code, stdout, stderr}))
  })
}
