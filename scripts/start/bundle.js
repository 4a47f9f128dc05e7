// What `bin/run.js` starts: all commands that are run often as one CommonJS file, so that V8 can keep what it makes of it.
import {createHash} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import {createRequire, isBuiltin} from 'node:module'
import {join, relative} from 'node:path'
import {build} from 'esbuild'
import {builtFrom} from './built.js'
import {deferred} from './deferred.js'
import {INSTALLED, imported, isInstalled, screen, screenFile, wholeOclif, writeImport} from './imported.js'
import {checkImports, checkInputs, withoutStdout} from './relied.js'

const require = createRequire(import.meta.url)

/** Packages of the first file, for the start of a command and for help. Each of the others has a file of its own. */
const AT_START = /^(@oclif\/core|better-sqlite3|uuid|fastest-levenshtein)(\/|$)/
const FOR_HELP =
  /^(ansis|ejs|indent-string|supports-color|has-flag|widest-line|wrap-ansi|string-width|ansi-styles|strip-ansi|ansi-regex|emoji-regex|is-fullwidth-code-point|color-convert|color-name)(\/|$)/

const common = {
  bundle: true,
  metafile: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  external: INSTALLED,
  define: {'process.env.NODE_ENV': '"production"'},
  logLevel: 'warning',
  logOverride: {'require-resolve-not-external': 'silent'},
}

/** What a start of the commands that are run most, and of help, comes by. All else of src is in a second file. */
const OFTEN = [
  'cli/start.ts',
  'cli/errors.ts',
  'cli/help.ts',
  'cli/output/table.ts',
  'commands/help.ts',
  'commands/list.ts',
  'commands/log.ts',
  'commands/read.ts',
  'commands/send.ts',
  'store/sqlite/open.ts',
].map((name) => `src/${name}`)

const commandFile = (id) => `src/commands/${id.replaceAll(':', '/')}.ts`
const required = (file) => `require(${JSON.stringify(file.startsWith('src/') ? `./${file}` : file)})`

/**
 * Starts a command: each is loaded when it runs.
 * @param shared what the second file takes from this one
 */
function entry(root, shared) {
  const {commands, ...built} = builtFrom(root)
  const listed = commands.map(({id, aliases}) => {
    const load = `() => ${required(commandFile(id))}.default`
    return `{id: ${JSON.stringify(id)}, aliases: ${JSON.stringify(aliases)}, load: ${load}}`
  })
  return `const {start} = ${required('src/cli/start.ts')}
const built = {...${JSON.stringify(built)}, commands: [${listed.join(', ')}]}
exports.start = (argv, root) => start(argv, root, built)
exports.shared = {${shared.map((file) => `${JSON.stringify(file)}: () => ${required(file)}`).join(', ')}}`
}

/** oclif's base command listens to stdout when it is loaded, which makes a stream of it: leat writes without one. */
const quiet = {
  name: 'quiet',
  setup({onLoad}) {
    onLoad({filter: /@oclif[\\/]core[\\/]lib[\\/]command\.js$/, namespace: 'file'}, ({path}) => {
      return {contents: withoutStdout(readFileSync(path, 'utf8'), path)}
    })
  },
}

/** better-sqlite3 without its search for its native part, which is only made where it isn't at its usual place. */
const native = {
  name: 'native',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^bindings$/}, ({importer, namespace}) =>
      namespace === 'native' || !importer.includes('better-sqlite3')
        ? undefined
        : {path: 'bindings', namespace: 'native'},
    )
    onResolve({filter: /\.node$|^better-sqlite3\/package\.json$/}, ({path}) => ({path, external: true}))
    onLoad({filter: /.*/, namespace: 'native'}, () => ({
      contents: `module.exports = (name) => {
  try {
    return require('better-sqlite3/build/Release/better_sqlite3.node')
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    return require('./bindings.cjs')({bindings: name, module_root: require('path').dirname(require.resolve('better-sqlite3/package.json'))})
  }
}`,
    }))
  },
}

/** `debug` without what it loads, unless someone wants to see what it has to say. */
const DEBUG = `const off = () => Object.assign(() => {}, {enabled: false, extend: off, log() {}})
module.exports = process.env.DEBUG ? require('./debug.cjs') : Object.assign(off, {disable() {}, enable() {}, enabled: () => false})`

/** The file of a package beside the bundle. */
const fileOf = (name) => `./${name.replace(/^@/, '').replaceAll(/[/.]/g, '-')}.cjs`

/** Loaded when it is called: a start may need it, and it makes much when it is loaded. */
const CALLED = {
  'string-width': `let real
export default (...given) => (real ??= require('./string-width.cjs')).default(...given)`,
}

/** Puts packages into files of their own. @param found name → where it is found from */
const apart = (found) => ({
  name: 'apart',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^[@a-z]/}, ({path, kind, importer, resolveDir}) => {
      if (AT_START.test(path) || isInstalled(path) || isBuiltin(path)) return undefined
      if (FOR_HELP.test(path) && importer.includes('node_modules')) return undefined
      if (!found.has(path)) found.set(path, {kind, resolveDir})
      return {path, namespace: 'apart'}
    })
    onResolve({filter: /^\.\/[\w-]+\.cjs$/}, ({path}) => ({path, external: true}))
    onLoad({filter: /.*/, namespace: 'apart'}, async ({path}) => {
      const {kind} = found.get(path)
      if (path === 'debug') return {contents: DEBUG}
      if (kind === 'require-call') return {contents: `module.exports = require(${JSON.stringify(fileOf(path))})`}
      return {contents: CALLED[path] ?? (await asModule(path))}
    })
  },
})

