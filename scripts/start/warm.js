// Starts each kind of command once, on a store of its own, so that V8's work on the bundle is kept beside it.
import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const COMMANDS = [
  'channel create ops',
  'send ops hi',
  'send ops ho',
  'read ops',
  'list',
  'log ops --last 10',
  'send --help',
  '--complete zsh leat read ops',
]

export function warm(root) {
  const home = mkdtempSync(join(tmpdir(), 'leat-warm-'))
  const {PATH} = process.env
  const env = {PATH, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, LEAT_AS: 'alice', TZ: 'UTC'}
  try {
    for (const command of COMMANDS)
      execFileSync(process.execPath, [join(root, 'bin/run.js'), ...command.split(' ')], {
        env,
        stdio: 'pipe',
      })
  } finally {
    rmSync(home, {recursive: true, force: true})
  }
}
