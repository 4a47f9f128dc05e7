/** What is loaded before a command runs: what only serve, deliver and transport need must not slow down the others. */
import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** The packages that a built module imports, and that what it imports imports; what `import()` loads later is not among them. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const look = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const statements = readFileSync(file, 'utf8').matchAll(
      /(?:^|[;}\n])\s*(?:im|ex)port\s*(?:[\w*{][^;'"()]*?from\s*)?["']([^"']+)["']/g,
    )
    for (const [, name = ''] of statements)
      if (name.startsWith('.')) look(join(dirname(file), name))
      else packages.add(name)
  }
  look(join(DIST, entry))
  expect(seen.size).toBeGreaterThan(1)
  return packages
}

test.each(['cli/main.js', 'commands/send.js', 'commands/read.js', 'commands/log.js', 'index.js'])(
  '%s loads nothing that only deliveries and doors need',
  (entry) => {
    expect(existsSync(join(DIST, entry))).toBe(true)
    const packages = [...packagesOf(entry)].filter((name) => !name.startsWith('node:'))
    expect(
      packages.filter((name) => /^(fastify|@fastify|ws|undici|nodemailer|standardwebhooks|ipaddr\.js)/.test(name)),
    ).toEqual([])
  },
)

test('what is looked for would be found', () => {
  expect([...packagesOf('commands/send.js')].some((name) => name.startsWith('node:'))).toBe(true)
})
