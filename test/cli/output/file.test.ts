import {execFileSync} from 'node:child_process'
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {replaceFile, saveFile, writeWhole} from '../../../src/cli/output/file.js'
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

test('what is there already takes the place of what stood there, for its owner alone', () => {
  const at = folder()
  const file = join(at, 'out')
  writeFileSync(file, 'old', {mode: 0o644})
  replaceFile(file, 'new')
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new', 0o600])
  expect(readdirSync(at)).toEqual(['out'])
})

test('where it can not be, nothing is left of it', () => {
  const at = folder()
  mkdirSync(join(at, 'out', 'full'), {recursive: true})
  expect(() => replaceFile(join(at, 'out'), 'new')).toThrow(expect.objectContaining({code: 'EISDIR'}))
  expect(() => saveFile(join(at, 'out'), 'new')).toThrow(expect.objectContaining({code: 'INVALID'}))
  expect(() => saveFile(join(at, 'none', 'out'), 'new')).toThrow(expect.objectContaining({code: 'NOT_FOUND'}))
  expect(readdirSync(at)).toEqual(['out'])
})
