/** What is generated and committed must be what the sources would generate now. */
import {execFile} from 'node:child_process'
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, onTestFinished, test} from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

test('oclif.manifest.json is current', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'leat-manifest-'))
  onTestFinished(() => rmSync(copy, {recursive: true, force: true}))
  for (const part of ['package.json', 'dist', 'bin']) cpSync(join(root, part), join(copy, part), {recursive: true})
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  await run(process.execPath, [join(root, 'node_modules/oclif/bin/run.js'), 'manifest'], {cwd: copy})
  const fresh = JSON.parse(readFileSync(join(copy, 'oclif.manifest.json'), 'utf8'))
  expect(JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')), 'npm run manifest').toEqual(fresh)
})

test('docs/commands is current', async () => {
  await run(process.execPath, [join(root, 'scripts/reference.js'), '--check'], {cwd: root})
})
