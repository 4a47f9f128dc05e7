/** What a start loads: what only serve, deliver and transport need must not slow down the others. */
import {execFileSync} from 'node:child_process'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START = join(ROOT, 'dist/start')

/** What a process has loaded: Node's own modules that one without a program hasn't, and files; sorted. */
async function loadedBy(...words: string[]): Promise<{builtins: string[]; files: string[]}> {
  const {dir, env, leat} = world()
  await leat`send ops hi --create`
  await leat`read ops`
  const out = join(dir, 'loaded.json')
  const look = join(dir, 'look.cjs')
  writeFileSync(
    look,
    `const {_load} = module.constructor, files = []
const before = new Set([...process.moduleLoadList, 'NativeModule vm'])
module.constructor._load = (name, ...rest) => (/\\.cjs$|^[@a-z].*\\//.test(name) && !name.startsWith('node:') && files.push(name), _load(name, ...rest))
process.on('exit', () => {
  const builtins = process.moduleLoadList.filter((name) => /^NativeModule (?!internal)/.test(name) && !before.has(name))
  require('fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify({builtins: builtins.map((name) => name.slice(13)), files}))
})`,
  )
  // What the options of Node load before the first line is no part of a start: so this is required, not a loader.
  execFileSync(
    process.execPath,
    [
      '-e',
      `require(${JSON.stringify(look)}); process.execArgv.length = 0; process.argv.splice(1, 0, ${JSON.stringify(BIN)}); require(${JSON.stringify(BIN)})`,
      '--',
      ...words,
    ],
    {
      env: {...env, LEAT_AS: 'alice'},
      stdio: 'ignore',
    },
  )
  const {builtins, files} = JSON.parse(readFileSync(out, 'utf8'))
  return {builtins: builtins.sort(), files: [...new Set<string>(files)].sort()}
}

// Each of these takes a millisecond or more of a process that takes forty.
test.each([['send ops hi'], ['read ops'], ['list'], ['log ops --last 10']])(
  '%s loads no module of Node that a bare process has not, and only the one file and SQLite',
  async (line) => {
    const {builtins, files} = await loadedBy(...line.split(' '))
    expect(builtins).toEqual([])
    expect(files).toEqual(['better-sqlite3/build/Release/better_sqlite3.node'])
  },
)

test('help and an answer at a TAB load no package either', async () => {
  expect((await loadedBy('ack', '--help')).files).toEqual([])
  expect((await loadedBy('--complete', 'zsh', 'leat', 'read', '')).files).toEqual([
    'better-sqlite3/build/Release/better_sqlite3.node',
  ])
})

/** Of what is loaded on demand, texts that stay in the build. */
const RARE = ['no such delivery', 'commandline -opc', 'leat transport add', 'is sent again', 'listening']

test('the first file has nothing of what is rare', () => {
  const [often, rest] = ['leat.cjs', 'rest.cjs'].map((name) => readFileSync(join(START, name), 'latin1'))
  expect(RARE.filter((text) => often?.includes(text))).toEqual([])
  expect(often).toContain('INSERT INTO messages')
  expect(rest).not.toContain('INSERT INTO messages')
})
