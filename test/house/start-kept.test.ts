/** What V8 keeps of a start: whatever is wrong with it, or can't be written, only costs time. */
import {execFileSync, spawnSync} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, onTestFinished, test} from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const AS_ROOT = process.getuid?.() === 0
const NOBODY = 65534

/** leat as it is installed, in a folder of its own, with nothing kept. */
function installed() {
  const dir = mkdtempSync(join(tmpdir(), 'leat-start-'))
  onTestFinished(() => {
    chmodSync(join(dir, 'leat/dist/start'), 0o755)
    rmSync(dir, {recursive: true, force: true})
  })
  const root = join(dir, 'leat')
  const home = join(dir, 'home')
  mkdirSync(home)
  mkdirSync(root)
  for (const part of ['package.json', 'oclif.manifest.json', 'bin', 'dist'])
    cpSync(join(ROOT, part), join(root, part), {recursive: true, filter: (name) => !name.endsWith('.cache')})
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  const start = join(root, 'dist/start')
  const run = (words: string, {uid, env}: {uid?: number; env?: Record<string, string>} = {}) => {
    const {status, signal, stdout, stderr} = spawnSync(
      process.execPath,
      [join(root, 'bin/run.js'), ...words.split(' ')],
      {
        env: {PATH: process.env['PATH'] ?? '', HOME: home, LEAT_AS: 'alice', ...env},
        encoding: 'utf8',
        ...(uid !== undefined && {uid}),
      },
    )
    return {code: status ?? signal, stdout, stderr}
  }
  const kept = (folder = start): string[] =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.cache')) : []
  /** The one file that a `list` has kept. */
  const cache = (): string => {
    run('list')
    return join(start, kept().find((name) => name.endsWith('-list.cache')) ?? '')
  }
  return {dir, root, home, start, run, kept, cache}
}

const GOOD = {code: 0, stderr: ''}

test('the first start of a kind keeps, the next ones only read', () => {
  const {run, kept, start} = installed()
  expect(run('list')).toMatchObject(GOOD)
  const names = kept()
  expect(names).toEqual([
    expect.stringMatching(new RegExp(`^leat\\.cjs-[0-9a-f]{16}-${process.version}-${process.arch}-list\\.cache$`)),
  ])
  const {mtimeMs, ino} = statSync(join(start, names[0] ?? ''))
  expect(run('list')).toMatchObject(GOOD)
  expect(statSync(join(start, names[0] ?? ''))).toMatchObject({mtimeMs, ino})
  expect(run('send ops hi --create')).toMatchObject(GOOD)
  expect(kept()).toHaveLength(2)
})

test.each<[string, (file: string) => void]>([
  ['a flipped bit in the first copy', (file) => flip(file, 0.2)],
  ['a flipped bit in the second copy', (file) => flip(file, 0.7)],
  ['a flipped bit in its head', (file) => flip(file, 0)],
  ['half of it', (file) => truncateSync(file, statSync(file).size / 2)],
  ['an odd number of bytes', (file) => truncateSync(file, statSync(file).size - 1)],
  ['nothing in it', (file) => truncateSync(file, 0)],
  ['something else, twice', (file) => writeFileSync(file, 'nonsense nonsense '.repeat(2000))],
  [
    'a folder',
    (file) => {
      rmSync(file)
      mkdirSync(file)
    },
  ],
])('%s: it is not used', (_, damage) => {
  const {run, cache} = installed()
  const file = cache()
  damage(file)
  expect(run('list')).toMatchObject(GOOD)
  // And made anew, where that can be.
  expect(run('list')).toMatchObject(GOOD)
})

test('what was damaged is made anew', () => {
  const {run, cache} = installed()
  const file = cache()
  const before = readFileSync(file)
  flip(file, 0.3)
  run('list')
  const after = readFileSync(file)
  const half = after.length / 2
  expect(after.subarray(0, half).equals(after.subarray(half))).toBe(true)
  expect(Math.abs(after.length - before.length)).toBeLessThan(before.length / 2)
})

test('what is kept of another build is not used', () => {
  const {run, cache, start, kept} = installed()
  cache()
  const bundle = join(start, 'leat.cjs')
  const [, hash = ''] = /^\/\/([0-9a-f]{32})/.exec(readFileSync(bundle, 'latin1')) ?? []
  writeFileSync(bundle, readFileSync(bundle, 'latin1').replace(hash, 'f'.repeat(32)), 'latin1')
  expect(run('list')).toMatchObject(GOOD)
  expect(kept().filter((name) => name.startsWith(`leat.cjs-${'f'.repeat(16)}-`))).toHaveLength(1)
})

test('options of V8 have a cache of their own', () => {
  const {run, cache, kept} = installed()
  cache()
  expect(run('list', {env: {NODE_OPTIONS: '--stack-trace-limit=20'}})).toMatchObject(GOOD)
  expect(kept()).toHaveLength(2)
})

