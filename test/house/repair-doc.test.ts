/** The examples of docs/repair.md, run one after the other on one store. */
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {BIN, world} from '../cli/leat.js'
import {examplesOf, play} from './pages.js'

test('the examples of the page about backup and repair run', async () => {
  const {leat, dir, env, store} = world({defaultStore: false})
  await leat`channel create ops`
  await leat`send ops hello`
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'leat'), `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"\n`)
  chmodSync(join(bin, 'leat'), 0o755)
  const examples = examplesOf('repair.md').filter(({language}) => language === 'sh')
  expect(examples.length).toBeGreaterThan(4)
  const surroundings = {...env, LEAT_AS: 'alice', LEAT_STORE: store, PATH: `${bin}:${process.env['PATH']}`}
  for (const example of examples) {
    const running = play(example, dir, surroundings)
    expect(await running.ended, `${example.code}\n${running.stderr}`).toBe(0)
  }
  expect((await leat`log --raw`).stdout).toBe('hello\n')
})
