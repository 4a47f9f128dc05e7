/** The short form: SQLite's native part is taken from here instead of being compiled. */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {isPermissive} from './supply/lockfile.js'
import {faultsOfPackage, pack, unpack} from './supply/package.js'
import {dependencies, installed, packed, ROOT} from './supply-chain.js'

const room = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'leat-supply-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

test('each dependency is one that may be used, comes from the registry, and has a hash', () => {
  expect(Number(dependencies()['packages'])).toBeGreaterThan(100)
})

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['Apache-2.0 AND MIT', true],
  ['MIT AND GPL-3.0', false],
  ['GPL-3.0-only', false],
  ['none', false],
])('a license %s: permissive %s', (license, is) => {
  expect(isPermissive(license)).toBe(is)
})

test('the package has only what runs, and leat runs from it, from a read-only folder too', {
  timeout: 300_000,
}, async () => {
  const folder = room()
  const {tarball} = await packed(folder)
  const figures = await installed(folder, tarball, {native: ROOT})
  expect(figures['commands']).toBeGreaterThan(15)
  expect(figures['keptForAStranger']).toBeGreaterThan(0)
})

test('what has no place in the package is seen', async () => {
  const folder = await unpack(await pack(ROOT, room()))
  writeFileSync(join(folder, 'dist/start/leat.cjs-x.cache'), '')
  writeFileSync(join(folder, 'dist/chunks/nobody-ABCDEFGH.js'), `// ${ROOT}src/nobody.ts\n`)
  expect(faultsOfPackage(folder, ROOT)).toEqual([
    'dist/start/leat.cjs-x.cache is no part of it',
    `dist/chunks/nobody-ABCDEFGH.js has ${ROOT.replace(/\/$/, '')} in it`,
    'nothing uses dist/chunks/nobody-ABCDEFGH.js',
    'nothing uses dist/start/leat.cjs-x.cache',
  ])
})
