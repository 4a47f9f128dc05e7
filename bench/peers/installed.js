/** Peers as they stand on this machine: programs of the system, and clients of npm in a folder of their own. */
import {spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {copyFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {homedir} from 'node:os'
import {delimiter, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {pathToFileURL} from 'node:url'
import {spawned} from '../measuring/passing.js'
import {ROOT} from '../measuring/root.js'

const HERE = join(ROOT, 'bench/peers')
/** Where a server is, too, that is no program of everybody's. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin']

/** Something that is measured isn't there: its row says how to get it. */
export class NotInstalled extends Error {}

/** The path of a program. @throws NotInstalled */
export function program(name, how) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS]
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (found === undefined) throw new NotInstalled(`not installed: ${how}`)
  return found
}

/**
 * The folder in which the clients of npm are installed, once for each lock file. @throws NotInstalled
 */
export function clientsFolder() {
  const lock = readFileSync(join(HERE, 'package-lock.json'))
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  const folder = join(cache, 'leat-bench', createHash('sha256').update(lock).digest('hex').slice(0, 16))
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return folder
  mkdirSync(folder, {recursive: true})
  for (const file of ['package.json', 'package-lock.json', 'nats-publish.js'])
    copyFileSync(join(HERE, file), join(folder, file))
  const {status} = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  if (status !== 0) throw new NotInstalled('not installed: npm ci in bench/peers failed')
  return folder
}

/** A client of npm as a module. @throws NotInstalled */
export const client = (file) => import(pathToFileURL(join(clientsFolder(), 'node_modules', file)).href)

/** A port of this machine that nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts a server, and waits until `isReady` gives something.
 * @returns {Promise<{ready: T, stop: () => Promise<void>}>}
 * @template T
 */
export async function started(argv, isReady) {
  const child = spawned(argv, {stdio: 'ignore'})
  let over
  child.once('error', (error) => {
    over = error
  })
  child.once('exit', (code) => {
    over ??= new Error(`${argv.join(' ')} ended with ${code}`)
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  for (let tries = 0; ; tries++) {
    if (over) throw over
    try {
      return {ready: await isReady(), stop}
    } catch (error) {
      if (tries === 200) {
        await stop()
        throw error
      }
      await pause(50)
    }
  }
}
