import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const LEAT = join(ROOT, 'bin/run.js')
