/** What every command has to have, and the traps of oclif that none may fall into. */
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {expect, test} from 'vitest'

const config = await Config.load({root: fileURLToPath(new URL('../..', import.meta.url))})

test.each(config.commands.map((command) => [command.id, command] as const))(
  '%s is documented and parses safely',
  async (_, cached) => {
    // The manifest leaves out what only the parser needs.
    const command = await cached.load()
    expect(command.summary).toMatch(/^[A-Z].*\.$/)
    expect(command.description, 'says more than the summary').not.toBe(command.summary)
    expect(command.description?.length).toBeGreaterThan(20)
    expect((command.examples ?? []).length).toBeGreaterThanOrEqual(2)
    expect(Object.keys(cached.flags)).toEqual(
      expect.arrayContaining(['json', 'quiet', 'store', 'as', 'no-input', 'color']),
    )
    for (const arg of Object.values(command.args ?? {}))
      expect(arg, `${arg.name} is not filled from stdin`).toMatchObject({ignoreStdin: true})
    for (const flag of Object.values(command.flags ?? {}))
      if (flag.type === 'option' && flag.multiple)
        expect(flag, `--${flag.name} leaves what stands behind it`).toMatchObject({multipleNonGreedy: true})
  },
)

test('short flags mean the same everywhere', () => {
  const meanings = new Map<string, Set<string>>()
  for (const {flags} of config.commands)
    for (const {char, name} of Object.values(flags))
      if (char) meanings.set(char, (meanings.get(char) ?? new Set()).add(name))
  expect(Object.fromEntries([...meanings].map(([char, names]) => [char, [...names]]))).toEqual({
    q: ['quiet'],
    m: ['message'],
    n: ['limit'],
    t: ['type'],
    w: ['wait'],
    J: ['json-body'],
    y: ['yes'],
    '0': ['nul'],
    g: ['grep'],
    f: ['follow'],
  })
})
