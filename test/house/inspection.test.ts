/** docs/inspection.md: its commands run, and its captures are what they show. */
import {spawnSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'
import {hasTerminal, terminal} from '../cli/terminal.js'
import {examplesOf} from './pages.js'

const examples = examplesOf('inspection.md')

/** What differs from one time to the next: ids, times, and the blanks that make up for them. */
const same = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\b[0-9a-f]{8}\b/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b(now|\d+[smh])( ago)?\b/g, 'AGO')
    .replace(/\d\d:\d\d/g, 'CLOCK')
    .replace(/[▁-█]+/g, 'BAR')
    .replace(/ +/g, ' ')
    .trimEnd()

/** Runs a block of sh; what goes on until it is interrupted gets a moment. */
function run(code: string, env: Record<string, string>): void {
  const script = `set -eu\nleat() { '${process.execPath}' '${BIN}' "$@"; }\n${code}`
  const {status, stderr} = spawnSync('bash', ['-c', script], {env, encoding: 'utf8', cwd: env['HOME'], timeout: 60_000})
  expect([status, stderr], code).toEqual([0, ''])
}

test.skipIf(!hasTerminal)('captures are what the commands show', async () => {
  const {env} = world()
  const [setup, ...others] = examples.filter(({language}) => language === 'sh').map(({code}) => code)
  run(setup ?? '', {...env, LEAT_AS: 'alice'})
  for (const {code} of examples.filter(({language}) => language === 'console')) {
    const [command = '', ...lines] = code.trimEnd().split('\n')
    const words = [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(2)
    const shown = await terminal({...env, TZ: 'UTC'}, {columns: 80})`${words}`
    expect(shown.code, command).toBe(0)
    const real = shown.text.split('\n').map(same)
    for (const line of lines) expect(real, command).toContain(same(line))
  }
  const lookups = others
    .join('')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('until Ctrl-C'))
  expect(lookups.length).toBeGreaterThan(2)
  run('leat channel create build.web -q', {...env, LEAT_AS: 'alice'})
  for (const line of lookups) run(line, {...env, LEAT_AS: 'alice'})
})
