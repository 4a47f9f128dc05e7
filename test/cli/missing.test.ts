/** Every command without what it needs, where nobody can be asked. */
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {expect, test} from 'vitest'
import {world} from './leat.js'

interface Declared {
  required?: boolean
  unless?: readonly string[]
}

const config = await Config.load({root: fileURLToPath(new URL('../..', import.meta.url))})
const commands: [id: string, declared: [name: string, Declared][]][] = []
for (const command of config.commands) {
  const {args = {}, flags = {}} = (await command.load()) as unknown as Record<string, Record<string, Declared>>
  commands.push([command.id, [...Object.entries(args), ...Object.entries(flags)]])
}

const required = commands.filter(([, declared]) => declared.some(([, one]) => one.required ?? one.unless))

test('is exit 2, one line on stderr, with what to type', async () => {
  const {leat, dir} = world()
  expect(required.length).toBeGreaterThan(40)
  for (const [id, declared] of required) {
    const {code, stdout, stderr} = await leat`${id.split(':')}`
    expect([code, stdout], id).toEqual([2, ''])
    expect(stderr, id).toMatch(/^leat: [^\n]+ \([^\n]+\)\n$/)
    const names = declared.filter(([, {required}]) => required).map(([name]) => name.toUpperCase())
    if (names.length > 0) {
      expect(stderr, id).toContain(`missing ${names.join(' and ')}`)
      expect(stderr, id).toMatch(new RegExp(`\\(leat [a-z -]+ ${names.join(' ')}`))
    }
  }
  expect(existsSync(join(dir, '.config'))).toBe(false)
})
