// src → dist: each entry as a module with what several share in chunks beside them, the packages bundled in; their types;
// the SQL that is read at run time; the licenses of the packages. Loading a few large files instead of some three hundred
// small ones takes a third off every start. The source stays what oclif expects: `npm run dev` runs it as it is.
import {spawnSync} from 'node:child_process'
import {cpSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {licensesText, noticesOf} from './licenses.js'
import {bundle} from './start/bundle.js'
import {warm} from './start/warm.js'
import {keepReachedTypes} from './types.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const migrations = 'store/sqlite/migrations'

process.chdir(root)
rmSync('dist', {recursive: true, force: true})

const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const {status} = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {stdio: 'inherit'})
if (status !== 0) process.exit(status ?? 1)
keepReachedTypes('dist')

const commands = readdirSync('src/commands', {recursive: true, encoding: 'utf8'})
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src/commands', name))

/** In a chunk `import.meta.url` would be the chunk's: it stays the place that the file has in dist. */
const places = {
  name: 'places',
  setup({onLoad}) {
    onLoad({filter: /[\\/]src[\\/].*\.ts$/}, ({path}) => {
      const source = readFileSync(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      const place = path.slice(join(root, 'src/').length).replaceAll('\\', '/').replace(/\.ts$/, '.js')
      return {contents: source.replaceAll('import.meta.url', `placeInDist(${JSON.stringify(place)})`), loader: 'ts'}
    })
  },
}

/**
 * What is loaded while a command runs finds the bus loaded. esbuild doesn't know, and would split what both need into a chunk
 * for each combination of who needs it, which every start pays for: so that is said here, as imports that cost nothing then.
 */
const later = {
  name: 'later',
  setup({onLoad}) {
    const there = ['bus/bus', 'bus/ids', 'store/open'].map(
      (name) => `import ${JSON.stringify(join(root, 'src', `${name}.ts`))}`,
    )
    const finding = (names, found) =>
      onLoad({filter: new RegExp(`[\\\\/]src[\\\\/](${names.replaceAll('/', '[\\\\/]')})\\.ts$`)}, ({path}) => ({
        contents: [readFileSync(path, 'utf8'), ...found].join('\n'),
        loader: 'ts',
      }))
    finding(
      'bus/on-demand|bus/nearest|server/serve|store/sqlite/open|transport/open|transport/http|tui/inspect/inspect',
      there,
    )
    // What asks a person is loaded by a command, which has all that commands share.
    finding('cli/asking/fill|cli/asking/inquire|cli/asking/missing', [
      ...there,
      `import ${JSON.stringify(join(root, 'src/cli/base.ts'))}`,
    ])
    finding('store/sqlite/maintenance/maintenance', [
      ...there,
      `import ${JSON.stringify(join(root, 'src/store/sqlite/open.ts'))}`,
    ])
  },
}

// Packages that are CommonJS ask for `require`.
const banner = `import {createRequire as requireFrom} from 'node:module'
const require = requireFrom(import.meta.url)
const placeInDist = (path) => new URL(path, import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6)).href`

const {metafile} = await build({
  entryPoints: ['src/cli/main.ts', 'src/cli/bench/child.ts', 'src/index.ts', ...commands],
  outbase: 'src',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  metafile: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Names stay, for whoever reads a stack.
  minifyWhitespace: true,
  minifySyntax: true,
  banner: {js: banner},
  plugins: [later, places],
  external: [
    'better-sqlite3', // finds its native part by its own place
    // What only `serve` and `deliver` load, when they need it: it finds its own workers and files (pino), and is large.
    ...['fastify', '@fastify/*', 'ws', 'undici', 'nodemailer', 'standardwebhooks', 'ipaddr.js'],
    ...['typescript', 'ts-node', 'tsx'], // run TypeScript, which an installed leat never does
    'react-devtools-core', // ink would load it for its own developers
  ],
  // React is two packages in one: this is the one that doesn't watch itself.
  define: {'process.env.NODE_ENV': '"production"'},
  logLevel: 'warning',
  logOverride: {'require-resolve-not-external': 'silent'}, // oclif looks for a TypeScript that may be there
})

const started = await bundle(root, places)
writeFileSync('dist/LICENSES.txt', licensesText(noticesOf([metafile, ...started], root)))

cpSync(`src/${migrations}`, `dist/${migrations}`, {recursive: true})
warm(root)
