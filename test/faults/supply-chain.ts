/** How leat comes to its users: from a clean checkout, as a package, onto every Node that it says it runs on. */
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Figures} from './figures.js'
import {asStranger, type Installed, installGlobally, kept, tour} from './supply/installing.js'
import {faultsOfDependencies} from './supply/lockfile.js'
import {faultsOfPackage, faultsOfSize, pack, unpack} from './supply/package.js'
import {run} from './supply/running.js'

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Each of them brings its Node as a package of npm's. */
const NEWER = ['22', '24']

/** What is written down of the dependencies. @throws Error what is wrong with it */
export function dependencies(): Figures {
  const {packages, faults} = faultsOfDependencies(ROOT)
  refuse(faults)
  return {packages}
}

/** Packs what is built in `root`, and looks into it. @throws Error what is wrong with it */
export async function packed(room: string, root = ROOT): Promise<{tarball: string; figures: Figures}> {
  const folder = mkdtempSync(join(room, 'packed-'))
  const made = await pack(root, folder)
  refuse([...faultsOfSize(made), ...faultsOfPackage(await unpack(made), root)])
  const figures = {files: made.paths.length, packedBytes: made.size, unpackedBytes: made.unpackedSize}
  return {tarball: made.file, figures}
}

/** Installs a tarball and uses it. @param native as `installGlobally`; absent: SQLite is compiled */
export async function installed(
  room: string,
  tarball: string,
  {native, node}: {native?: string; node?: string} = {},
): Promise<Figures> {
  const leat = await installGlobally(tarball, room, {native, node})
  const commands = await tour(leat, ROOT)
  if (kept(leat).length === 0) throw new Error('nothing is kept of its starts')
  await startsOfMany(leat)
  const own = await asStranger(leat)
  return {commands, keptInThePackage: kept(leat).length, keptForAStranger: own.length}
}

/** Help, completion, a shell, and a server that ends. */
async function startsOfMany({env, prefix}: Installed): Promise<void> {
  for (const line of ['help', 'inspect --help', '--complete zsh leat read', 'transport list', 'bench send --count 5'])
    await run('leat', line.split(' '), {cwd: prefix, env})
  const lines = 'send tour one --create\nread tour\ndeliver --once\n'
  const {stdout} = await run('sh', ['-c', `printf '${lines}' | leat shell --json`], {cwd: prefix, env})
  if (!stdout.includes('"content":"one"')) throw new Error(`the shell gave ${stdout}`)
  const serving =
    'leat serve --port 0 --no-auth > ready & until grep -q ready ready; do kill -0 $! || exit 1; done; kill $!; wait $!'
  await run('sh', ['-c', serving], {cwd: prefix, env})
}

/** A clean checkout: nothing of a package runs while it is installed but what compiles SQLite. @returns its folder */
async function checkout(room: string): Promise<string> {
  const folder = join(room, 'checkout')
  await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, folder])
  const inThere = {cwd: folder, env: process.env}
  await run('npm', ['ci', '--ignore-scripts', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund'], inThere)
  await run('npm', ['rebuild', 'better-sqlite3'], inThere)
  await run('npm', ['run', 'build'], inThere)
  const env = {PATH: process.env['PATH'], HOME: room, LEAT_AS: 'alice'}
  const leat = (...argv: string[]) => run(process.execPath, [join(folder, 'bin/run.js'), ...argv], {cwd: room, env})
  await leat('send', 'ops', 'hi', '--create')
  const {stdout} = await leat('read', 'ops', '--raw')
  if (stdout !== 'hi\n') throw new Error(`read gave ${JSON.stringify(stdout)}`)
  return folder
}

/** A newer Node. @returns its program */
async function nodeOf(version: string, room: string): Promise<string> {
  const folder = join(room, `node-${version}`)
  mkdirSync(folder)
  const name = `node-${process.platform}-${process.arch}`
  await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `${name}@${version}`], {cwd: folder})
  return join(folder, 'node_modules', name, 'bin/node')
}

/** All of it, with everything compiled. */
export async function supplyChain(): Promise<Figures> {
  const room = mkdtempSync(join(tmpdir(), 'leat-supply-'))
  try {
    const {packages} = dependencies()
    const folder = await checkout(room)
    const {tarball, figures} = await packed(room, folder)
    const {commands} = await installed(room, tarball)
    for (const version of NEWER) await installed(room, tarball, {node: await nodeOf(version, room)})
    return {packages: packages ?? 0, ...figures, commands: commands ?? 0, versionsOfNode: 1 + NEWER.length}
  } finally {
    rmSync(room, {recursive: true, force: true})
  }
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join('\n'))
}
