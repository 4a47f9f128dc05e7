/** The licenses of the packages in dist go along with it. */
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, onTestFinished, test} from 'vitest'
// @ts-expect-error scripts of the build, without types
import {licensesText, noticesOf} from '../../scripts/licenses.js'
// @ts-expect-error scripts of the build, without types
import {isInstalled} from '../../scripts/start/imported.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readJson = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))

/** What dist/LICENSES.txt says of each package: its first lines, and the text behind them. */
const written = () =>
  readFileSync(join(ROOT, 'dist/LICENSES.txt'), 'utf8')
    .split(/^-{100}\n/m)
    .slice(1)
    .map((part) => {
      const [head = '', ...text] = part.split('\n\n')
      const [, name, version, license] = /^(\S+) (\S+), (.+)$/m.exec(head) ?? []
      return {name, version, license, head, text: text.join('\n\n')}
    })

test('every dependency that is bundled is there, as it is installed', () => {
  const bundled = Object.keys(readJson('package.json').dependencies).filter((name) => !isInstalled(name))
  const {packages} = readJson('package-lock.json')
  const known = new Set(written().map(({name, version}) => `${name} ${version}`))
  for (const name of bundled) expect(known).toContain(`${name} ${packages[`node_modules/${name}`].version}`)
  expect(known.size).toBeGreaterThan(bundled.length)
})

test('each has a license and its text, and what MPL asks for', () => {
  const all = written()
  for (const {name, license, text} of all) {
    expect(license, name).toMatch(/^[\w.() -]+$/)
    expect(text.length, name).toBeGreaterThan(400)
    expect(text, name).toMatch(/permi|grant/i)
  }
  const mpl = all.filter(({license}) => license?.startsWith('MPL'))
  expect(mpl.map(({name}) => name)).toContain('@jmespath-community/jmespath')
  for (const {name, version, head} of mpl)
    expect(head).toMatch(new RegExp(`^https://\\S+\nIts source as it was bundled: npm pack ${name}@${version}$`, 'm'))
})

/** A folder with packages. */
function installed(files: Record<string, string | object>): string {
  const root = mkdtempSync(join(tmpdir(), 'leat-licenses-'))
  onTestFinished(() => rmSync(root, {recursive: true, force: true}))
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), {recursive: true})
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

/** What esbuild says of an output with bytes of these files. */
const metafile = (bytes: Record<string, number>) => ({
  outputs: {
    'dist/one.js': {
      inputs: Object.fromEntries(Object.entries(bytes).map(([file, bytesInOutput]) => [file, {bytesInOutput}])),
    },
  },
})

test('whatever has bytes in an output is told of, once, and nothing else', () => {
  const root = installed({
    'node_modules/b/package.json': {name: 'b', version: '1.0.0', license: 'MIT', repository: 'someone/b'},
    'node_modules/b/LICENSE.md': 'b may be used',
    'node_modules/b/node_modules/@a/c/package.json': {
      ...{name: '@a/c', version: '2.0.0', license: 'MPL-2.0'},
      repository: {url: 'git+https://github.com/a/c.git'},
    },
    'node_modules/b/node_modules/@a/c/licence': 'c may be used\n',
    'node_modules/b/node_modules/@a/c/NOTICE': 'c is made by a\n',
    'node_modules/unused/package.json': {name: 'unused', version: '1.0.0'},
  })
  const notices = noticesOf(
    [
      metafile({'node_modules/b/index.js': 1, 'src/index.ts': 1, 'node_modules/unused/index.js': 0}),
      metafile({[`deferred:${root}/node_modules/b/node_modules/@a/c/lib/index.js`]: 1, 'apart:b/more': 1}),
      metafile({'node_modules/b/more.js': 1}),
    ],
    root,
  )
  expect(
    licensesText(notices)
      .split(`${'-'.repeat(100)}\n`)
      .slice(1),
  ).toEqual([
    '@a/c 2.0.0, MPL-2.0\nhttps://github.com/a/c\nIts source as it was bundled: npm pack @a/c@2.0.0\n\nc is made by a\n\nc may be used\n\n',
    'b 1.0.0, MIT\nhttps://github.com/someone/b\n\nb may be used\n',
  ])
})

test.each<[string, Record<string, string | object>]>([
  ['no text', {'node_modules/b/package.json': {name: 'b', version: '1.0.0', license: 'MIT'}}],
  ['an empty text', {'node_modules/b/package.json': {name: 'b', license: 'MIT'}, 'node_modules/b/LICENSE': '\n'}],
  ['no license', {'node_modules/b/package.json': {name: 'b'}, 'node_modules/b/LICENSE': 'b may be used'}],
])('a package with %s stops the build', (_, files) => {
  expect(() => noticesOf([metafile({'node_modules/b/index.js': 1})], installed(files))).toThrow(/^b .*licenses\.js$/)
})
