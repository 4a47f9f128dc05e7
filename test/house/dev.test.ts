/** `npm run dev` runs from TypeScript: no build is read, and no manifest. */
import {execFile} from 'node:child_process'
import {cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, onTestFinished, test} from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('bin/dev.js sends from source, without dist and in spite of a stale manifest', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'leat-dev-'))
  onTestFinished(() => rmSync(copy, {recursive: true, force: true}))
  for (const part of ['package.json', 'tsconfig.json', 'bin', 'src'])
    cpSync(join(root, part), join(copy, part), {recursive: true})
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, 'oclif.manifest.json'), JSON.stringify({version: '0.0.0', commands: {}}))
  const env = {PATH: process.env['PATH'], HOME: copy, LEAT_AS: 'alice'}
  const {stdout} = await promisify(execFile)(
    process.execPath,
    [join(copy, 'bin/dev.js'), 'send', 'ops', 'hi', '--create', '--json'],
    {env},
  )
  expect(JSON.parse(stdout)).toMatchObject({sent: [{channel: 'ops', seq: 1}]})
})