test.each<[string, (start: string) => void]>([
  ['is missing', (start) => rmSync(start, {recursive: true})],
  ['is cut off', (start) => truncateSync(join(start, 'leat.cjs'), 100_000)],
  ['is empty', (start) => truncateSync(join(start, 'leat.cjs'), 0)],
  ['is no JavaScript', (start) => breakSyntax(join(start, 'leat.cjs'))],
])('where the bundle %s, the ordinary modules run', (_, damage) => {
  const {run, start, dir} = installed()
  expect(run('send ops hi --create')).toMatchObject(GOOD)
  damage(start)
  expect(run('log ops --raw')).toEqual({...GOOD, stdout: 'hi\n'})
  mkdirSync(join(dir, 'leat/dist/start'), {recursive: true})
})

test('no command needs the ordinary modules, whatever a shell runs', () => {
  const {run, root, dir} = installed()
  for (const part of ['chunks', 'commands', 'cli', 'index.js']) rmSync(join(root, 'dist', part), {recursive: true})
  const script = join(dir, 'lines')
  writeFileSync(script, 'send ops hi --create\nread ops\ntransport list\ndeliver --once\nchannel show nope\n')
  const {code, stdout, stderr} = run(`shell ${script}`)
  expect(stdout).toMatch(/\thi$/m)
  expect(stdout).toMatch(/^exec\tout\tyes/m)
  // One LeatError, whoever throws it.
  expect(code).toBe(3)
  expect(stderr).toMatch(/^leat: line 5: no channel "nope"/m)
  expect(run('serve --host nowhere.invalid --no-auth')).toMatchObject({code: 2})
})

test('without a build it says so', () => {
  const {run, root, dir} = installed()
  rmSync(join(root, 'dist'), {recursive: true})
  expect(run('list')).toEqual({code: 1, stdout: '', stderr: 'leat is not built: npm run build\n'})
  mkdirSync(join(dir, 'leat/dist/start'), {recursive: true})
})

test('with LEAT_DEBUG=1 the ordinary modules run, whose stacks can be read', () => {
  const {run} = installed()
  expect(run('show ops/1', {env: {LEAT_DEBUG: '1'}}).stderr).toMatch(/\n {4}at .*dist\/(chunks|commands)\//)
})

/** As a user who may not write where leat is installed. */
const stranger = (home: string): {uid?: number} => {
  if (!AS_ROOT) return {}
  chownSync(home, NOBODY, NOBODY)
  return {uid: NOBODY}
}

test('where the package is read-only, the cache is in a folder of the user alone', () => {
  const {run, start, home, kept, dir} = installed()
  chmodSync(dir, 0o755)
  chmodSync(start, 0o555)
  const who = stranger(home)
  expect(run('list', who)).toMatchObject(GOOD)
  const own = join(home, '.cache/leat')
  expect(kept(start)).toEqual([])
  expect(kept(own)).toHaveLength(1)
  expect(statSync(own).mode & 0o777).toBe(0o700)
  const {ino} = statSync(join(own, kept(own)[0] ?? ''))
  expect(run('list', who)).toMatchObject(GOOD)
  expect(statSync(join(own, kept(own)[0] ?? '')).ino).toBe(ino)
})

test('a folder that others may write to is not trusted', () => {
  const {run, start, home, kept, dir} = installed()
  chmodSync(dir, 0o755)
  chmodSync(start, 0o555)
  const who = stranger(home)
  const own = join(home, 'cache/leat')
  const env = {XDG_CACHE_HOME: join(home, 'cache')}
  run('list', {...who, env})
  const file = join(own, kept(own)[0] ?? '')
  chmodSync(own, 0o777)
  // Neither what is in it is used, nor is more put into it.
  truncateSync(file, 100)
  const {ino} = statSync(file)
  expect(run('list', {...who, env})).toMatchObject(GOOD)
  expect(statSync(file)).toMatchObject({ino, size: 100})
})

test.each(['/nonexistent/cache', 'relative', ''])('a cache that can not be written (%j) is no failure', (given) => {
  const {run, start, home, dir} = installed()
  chmodSync(dir, 0o755)
  chmodSync(start, 0o555)
  const who = stranger(home)
  if (given !== '/nonexistent/cache') writeFileSync(join(home, '.cache'), 'a file')
  expect(run('list', {...who, env: {XDG_CACHE_HOME: given}})).toMatchObject(GOOD)
})

test('many starts at once leave one whole cache', async () => {
  const {root, home, kept, start} = installed()
  const script = `for i in 1 2 3 4 5 6; do "${process.execPath}" "${root}/bin/run.js" list & done; wait`
  execFileSync('sh', ['-c', script], {env: {PATH: process.env['PATH'] ?? '', HOME: home, LEAT_AS: 'alice'}})
  expect(kept()).toEqual([expect.stringMatching(/-list\.cache$/)])
  const bytes = readFileSync(join(start, kept()[0] ?? ''))
  expect(bytes.subarray(0, bytes.length / 2).equals(bytes.subarray(bytes.length / 2))).toBe(true)
})

function flip(file: string, where: number): void {
  const bytes = readFileSync(file)
  const at = Math.floor(bytes.length * where)
  bytes[at] = (bytes[at] ?? 0) ^ 0x10
  writeFileSync(file, bytes)
}

function breakSyntax(file: string): void {
  const source = readFileSync(file, 'latin1')
  const at = source.indexOf('{', 1000)
  writeFileSync(file, `${source.slice(0, at)}(${source.slice(at + 1)}`, 'latin1')
}
