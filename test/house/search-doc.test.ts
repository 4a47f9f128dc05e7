/** docs/search.md: every example runs, in its order, and prints what stands below it. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'
import {examplesOf, play} from './pages.js'

test('what the page shows runs', async () => {
  const examples = examplesOf('search.md')
  const runnable = examples.filter(({language}) => language === 'sh')
  expect(runnable.length).toBeGreaterThan(0)
  const {dir, env} = world()
  mkdirSync(join(dir, 'bin'))
  writeFileSync(join(dir, 'bin/leat'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
  chmodSync(join(dir, 'bin/leat'), 0o755)
  for (const example of runnable) {
    const output = examples[examples.indexOf(example) + 1]
    expect(output?.language, `what comes behind ${example.code}`).toBe('output')
    const running = play(example, dir, {...env, PATH: `${join(dir, 'bin')}:${env['PATH']}`, LEAT_AS: 'alice'})
    expect(await running.ended, running.stderr).toBe(0)
    expect(running.stdout).toBe(output?.code)
  }
})
