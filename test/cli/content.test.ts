/** What content is, and that it is never altered. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {withOps} from './ops.js'

test('what looks like JSON is text, unless -J, the content type or the channel says so', async () => {
  const {leat} = await withOps()
  await leat`channel create json --content-type application/vnd.x+json`
  await leat`channel create html --content-type text/html`
  await leat`send ops -m ${'{"a":1}'}`
  await leat`send ops -m ${'{"a":1}'} -J`
  await leat`send ops -m ${'{"a":1}'} --content-type application/json`
  await leat`send json -m ${'{"a":1}'}`
  await leat`send json -m ${'{"a":1}'} --content-type text/plain`
  await leat`send html -m <p>`
  expect((await leat`log --json`).jsonLines().map(({content, contentType}) => [content, contentType])).toEqual([
    ['{"a":1}', 'text/plain'],
    [{a: 1}, 'application/json'],
    [{a: 1}, 'application/json'],
    [{a: 1}, 'application/vnd.x+json'],
    ['{"a":1}', 'text/plain'],
    ['<p>', 'text/html'],
  ])
  for (const words of [['ops', '-J'], ['json'], ['ops', '--content-type', 'application/json']]) {
    const refused = await leat`send ${words} -m ${'{"a":'} --json`
    expect([words, refused.code, refused.error()]).toMatchObject([
      words,
      2,
      {code: 'INVALID', message: expect.stringContaining('not valid JSON')},
    ])
  }
  expect((await leat`send ops -m {} --content-type json`).code).toBe(2)
  expect((await leat`log`).lines()).toHaveLength(6)
})

test('bytes are kept as they are with a stated type, else refused', async () => {
  const {leat, log} = await withOps()
  const invalid = Buffer.from([0x68, 0xff, 0xfe, 0x0a])
  const nul = Buffer.from('a\0b')
  for (const bytes of [invalid, nul]) {
    const refused = await leat({stdin: bytes})`send ops --json`
    expect([refused.code, refused.error()]).toEqual([
      2,
      {
        code: 'INVALID',
        message: 'the content is not text (UTF-8 without NUL), so it needs a content type',
        hint: '--content-type application/octet-stream',
      },
    ])
  }
  expect((await leat({stdin: invalid})`send ops -J --json`).error().code).toBe('INVALID')
  expect(await log()).toEqual([])
  for (const bytes of [invalid, nul])
    expect((await leat({stdin: bytes})`send ops --content-type image/x-odd`).code).toBe(0)
  expect((await log()).map(({contentBase64, contentType, content}) => [contentBase64, contentType, content])).toEqual([
    [invalid.toString('base64'), 'image/x-odd', undefined],
    [nul.toString('base64'), 'image/x-odd', undefined],
  ])
  expect([(await leat`show ops/1 --raw`).bytes, (await leat`show ops/2 --raw`).bytes]).toEqual([invalid, nul])
})

test('16 MiB are taken, one byte more is not', async () => {
  const {leat, dir} = await withOps()
  const most = Buffer.alloc(16 * 1024 * 1024, 'x')
  expect((await leat({stdin: most})`send ops --json`).json().sent).toEqual([{channel: 'ops', seq: 1}])
  expect((await leat`show ops/1 --raw`).bytes.equals(most)).toBe(true)
  const over = Buffer.concat([most, Buffer.from('x')])
  writeFileSync(join(dir, 'over.txt'), over)
  for (const refused of [await leat({stdin: over})`send ops --json`, await leat`send ops --file over.txt --json`]) {
    expect([refused.code, refused.error().code, refused.stdout]).toEqual([2, 'TOO_LARGE', ''])
    expect(refused.stderr.length).toBeLessThan(500)
  }
  expect((await leat`store info --json`).json().messages).toBe(1)
})
