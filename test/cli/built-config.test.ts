/** oclif's view of leat as the build has it, beside the one that oclif makes itself. */
import {fileURLToPath} from 'node:url'
import {type Command, Config, settings} from '@oclif/core'
import {beforeAll, describe, expect, onTestFinished, test} from 'vitest'
// @ts-expect-error a script of the build, without types
import {builtFrom} from '../../scripts/start/built.js'
import {BuiltConfig} from '../../src/cli/built-config.js'
import {helpObjects, helpText} from '../../src/cli/help.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const load = (): Promise<Config> => {
  settings.enableAutoTranspile = false
  return Config.load({root: ROOT, userPlugins: false, devPlugins: false})
}
const built = new BuiltConfig(ROOT, builtFrom(ROOT)).forOclif
let real: Config

beforeAll(async () => {
  real = await load()
})

const byId = <T extends {id: string}>(all: readonly T[]): T[] => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))

const shown = ({id, aliases, hidden = false, summary}: Command.Loadable) => ({id, aliases, hidden, summary})

test('has the same commands, aliases too, and topics', () => {
  expect(byId(built.commands).map(shown)).toEqual(byId(real.commands).map(shown))
  const topics = (config: Config) =>
    config.topics.map(({name, description}) => ({name, description})).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  // oclif counts each command as a topic too.
  const named = new Set(real.commands.map(({id}) => id))
  expect(topics(built)).toEqual(topics(real).filter(({name}) => !named.has(name)))
  expect(built.version).toBe(real.version)
})

test('help is the same, word for word', () => {
  const names = real.commands.map(({id}) => id.split(':'))
  const topics = built.topics.map(({name}) => [name])
  expect(names.length).toBeGreaterThan(90)
  for (const words of [[], ...topics, ...names]) {
    expect(helpText(built, words), words.join(' ')).toBe(helpText(real, words))
    expect(helpObjects(built, words), words.join(' ')).toEqual(helpObjects(real, words))
  }
})

describe.each([
  {},
  {XDG_DATA_HOME: '/data'},
  {LEAT_DATA_DIR: '/plug-ins'},
  {HOME: '/home/somebody', XDG_DATA_HOME: ''},
])('with %j', (env) => {
  test('the folder of plug-ins is the same', async () => {
    const before = {...process.env}
    onTestFinished(() => {
      process.env = before
    })
    process.env = {...before, ...env}
    expect(built.dataDir).toBe((await load()).dataDir)
  })
})