/** A package as a module that has what it would have for `import`. */
async function asModule(name) {
  const real = await import(name)
  const isCommonJS = isObject(real.default) && real.default === require(name)
  const names = Object.keys(real).filter((one) => one !== 'default' && one !== 'module.exports')
  return `const real = require(${JSON.stringify(fileOf(name))})
${'default' in real ? `export default real${isCommonJS ? '' : '.default'}` : ''}
${names.map((one) => `export const ${one} = real.${one}`).join('\n')}`
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

/** Packages, each in a file of its own. */
const packageFiles = (found) => ({
  name: 'packages',
  setup({onResolve, resolve}) {
    onResolve({filter: /^package:/}, ({path}) => {
      const name = path.slice('package:'.length)
      return resolve(name, found.get(name))
    })
  },
})

/** The files that are loaded with one, those of `import()` not among them. */
function loadedWith(inputs, entries) {
  const found = new Set()
  const look = (file) => {
    if (found.has(file)) return
    found.add(file)
    for (const {path, kind, external} of inputs[file]?.imports ?? [])
      if (!external && kind !== 'dynamic-import') look(path)
  }
  entries.forEach(look)
  return found
}

/** In the first file: what is in the second is asked for there. */
const fromSecond = (root, isOften) => ({
  name: 'from-second',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^\.{1,2}\//}, ({path, resolveDir}) => {
      const file = sourceOf(root, resolveDir, path)
      return file === undefined || isOften(file) ? undefined : {path: file, namespace: 'second'}
    })
    onResolve({filter: /^\.\/rest\.cjs$/}, ({path}) => ({path, external: true}))
    onLoad({filter: /.*/, namespace: 'second'}, ({path}) => ({
      contents: `module.exports = require('./rest.cjs')(${JSON.stringify(path)})`,
    }))
  },
})

/** In the second file: what is in the first is taken from there. @param taken what is */
const fromFirst = (root, isOften, taken) => ({
  name: 'from-first',
  setup({onResolve, onLoad}) {
    const take = (file) => {
      taken.add(file)
      return {path: file, namespace: 'first'}
    }
    onResolve({filter: AT_START}, ({path, namespace}) => (namespace === 'first' ? undefined : take(path)))
    onResolve({filter: /^\.{1,2}\//}, ({path, resolveDir}) => {
      const file = sourceOf(root, resolveDir, path)
      return file !== undefined && isOften(file) ? take(file) : undefined
    })
    onLoad({filter: /.*/, namespace: 'first'}, ({path}) => ({
      contents: `module.exports = firstFile[${JSON.stringify(path)}]()`,
    }))
  },
})

/** The file of src that an import names, from the root. */
function sourceOf(root, folder, path) {
  const file = relative(root, join(folder, path)).replaceAll('\\', '/').replace(/\.js$/, '.ts')
  return file.startsWith('src/') ? file : undefined
}

/**
 * @param places esbuild plugin: `import.meta.url` stays what it is in dist
 * @returns {Promise<import('esbuild').Metafile[]>} of all that it has written
 */
export async function bundle(root, places) {
  const banner = {
    js: 'const placeInDist=(path)=>require("url").pathToFileURL(require("path").join(__dirname,"..",path)).href;let firstFile,screen;',
  }
  const found = new Map([
    ['bindings', {kind: 'require-call', resolveDir: join(root, 'node_modules/better-sqlite3/lib')}],
  ])
  const own = {
    ...common,
    banner,
    inject: [join(root, 'scripts/start/globals.js')],
    outdir: 'dist/start',
  }
  const plugins = [wholeOclif, imported, quiet, native, screen, deferred, apart(found), places]
  const stdin = (contents) => ({contents, resolveDir: root})

  const {metafile} = await build({...own, write: false, stdin: stdin(entry(root, [])), plugins})
  checkInputs(metafile.inputs, root)
  const often = loadedWith(metafile.inputs, OFTEN)
  const isOften = (file) => often.has(file)
  const imports = Object.values(metafile.inputs).flatMap(({imports}) => imports.map(({path}) => path))
  const names = [...new Set(imports)].filter((file) => /^src\/.*\.ts$/.test(file) && !isOften(file))
  const taken = new Set()
  const second = `const modules = {${names.map((file) => `${JSON.stringify(file)}: () => ${required(file)}`).join(', ')}}
module.exports = (shared) => {
  firstFile = shared
  return (name) => modules[name]()
}`
  const {metafile: rest} = await build({
    ...own,
    stdin: stdin(second),
    outfile: 'dist/start/rest.cjs',
    outdir: undefined,
    plugins: [wholeOclif, fromFirst(root, isOften, taken), ...plugins],
  })
  const {metafile: first} = await build({
    ...own,
    stdin: stdin(entry(root, [...taken])),
    outfile: 'dist/start/leat.cjs',
    outdir: undefined,
    plugins: [fromSecond(root, isOften), ...plugins],
  })
  const {metafile: packages} = await build({
    ...common,
    entryPoints: [...found.keys()].map((name) => ({in: `package:${name}`, out: fileOf(name).slice(2, -'.cjs'.length)})),
    outdir: 'dist/start',
    outExtension: {'.js': '.cjs'},
    plugins: [packageFiles(found)],
  })
  const {metafile: screened} = await build({...common, ...screenFile(root)})
  writeImport()
  for (const {outputs} of [rest, first]) checkImports(outputs)
  for (const file of ['dist/start/leat.cjs', 'dist/start/rest.cjs']) seal(file)
  return [rest, first, packages, screened]
}

/** As a function, with how long it is and what it is in front: what V8 has kept of another one is not used. */
function seal(file) {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const hash = createHash('sha256').update(source, 'latin1').digest('hex').slice(0, 32)
  writeFileSync(file, `//${hash} ${source.length}\n${source}`, 'latin1')
}
