import {chmodSync, mkdirSync, readdirSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {nearestName} from '../../src/bus/nearest.js'
import type {Diagnosis} from '../../src/cli/doctor/diagnosis.js'
import {aboutPlace, type Place} from '../../src/cli/doctor/place.js'
import {aboutEngine, aboutEnvironment, aboutLocale, aboutNode, aboutTerminal} from '../../src/cli/doctor/programs.js'
import {aboutStore} from '../../src/cli/doctor/store.js'
import type {Vitals} from '../../src/model/maintenance.js'
import {world} from './leat.js'

const levels = (found: readonly Diagnosis[]): string[] => found.map(({level}) => level)

test.each([
  ['18.20.0', 'bad'],
  ['20.18.9', 'bad'],
  ['20.19.0', 'ok'],
  ['v24.1.0', 'ok'],
  ['26.0.0', 'ok'],
  ['27.0.0', 'warn'],
])('Node %s is %s', (version, level) => expect(aboutNode(version).level).toBe(level))

test.each([
  [{version: '3.53.2'}, 'ok'],
  [{version: '3.51.3'}, 'ok'],
  [{version: '3.51.2'}, 'bad'],
  [{version: '3.9.9'}, 'bad'],
  [{error: 'was compiled against another Node'}, 'bad'],
])('SQLite %j is %s', (engine, level) => expect(aboutEngine(engine).level).toBe(level))

const PLACE: Place = {folder: '/data', files: [], uid: 1000, fileSystem: 0xef53, freeBytes: 1e12}

describe('the place', () => {
  test.each([
    [0xef53, 'ok', 'ext4'],
    [0x6969, 'bad', 'NFS'],
    [0xff534d42, 'bad', 'CIFS'],
    [0xff534d42 | 0, 'bad', 'CIFS'], // as a signed number
    [0x65735546, 'warn', 'FUSE'],
    [0x01021997, 'warn', '9p'],
    [0x01021994, 'warn', 'tmpfs'],
    [0x1234, 'ok', '0x1234'],
  ])('file system %i is %s: %s', (fileSystem, level, name) => {
    const [first] = aboutPlace({...PLACE, fileSystem})
    expect(first).toMatchObject({level, what: expect.stringContaining(name)})
  })

  test.each([
    [1e12, 'ok'],
    [50e6, 'warn'],
    [1e6, 'bad'],
  ])('%i free bytes are %s', (freeBytes, level) => expect(aboutPlace({...PLACE, freeBytes})[1]?.level).toBe(level))

  test('permissions: what others may read or write, what is somebody else’s', () => {
    const file = {path: '/data/leat.db', kind: 'store', mode: 0o600, uid: 1000, isWritable: true} as const
    const about = (change: object): string[] =>
      aboutPlace({...PLACE, files: [{...file, ...change}]})
        .slice(2)
        .map(({level, what}) => `${level} ${what}`)
    expect(about({})).toEqual(['ok the store is for its user alone'])
    expect(about({mode: 0o644})).toEqual(['warn /data/leat.db is open to others (mode 644)'])
    expect(about({uid: 7})).toEqual(['warn /data/leat.db belongs to user 7'])
    expect(about({isWritable: false})).toEqual(['warn /data/leat.db may not be written by this user'])
    expect(about({kind: 'folder', mode: 0o777})).toEqual(['warn others may write into /data/leat.db (mode 777)'])
    expect(about({kind: 'folder', mode: 0o1777})).toEqual(['ok the store is for its user alone'])
  })
})

const VITALS: Vitals = {
  isStore: true,
  version: 4,
  newestVersion: 4,
  newestTime: 1_000_000,
  journal: 'wal',
  bytes: 5000,
  logBytes: 0,
  isChecked: true,
  isReadonly: false,
  isLocked: false,
}

test.each([
  [{}, ['ok', 'ok']],
  [{isStore: false}, ['bad']],
  [{version: 5}, ['bad', 'ok', 'ok']],
  [{version: 3}, ['warn', 'ok', 'ok']],
  [{damage: 'malformed'}, ['bad', 'ok']],
  [{isReadonly: true}, ['warn', 'ok']],
  [{isLocked: true}, ['warn', 'ok']],
  [{journal: 'delete'}, ['warn', 'ok']],
  [{logBytes: 1e9}, ['warn', 'ok']],
  [{newestTime: 9_000_000}, ['ok', 'warn']], // the clock is behind
])('a store with %j is %j', (change, expected) => {
  const found = aboutStore({store: 'leat.db', vitals: {...VITALS, ...change}, now: 2_000_000})
  expect(levels(found)).toEqual(expected)
  for (const {level, fix} of found) expect(fix === undefined).toBe(level === 'ok')
})

test('a clock far ahead, no store yet, a store that can’t be opened', () => {
  expect(levels(aboutStore({store: 'leat.db', vitals: VITALS, now: 2e12}))).toEqual(['ok', 'warn'])
  expect(levels(aboutStore({store: 'leat.db', now: 0}))).toEqual(['ok'])
  expect(levels(aboutStore({store: 'leat.db', error: {message: 'no'}, now: 0}))).toEqual(['bad'])
})

test('variables, locale and terminal', () => {
  expect(aboutEnvironment({LEAT_AS: 'a', LEAT_MSG_ID: 'x', HOME: '/'}, nearestName)).toMatchObject([{level: 'ok'}])
  expect(aboutEnvironment({LEAT_STROE: 'x', LEAT_ZZZZZZZZZ: 'y'}, nearestName)).toMatchObject([
    {level: 'warn', fix: 'did you mean LEAT_STORE?'},
    {level: 'warn', fix: 'unset LEAT_ZZZZZZZZZ'},
  ])
  expect(aboutLocale({LANG: 'de_DE.UTF-8'}).level).toBe('ok')
  expect(aboutLocale({LANG: 'de_DE.UTF-8', LC_ALL: 'C'}).level).toBe('warn')
  expect(aboutLocale({}).level).toBe('warn')
  const terminal = {isTerminal: true, columns: 80, term: 'xterm'}
  expect(aboutTerminal(terminal).level).toBe('ok')
  expect(aboutTerminal({...terminal, columns: 20}).level).toBe('warn')
  expect(aboutTerminal({...terminal, term: 'dumb'}).level).toBe('warn')
  expect(aboutTerminal({...terminal, isTerminal: false}).level).toBe('ok')
})

test('through the binary: nothing is made, a line a thing', async () => {
  const {leat, dir} = world()
  const {code, lines} = await leat({env: {LANG: 'C.UTF-8'}})`doctor`
  expect(code).toBe(0)
  expect(lines().map((line) => line.split('\t')[1])).toEqual(
    expect.arrayContaining(['node', 'sqlite', 'store', 'locale']),
  )
  expect(readdirSync(dir)).toEqual([])
})

test('through the binary: warnings are exit 0, what is bad is exit 9 with the fix', async () => {
  const {leat, store} = world({defaultStore: false})
  await leat`channel create ops`
  chmodSync(store, 0o644)
  const open = await leat({env: {LEAT_STROE: 'x'}})`doctor --json`
  expect(open.code).toBe(0)
  const found = open.jsonLines()
  expect(found).toContainEqual({
    level: 'warn',
    about: 'permissions',
    what: `${store} is open to others (mode 644)`,
    fix: `chmod 600 ${store}, unless they are meant to`,
  })
  expect(found).toContainEqual(expect.objectContaining({about: 'environment', fix: 'did you mean LEAT_STORE?'}))
  truncateSync(store, 4096)
  const damaged = await leat`doctor --json`
  expect(damaged.code).toBe(9)
  expect(damaged.error()).toMatchObject({code: 'STORAGE', hint: expect.stringContaining('leat store check')})
})

test.each([
  ['[]', 'it is not a JSON object'],
  ['{"store": ', 'is not JSON'],
  ['{"prompts": "maybe"}', 'maybe'],
  ['{"context": "gone"}', 'gone'],
])('through the binary: the configuration %s is bad, and everything else is looked at', async (content, what) => {
  const {leat, dir} = world()
  mkdirSync(join(dir, '.config', 'leat'), {recursive: true})
  writeFileSync(join(dir, '.config', 'leat', 'config.json'), content)
  const found = await leat`doctor --json`
  expect(found.code).toBe(9)
  expect(found.jsonLines()).toContainEqual(
    expect.objectContaining({level: 'bad', about: 'configuration', what: expect.stringContaining(what)}),
  )
  expect(found.jsonLines()).toContainEqual(expect.objectContaining({level: 'ok', about: 'node'}))
})

test('through the binary: without its native part leat says so, and the doctor runs', async () => {
  const {leat} = world({defaultStore: false})
  await leat`channel create ops`
  const broken =
    'process.dlopen=()=>{throw(Object.assign(new(Error)("built-for-another-Node"),{"code":"ERR_DLOPEN_FAILED"}))}'
  const env = {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(broken)}`}
  const examined = await leat({env})`doctor --json`
  expect(examined.code).toBe(9)
  expect(examined.jsonLines()).toContainEqual(
    expect.objectContaining({
      level: 'bad',
      about: 'sqlite',
      what: "better-sqlite3 can't be loaded: built-for-another-Node",
    }),
  )
  expect(await leat({env})`log`).toMatchObject({code: 9, stderr: expect.stringContaining('npm rebuild better-sqlite3')})
})
