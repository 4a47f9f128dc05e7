// src → dist: compiled TypeScript, and the SQL that it reads at run time.
import {spawnSync} from 'node:child_process'
import {cpSync, existsSync, rmSync} from 'node:fs'
import {createRequire} from 'node:module'
import {fileURLToPath} from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const migrations = 'store/sqlite/migrations'

process.chdir(root)
rmSync('dist', {recursive: true, force: true})

const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
const {status} = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {stdio: 'inherit'})
if (status !== 0) process.exit(status ?? 1)

if (existsSync(`src/${migrations}`)) {
  cpSync(`src/${migrations}`, `dist/${migrations}`, {recursive: true})
}
