/** docs/configuration.md says what is so. */
import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {CONFIG_KEYS} from '../../src/cli/configuration/keys.js'
import {BIN, world} from '../cli/leat.js'
import {examplesOf, play} from './pages.js'

const PAGE = 'configuration.md'
const text = readFileSync(fileURLToPath(new URL(`../../docs/${PAGE}`, import.meta.url)), 'utf8')

test('every key stands in the table, with its flag and its variables', () => {
  const rows = [...text.matchAll(/^\| `([\w.]+)` \|[^|]*\|([^|]*)\|([^|]*)\|/gm)]
  const code = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  expect(rows.map(([, key, flag, variables]) => ({key, flags: code(flag), variables: code(variables)}))).toEqual(
    CONFIG_KEYS.map(({key, flag, variables}) => ({
      key,
      flags: flag === undefined ? (key === 'reader' ? ['--reader'] : []) : [flag],
      variables,
    })),
  )
})

test('the examples run, one after the other', async () => {
  const {dir, env, leat} = world()
  const shell = {...env, PATH: `${dir}:${env['PATH']}`, LEAT_AS: 'alice'}
  writeFileSync(`${dir}/leat`, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, {mode: 0o755})
  for (const example of examplesOf(PAGE).filter(({language}) => language === 'sh')) {
    // A context names a store, which has to be there.
    const running = play({...example, code: example.code.replace('--create', '--create -q')}, dir, shell)
    expect([await running.ended, running.stderr], example.code).toEqual([0, ''])
  }
  expect((await leat`context list`).stdout).toContain('work')
  const json = examplesOf(PAGE).find(({language}) => language === 'json')
  expect(() => JSON.parse(json?.code ?? '')).not.toThrow()
})
