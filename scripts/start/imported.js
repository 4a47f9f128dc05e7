// What isn't in the two files that V8's work is kept of: packages that are loaded from where they are installed, and modules
// that can only be imported.
import {writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'

const require = createRequire(import.meta.url)

/** Packages that are loaded from where they are installed: they find their own files, or are never needed. */
export const INSTALLED = [
  ...['fastify', '@fastify/*', 'ws', 'undici', 'nodemailer', 'standardwebhooks', 'ipaddr.js'],
  ...['typescript', 'ts-node', 'tsx'],
]

export const isInstalled = (name) =>
  INSTALLED.some((one) => (one.endsWith('/*') ? name.startsWith(one.slice(0, -1)) : name === one))

/** What draws the screen of `inspect`: modules that wait while they are loaded, which no CommonJS file can. */
const SCREEN = ['ink', 'react', 'react/jsx-runtime']
const SCREEN_FILE = './screen.mjs'

/**
 * What is imported while leat runs, and isn't in these files: V8 forgets who imports for a script whose work it has kept
 * (Node 20), so a file that Node itself has loaded does it. esbuild makes a module of it that is there at once; that one
 * is a promise of the real one to whoever awaits it.
 */
export const imported = {
  name: 'imported',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^\.\/import\.cjs$/}, ({path}) => ({path, external: true}))
    onResolve({filter: /^[@a-z]/}, ({path, kind}) =>
      kind === 'dynamic-import' && isInstalled(path) ? {path, namespace: 'imported'} : undefined,
    )
    onLoad({filter: /.*/, namespace: 'imported'}, ({path}) => ({contents: promiseOf(path, '(real) => real')}))
  },
}

const promiseOf = (path, then) =>
  `exports.then = (given, failed) => require('./import.cjs')(${JSON.stringify(path)}).then(${then}).then(given, failed)`

/** The screen of `inspect`, and first the libraries that draw it, from a module of their own. */
export const screen = {
  name: 'screen',
  setup({onResolve, onLoad, resolve}) {
    const inspect = /[\\/]tui[\\/]inspect[\\/]inspect\.ts$/
    onResolve({filter: /\/inspect\/inspect\.js$/}, async ({path, kind, resolveDir, importer, pluginData}) => {
      if (kind !== 'dynamic-import' || pluginData === 'real') return undefined
      const {path: real} = await resolve(path, {kind, resolveDir, importer, pluginData: 'real'})
      return inspect.test(real) ? {path: real, namespace: 'screened'} : undefined
    })
    onLoad({filter: /.*/, namespace: 'screened'}, ({path}) => ({
      contents: promiseOf(SCREEN_FILE, `(libraries) => ((screen = libraries), require(${JSON.stringify(path)}))`),
      resolveDir: '/',
    }))
    onResolve({filter: /^(ink|react)(\/|$)/}, ({path}) => {
      if (!SCREEN.includes(path)) throw new Error(`${path} is not in ${SCREEN_FILE}: see scripts/start`)
      return {path, namespace: 'screen'}
    })
    onLoad({filter: /.*/, namespace: 'screen'}, ({path}) => ({
      contents: `module.exports = screen[${JSON.stringify(path)}]`,
    }))
  },
}

/** Plug-ins are loaded by oclif as it is installed: it imports them, and shares nothing with what runs a command. */
export const wholeOclif = {
  name: 'whole-oclif',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^@oclif\/core$/}, ({importer, namespace}) => {
      if (namespace === 'whole-oclif') return {path: '@oclif/core', external: true}
      return /[\\/]src[\\/]cli[\\/]plugins\.ts$/.test(importer)
        ? {path: '@oclif/core', namespace: 'whole-oclif'}
        : undefined
    })
    onLoad({filter: /.*/, namespace: 'whole-oclif'}, () => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(require('@oclif/core')))})
  Object.defineProperty(exports, name, {enumerable: true, get: () => require('@oclif/core')[name]})`,
    }))
  },
}

/** ink would load it for its own developers. */
const noDevelopers = {
  name: 'no-developers',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^react-devtools-core$/}, ({path}) => ({path, namespace: 'none'}))
    onLoad({filter: /.*/, namespace: 'none'}, () => ({contents: 'export default {}'}))
  },
}

/** Writes what imports for the two files. */
export const writeImport = () => writeFileSync('dist/start/import.cjs', 'module.exports = (name) => import(name)\n')

/** The build of the module with what draws the screen. */
export const screenFile = (root) => ({
  format: 'esm',
  plugins: [noDevelopers],
  banner: {js: "import {createRequire} from 'node:module'; const require = createRequire(import.meta.url);"},
  stdin: {
    contents: SCREEN.map((name) => `export * as ${JSON.stringify(name)} from ${JSON.stringify(name)}`).join('\n'),
    resolveDir: root,
  },
  outfile: join('dist/start', SCREEN_FILE),
})
