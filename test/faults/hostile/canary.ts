/** Programs that nobody should start: whoever does leaves a trace. */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/** The command in the lists. */
export const CANARY = 'leat-canary'

/** What lists of others would run, and what would do harm. */
const NAMES = [
  CANARY,
  'touch',
  'rm',
  'ls',
  'id',
  'whoami',
  'curl',
  'wget',
  'nc',
  'ping',
  'calc',
  'eval',
  'perl',
  'ruby',
  'php',
  'python',
  'bash',
]

export interface Canaries {
  /** In front of PATH. */
  programs: string
  /** What was run, a line each. */
  runs(): string[]
}

/** Makes the programs in a folder. */
export function canaries(folder: string): Canaries {
  const [programs, trace] = [join(folder, 'programs'), join(folder, 'trace')]
  mkdirSync(programs)
  for (const name of NAMES)
    writeFileSync(join(programs, name), `#!/bin/sh\necho "$0 $*" >>'${trace}'\nexit 1\n`, {mode: 0o755})
  return {programs, runs: () => (existsSync(trace) ? readFileSync(trace, 'utf8').split('\n').slice(0, -1) : [])}
}
