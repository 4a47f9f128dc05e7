/** What is loaded before a command runs: what only serve, deliver and transport need must not slow down the others. */
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** The packages that a built module imports, and that what it imports imports, and their source; what `import()` loads later is not among them. */
function loadedBy(entry: string): {files: number; packages: string[]; source: string} {
  const packages = new Set<string>()
  const sources = new Map<string, string>()
  const look = (file: string): void => {
    if (sources.has(file)) return
    const source = readFileSync(file, 'utf8')
    sources.set(file, source)
    const statements = source.matchAll(/(?:^|[;}\n])\s*(?:im|ex)port\s*(?:[\w*{][^;'"()]*?from\s*)?["']([^"']+)["']/g)
    for (const [, name = ''] of statements)
      if (name.startsWith('.')) look(join(dirname(file), name))
      else packages.add(name)
  }
  look(join(DIST, entry))
  expect(sources.size).toBeGreaterThan(1)
  return {files: sources.size, packages: [...packages], source: [...sources.values()].join('\n')}
}

test.each(['cli/main.js', 'commands/send.js', 'commands/read.js', 'commands/log.js', 'index.js'])(
  '%s loads nothing that only deliveries and doors need',
  (entry) => {
    expect(existsSync(join(DIST, entry))).toBe(true)
    expect(
      loadedBy(entry).packages.filter((name) =>
        /^(fastify|@fastify|ws|undici|nodemailer|standardwebhooks|ipaddr\.js)/.test(name),
      ),
    ).toEqual([])
  },
)

/** Of what is loaded on demand, names that stay in the build. */
const ON_DEMAND = ['DeliveryLane', 'chooseTransport', 'checkTarget', 'standingsOf', 'requireRole']

const found = (entry: string, names: readonly string[]): string[] => {
  const {source} = loadedBy(entry)
  return names.filter((name) => source.includes(name))
}

test.each(['send', 'read', 'log'])('%s loads no use case that is loaded on demand', (command) => {
  expect(found(`commands/${command}.js`, ON_DEMAND)).toEqual([])
})

/** Of the shell, and of what answers at a TAB. */
const AT_A_PROMPT = ['KeptStore', 'CommandHost', 'namesBehind', 'commandline -opc', 'PASTE_BEGINS']

test.each(['cli/main.js', 'commands/send.js', 'commands/read.js'])(
  '%s loads nothing of the shell and of completion',
  (entry) => {
    expect(found(entry, AT_A_PROMPT)).toEqual([])
  },
)

test('an answer at a TAB loads no oclif', () => {
  const answer = readdirSync(join(DIST, 'chunks')).find((name) => name.startsWith('answer-'))
  expect(found(`chunks/${answer}`, ['namesBehind', 'enableAutoTranspile', 'KeptStore'])).toEqual(['namesBehind'])
  expect(found('commands/send.js', ['enableAutoTranspile'])).toEqual(['enableAutoTranspile'])
})

/** Of the screens, and what draws them: only `inspect` has them, and only once it runs. */
const SCREENS = ['KeyDecoder', 'layContent', 'ink-virtual-text', 'yoga']

test.each(['send', 'read', 'log', 'inspect'])('%s loads no screen before it runs', (command) => {
  expect(found(`commands/${command}.js`, SCREENS)).toEqual([])
})

test('what all commands share is in a few files: scripts/build.js names what would split it', () => {
  expect(loadedBy('commands/send.js').files).toBeLessThan(28)
})

test('what is looked for would be found', () => {
  expect(loadedBy('commands/send.js').packages).toContain('node:fs')
  expect(found('commands/send.js', ['lookUntilFound', 'parseDraft'])).toEqual(['lookUntilFound', 'parseDraft'])
  const onDemand = readdirSync(join(DIST, 'chunks')).find((name) => name.startsWith('on-demand-'))
  expect(found(`chunks/${onDemand}`, ON_DEMAND)).toEqual(ON_DEMAND)
  const screens = readdirSync(join(DIST, 'chunks')).find((name) => /^inspect-.*\.js$/.test(name))
  expect(found(`chunks/${screens}`, SCREENS)).toEqual(SCREENS)
})
