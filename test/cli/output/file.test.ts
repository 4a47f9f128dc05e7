import {execFileSync} from 'node:child_process'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {writeWhole} from '../../../src/cli/output/file.js'
import {rateText} from '../../../src/cli/output/progress.js'
import {Sink} from '../../../src/cli/output/sink.js'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'leat-file-'))
  onTestFinished(() => rmSync(made, {recursive: true, force: true}))
  return made
}

test('a file is there when all of it is', async () => {
  const at = folder()
  const file = join(at, 'out')
  await writeWhole(file, new AbortController().signal, async (sink) => {
    sink.write('one')
    expect(readdirSync(at)).not.toContain('out')
  })
  expect(readdirSync(at)).toEqual(['out'])
  expect(readFileSync(file, 'utf8')).toBe('one')
})

test('nothing is left of one that failed, or was called off', async () => {
  const at = folder()
  const file = join(at, 'out')
  const failing = writeWhole(file, new AbortController().signal, async () => {
    throw new Error('full')
  })
  await expect(failing).rejects.toThrow('full')
  expect(readdirSync(at)).toEqual([])
  const calledOff = new AbortController()
  await writeWhole(file, calledOff.signal, async (sink) => {
    sink.write('half')
    calledOff.abort()
    expect(readdirSync(at)).toEqual([])
  })
  expect(readdirSync(at)).toEqual([])
})

const never = async (): Promise<void> => {
  throw new Error('nothing is to be written')
}

test('what is no regular file is not replaced by one', async () => {
  const at = folder()
  const pipe = join(at, 'pipe')
  execFileSync('mkfifo', [pipe])
  symlinkSync('/dev/null', join(at, 'device'))
  for (const [name, code] of [
    ['pipe', 'INVALID'],
    ['device', 'INVALID'],
    ['.', 'INVALID'],
    ['none/out', 'NOT_FOUND'],
    ['pipe/out', 'STORAGE'],
  ] as const)
    await expect(writeWhole(join(at, name), new AbortController().signal, never)).rejects.toMatchObject({code})
  await expect(writeWhole('', new AbortController().signal, never)).rejects.toMatchObject({code: 'USAGE'})
  expect(readdirSync(at).sort()).toEqual(['device', 'pipe'])
  expect([lstatSync(pipe).isFIFO(), statSync(join(at, 'device')).isCharacterDevice()]).toEqual([true, true])
})

test.skipIf(!existsSync('/dev/full'))('where there is no room the error names the file', () => {
  const fd = openSync('/dev/full', 'w')
  onTestFinished(() => closeSync(fd))
  const sink = new Sink(fd, '"out.jsonl"')
  sink.write('x')
  expect(() => sink.flush()).toThrow(/^can't write "out.jsonl": ENOSPC/)
})

test.each([
  [1000, 500, undefined, '1000 messages, 2000/s'],
  [1000, 500, 0.5, '1000 messages, 2000/s, 1 s left'],
  [10, 60_000, 0.01, '10 messages, 0/s, 99 min left'],
  [10, 10, 1, '10 messages, 1000/s, 0 s left'],
])('%i messages in %i ms, %s of all: %s', (messages, took, part, text) => {
  expect(rateText(messages, took, part)).toBe(text)
})
