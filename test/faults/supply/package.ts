/** What `npm pack` puts into the package: only what runs, and what a person reads about it. */
import {readdirSync, readFileSync, statSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {basename, dirname, join, posix} from 'node:path'
import {run} from './running.js'

export interface Packed {
  /** The tarball. */
  file: string
  /** Of what is in it. */
  paths: string[]
  /** Bytes of it, and of what is in it. */
  size: number
  unpackedSize: number
}

/** Packs what is built in `root`. @param folder where the tarball goes */
export async function pack(root: string, folder: string): Promise<Packed> {
  const {stdout} = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {cwd: root})
  const [packed] = JSON.parse(stdout) as {
    filename: string
    size: number
    unpackedSize: number
    files: {path: string}[]
  }[]
  if (!packed) throw new Error('npm pack has packed nothing')
  const {filename, size, unpackedSize, files} = packed
  return {file: join(folder, filename), paths: files.map(({path}) => path), size, unpackedSize}
}

/** Unpacks it. @returns the folder of the package */
export async function unpack({file}: Packed): Promise<string> {
  await run('tar', ['-xzf', file], {cwd: dirname(file)})
  return join(dirname(file), 'package')
}

/** All that may be in it. */
const ALLOWED = [
  /^(CHANGELOG|README)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
  /^oclif\.manifest\.json$/,
  /^bin\/(keep\.js|run\.js|package\.json)$/,
  /^docs\/(commands\/)?[\w-]+\.md$/,
  /^docs\/demo\.svg$/,
  /^dist\/LICENSES\.txt$/,
  /^dist\/(index|cli\/main|cli\/bench\/child)\.js$/,
  /^dist\/chunks\/[\w-]+-[A-Z0-9]{8}\.js$/,
  /^dist\/commands\/([a-z-]+\/)?[a-z-]+\.js$/,
  /^dist\/start\/[a-z0-9-]+\.cjs$/,
  /^dist\/start\/screen\.mjs$/,
  /^dist\/store\/sqlite\/migrations\/\d{3}-[\w-]+\.sql$/,
  /^dist\/[\w/-]+\.d\.ts$/,
]

/** Bytes. */
const MOST = {size: 2_500_000, unpackedSize: 9_000_000}

/** What nobody else should see or could use: places of the machine that built it, of what it came from, secrets, maps. */
const NOT_INSIDE = (root: string): readonly (string | RegExp)[] => [
  ...[root.replace(/\/$/, ''), `${homedir()}/`, join(tmpdir(), 'leat-')],
  /registry\.[\w.-]*npm|_authToken/,
  /sourceMappingURL=/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
]

/** What is wrong with a package, a line each. @param folder with all of it @param root what it was made from */
export function faultsOfPackage(folder: string, root: string): string[] {
  const paths = filesOf(folder)
  const inside = NOT_INSIDE(root)
  const text = (path: string) => readFileSync(join(folder, path), 'latin1')
  return [
    ...paths.filter((path) => !ALLOWED.some((allowed) => allowed.test(path))).map((path) => `${path} is no part of it`),
    ...paths.flatMap((path) =>
      inside
        .filter((what) => (typeof what === 'string' ? text(path).includes(what) : what.test(text(path))))
        .map((what) => `${path} has ${what} in it`),
    ),
    ...unused(paths, text).map((path) => `nothing uses ${path}`),
  ]
}

export const faultsOfSize = ({size, unpackedSize}: Packed): string[] =>
  Object.entries({size, unpackedSize}).flatMap(([name, bytes]) =>
    bytes > MOST[name as keyof typeof MOST] ? [`${name}: ${bytes} bytes`] : [],
  )

/** Files of dist that no other one names. */
function unused(paths: readonly string[], text: (path: string) => string): string[] {
  const commands: Record<string, unknown> = JSON.parse(text('oclif.manifest.json')).commands
  const typed = reachedTypes(text, new Set(paths))
  const code = paths.filter((path) => /\.(js|cjs|mjs)$/.test(path)).map((path) => [path, text(path)] as const)
  const isNamed = (path: string) => code.some(([other, source]) => other !== path && source.includes(basename(path)))
  return paths.filter((path) => {
    if (path.endsWith('.d.ts')) return !typed.has(path)
    const command = /^dist\/commands\/(.*)\.js$/.exec(path)?.[1]
    if (command !== undefined) return !Object.hasOwn(commands, command.replaceAll('/', ':'))
    return /^dist\/(chunks|start|cli)\//.test(path) && !isNamed(path)
  })
}

/** The types that those of the library name, theirs, and so on. */
function reachedTypes(text: (path: string) => string, paths: ReadonlySet<string>): Set<string> {
  const reached = new Set<string>()
  const look = (path: string): void => {
    if (reached.has(path)) return
    if (!paths.has(path)) throw new Error(`the types name ${path}, which isn't there`)
    reached.add(path)
    for (const [, from = ''] of text(path).matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g))
      look(posix.join(posix.dirname(path), from).replace(/\.js$/, '.d.ts'))
  }
  look('dist/index.d.ts')
  return reached
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile())
