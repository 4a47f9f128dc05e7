/** What leat makes is its user's alone, whatever the mask of modes says, from the first moment on. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {lstatSync, mkdirSync, readdirSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {inFolder} from './folder.js'
import {hasStrace} from './power-cut/trace.js'
import {type Around, BIN, environment, leat} from './program.js'

/** Everything below HOME that has bits for others: a name and its mode. */
function open(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    const path = join(folder, entry.name)
    const found = lstatSync(path, {throwIfNoEntry: false})
    const mine =
      found && !found.isSymbolicLink() && (found.mode & 0o077) !== 0
        ? [`${path} ${(found.mode & 0o777).toString(8)}`]
        : []
    return entry.isDirectory() ? [...mine, ...open(path)] : mine
  })
}

/** What makes files, in an order in which each finds what it needs. */
const LINES: readonly string[] = [
  'channel create ops',
  'send ops hi',
  'follow ops --from start --count 1',
  'search hi',
  'export --output out.jsonl',
  'show ops/1 --raw --output log.txt',
  'store backup backup.db',
  'import out.jsonl --store copy.db',
  'store restore backup.db --store anew.db --yes',
  'store compact',
  'config set actor alice',
  'context add here --store ./x.db',
  'token create --for bob',
  'list',
]

/** Files and folders of a trace that were made so that others could open them, be it for a moment. */
function madeOpen(trace: string, home: string, before: readonly string[]): string[] {
  const there = new Set(before)
  return trace.split('\n').filter((line) => {
    const [, name, flags, mode] = MAKING.exec(line) ?? []
    const path = resolve(home, name ?? '.')
    if (!path.startsWith(`${home}/`) || (flags !== undefined && !flags.includes('O_CREAT')) || there.has(path))
      return false
    there.add(path)
    return (Number.parseInt(mode!, 8) & 0o077) !== 0
  })
}
// openat(AT_FDCWD, "…", O_RDWR|O_CREAT, 0600) = 22; mkdir("…", 0700) = 0. What failed made nothing.
const MAKING = /(?:open|openat|creat|mkdir|mkdirat)\((?:AT_FDCWD, )?"([^"]+)", (?:([A-Z_|]+), )?(0\d+)\) += \d/

/**
 * Under each mask: all that is there afterwards, and what `serve` has while it runs (socket, bell, log), is 0600 or 0700. Under
 * the mask that takes nothing away each command is traced too: nothing was open to others even for a moment.
 */
export const modes = (masks: readonly number[]) =>
  inFolder(async (folder) => {
    const figures = {masks: masks.length, files: 0, commands: LINES.length + 1, traced: 0, openToOthers: 0}
    for (const umask of masks) {
      const home = join(folder, `umask-${umask.toString(8)}`)
      mkdirSync(home, {mode: 0o700})
      const store = join(home, 'data', 'leat', 'leat.db')
      const around: Around = {home, store, env: {LEAT_STORE: '', XDG_DATA_HOME: join(home, 'data')}, umask}
      for (const line of LINES) {
        const trace = join(folder, 'trace')
        const isTraced = umask === 0 && hasStrace
        const under = isTraced ? ['strace', '-f', '-o', trace, '-e', 'trace=openat,open,creat,mkdir,mkdirat'] : []
        const before = readdirSync(home, {recursive: true}).map((name) => join(home, String(name)))
        const {code, stderr} = await leat({...around, under}, ...line.split(' '))
        assert.equal(code, 0, `${line}: ${stderr}`)
        if (isTraced) {
          assert.deepEqual(madeOpen(readFileSync(trace, 'utf8'), home, before), [], line)
          figures.traced++
        }
        assert.deepEqual(open(home), [], `${line} under ${umask.toString(8)}`)
      }
      await whileServing(around, home)
      figures.files += readdirSync(home, {recursive: true}).length
    }
    return figures
  })

async function whileServing(around: Around, home: string): Promise<void> {
  const words = ['-c', `umask ${around.umask!.toString(8)}; exec "$@"`, 'sh', process.execPath, BIN]
  const serving = spawn('sh', [...words, 'serve', '--port', '0', '--socket', join(home, 'leat.sock')], {
    cwd: home,
    env: environment(around),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [serving.stdout, serving.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk))
  while (!said.includes('ready')) {
    await Promise.race([once(serving.stdout, 'data'), once(serving.stderr, 'data'), once(serving, 'close')])
    assert.equal(serving.exitCode, null, said)
  }
  assert.ok(readdirSync(home).includes('leat.sock'))
  assert.deepEqual(open(home), [], 'while it serves')
  serving.kill('SIGTERM')
  await once(serving, 'close')
}
