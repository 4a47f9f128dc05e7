/** leat as its users get it: from the tarball, into a folder of its own, and what it does there. */
import {chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {run} from './running.js'

const QUIET = ['--no-audit', '--no-fund', '--prefer-offline']
const NATIVE = 'node_modules/better-sqlite3'

export interface Installed {
  /** Given to npm as `--prefix`. */
  prefix: string
  /** The folder of the package. */
  root: string
  /** The Node that runs it. */
  node: string
  /** With `leat` and this Node in front. */
  env: Record<string, string>
}

/**
 * Installs a tarball globally, in a prefix below `room`.
 * @param native where SQLite's compiled part is taken from (a project with the same better-sqlite3); absent: it is compiled
 */
export async function installGlobally(
  tarball: string,
  room: string,
  {native, node = process.execPath}: {native?: string; node?: string} = {},
): Promise<Installed> {
  const prefix = mkdtempSync(join(room, 'prefix-'))
  const home = join(prefix, 'home')
  mkdirSync(home)
  const path = [join(prefix, 'bin'), dirname(node), process.env['PATH']].join(':')
  // Headers of this Node, where it has brought its own.
  const headers = existsSync(join(dirname(node), '../include/node/node.h'))
    ? {npm_config_nodedir: join(dirname(node), '..')}
    : {}
  const around = {...process.env, PATH: path, ...headers}
  const scripts = native === undefined ? [] : ['--ignore-scripts']
  await run('npm', ['install', '-g', '--prefix', prefix, ...scripts, ...QUIET, tarball], {cwd: room, env: around})
  const root = join(prefix, 'lib/node_modules/leat')
  if (native !== undefined) {
    if (versionIn(native) === versionIn(root))
      cpSync(join(native, NATIVE, 'build'), join(root, NATIVE, 'build'), {recursive: true})
    else await run('npm', ['rebuild', 'better-sqlite3'], {cwd: root, env: around})
  }
  return {prefix, root, node, env: {PATH: path, HOME: home, LEAT_AS: 'alice'}}
}

const versionIn = (project: string): string =>
  JSON.parse(readFileSync(join(project, NATIVE, 'package.json'), 'utf8')).version

/** Plays examples/tour.sh with it. @returns how many commands that were */
export async function tour({env, prefix}: Installed, project: string): Promise<number> {
  const {stdout} = await run('bash', [join(project, 'examples/tour.sh')], {cwd: prefix, env: {...env, leat: 'leat'}})
  if (!stdout.includes("bob is at ops/3, and isn't subscribed to it"))
    throw new Error(`the tour did not end: ${stdout}`)
  return stdout.split('\n').filter((line) => line.startsWith('$ ')).length
}

/** What V8 has kept for the Node that ran it, in the package. */
export const kept = ({root}: Installed): string[] =>
  readdirSync(join(root, 'dist/start')).filter((name) => name.endsWith('.cache'))

const NOBODY = 65534

/**
 * Runs it as a user who may not write where it is installed (the same one, where this isn't root).
 * @returns what is kept in that user's own folder
 */
export async function asStranger({env, prefix, root}: Installed): Promise<string[]> {
  const home = join(prefix, 'stranger')
  mkdirSync(home)
  await run('chmod', ['-R', 'a-w,a+rX', root])
  for (const folder of [prefix, dirname(prefix)]) chmodSync(folder, 0o755)
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(home, NOBODY, NOBODY)
  const before = kept({root} as Installed)
  const who = {cwd: home, env: {...env, HOME: home}, ...(isRoot && {uid: NOBODY})}
  try {
    await run('leat', ['send', 'ops', 'hi', '--create'], who)
    const {stdout} = await run('leat', ['read', 'ops', '--raw'], who)
    if (stdout !== 'hi\n') throw new Error(`read gave ${JSON.stringify(stdout)}`)
    // Of a kind that nobody has started yet.
    await run('leat', ['log', 'ops'], who)
  } finally {
    await run('chmod', ['-R', 'u+w', root])
  }
  if (kept({root} as Installed).length !== before.length) throw new Error('something was written into the package')
  const own = join(home, '.cache/leat')
  return existsSync(own) ? readdirSync(own) : []
}
