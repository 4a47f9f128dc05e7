// Modules that are loaded when something of them is first used: each stands in the bundle as one whose exports are getters,
// with the names that the real one has while it is built.
import {createRequire, isBuiltin} from 'node:module'
import {dirname, sep} from 'node:path'
import {fileURLToPath} from 'node:url'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builtins that every Node process has loaded before its first line. */
const AT_HAND = new Set(['buffer', 'events', 'fs', 'path', 'process', 'timers', 'url', 'util'])

const bareName = (path) => path.replace(/^node:/, '')

const LIBRARY = dirname(require.resolve('@oclif/core'))
const inLibrary = (path) => path.startsWith(LIBRARY + sep)

/**
 * Source of a module that stands for another one. A proxy, because a hundred getters take a millisecond to make.
 * @param names what it exports, so that going through them loads nothing
 */
const standIn = (target, names, isESM) => `
let real
const load = () => (real ??= require(${JSON.stringify(target)}))
module.exports = new Proxy({}, {
  get: (_, name) => (name === '__esModule' ? ${isESM} : load()[name]),
  has: (_, name) => name in load(),
  ownKeys: () => ${JSON.stringify(names)},
  getOwnPropertyDescriptor: (_, name) =>
    ${JSON.stringify(names)}.includes(name) ? {configurable: true, enumerable: true, get: () => load()[name]} : undefined,
})`

/**
 * The whole of @oclif/core, without loading all of it, which also looks at the version of Node: each name from the module
 * behind one of the package's own paths that exports the same thing.
 */
function wholeLibrary() {
  const whole = require('@oclif/core')
  const paths = Object.keys(require('@oclif/core/package.json').exports)
    .filter((path) => path !== '.' && !path.endsWith('.json'))
    .map((path) => path.replace(/^\./, '@oclif/core'))
  const getters = Object.keys(whole)
    .filter((name) => name !== '__esModule')
    .map((name) => {
      const itself = paths.find((path) => require(path) === whole[name])
      if (itself !== undefined) return `get ${name}() { return require(${JSON.stringify(itself)}) }`
      const home = paths.find((path) => require(path)[name] === whole[name] && whole[name] !== undefined)
      // What has no path of its own is no part of the start.
      return `get ${name}() { return require(${JSON.stringify(home ?? require.resolve('@oclif/core'))}).${name} }`
    })
  return `module.exports = {__proto__: null, ${getters.join(', ')}}
Object.defineProperty(module.exports, '__esModule', {value: true})`
}

/** Builtins, and the modules in @oclif/core as well as the whole of it. */
export const deferred = {
  name: 'deferred',
  setup({onResolve, onLoad, resolve}) {
    onResolve({filter: /./}, async ({path, importer, namespace, kind, resolveDir, pluginData}) => {
      if (pluginData === 'real' || namespace === 'deferred' || kind === 'entry-point') return undefined
      if (isBuiltin(path))
        return AT_HAND.has(bareName(path)) ? undefined : {path: `node:${bareName(path)}`, namespace: 'deferred'}
      if (kind === 'require-call' && !inLibrary(importer)) return undefined
      if (path !== '@oclif/core' && !inLibrary(importer)) return undefined
      if (path.endsWith('.json')) return undefined
      const found = await resolve(path, {kind, resolveDir, importer, pluginData: 'real'})
      return inLibrary(found.path) ? {path: found.path, namespace: 'deferred'} : undefined
    })
    onLoad({filter: /.*/, namespace: 'deferred'}, ({path}) => {
      if (path === require.resolve('@oclif/core')) return {contents: wholeLibrary(), resolveDir: root}
      const real = require(path)
      // What exports one function, or a class, is as it is.
      if (typeof real !== 'object')
        return {contents: `module.exports = require(${JSON.stringify(path)})`, resolveDir: root}
      const names = Object.keys(real).filter((name) => name !== '__esModule')
      return {contents: standIn(path, names, Boolean(real.__esModule)), resolveDir: root}
    })
  },
}
