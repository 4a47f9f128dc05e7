// What the build relies on in the inside of packages. Where that has changed the build stops, and says what has to be looked at.
import {readFileSync} from 'node:fs'
import {join} from 'node:path'

/** Where oclif listens to stdout while it is loaded (`quiet` in bundle.js). */
const LISTENER = '/@oclif/core/lib/command.js'

/** The global `performance` is `globals.js`, which only knows the time. */
const MORE_THAN_TIME = /(?<![.\w$])performance\.(?!now\b)\w+/

/**
 * @param inputs esbuild's, of the first file and all that it may load
 * @param read the source of one
 * @throws a package is not as it was
 */
export function checkInputs(inputs, root, read = (file) => readFileSync(join(root, file), 'utf8')) {
  const stop = (what) => {
    throw new Error(`${what}: see scripts/start`)
  }
  if (!('native:bindings' in inputs)) stop('better-sqlite3 has another way to its native part than bindings')
  if (!Object.keys(inputs).some((file) => file.endsWith(LISTENER)))
    stop(`oclif has its base command elsewhere than in ${LISTENER}`)
  for (const file of Object.keys(inputs)) {
    if (file.includes(':') || !/(^|\/)(node_modules|src)\/.*\.(js|cjs|mjs|ts|tsx)$/.test(file)) continue
    const [used] = MORE_THAN_TIME.exec(read(file)) ?? []
    if (used !== undefined) stop(`${file} uses ${used}, and the global of the bundle has only now()`)
  }
}

/** oclif's base command, so that it doesn't make a stream of stdout. @throws it does something else with it */
export function withoutStdout(source, path) {
  if (source.split('process.stdout').length !== 2)
    throw new Error(`${path} does something else with process.stdout than to listen for errors: see scripts/start`)
  return `const process = Object.create(globalThis.process, {stdout: {value: {on() {}}}})\n${source}`
}

/** @param outputs esbuild's, of a file whose work V8 keeps @throws something is imported by it (imported.js says why) */
export function checkImports(outputs) {
  const left = Object.values(outputs).flatMap(({imports}) => imports.filter(({kind}) => kind === 'dynamic-import'))
  if (left.length > 0) throw new Error(`import() of ${left.map(({path}) => path).join(', ')}: see scripts/start`)
}
