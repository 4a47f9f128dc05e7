/** The README's first command ends in this tour: it runs to its end, and shows what it promises. */
import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'

const tour = fileURLToPath(new URL('../../examples/tour.sh', import.meta.url))

test('the tour plays to its end on a real store', async () => {
  const {stdout, stderr} = await promisify(execFile)('bash', [tour], {
    env: {PATH: process.env['PATH'], HOME: '/nonexistent'},
  })
  const commands = stdout.split('\n').filter((line) => line.startsWith('$ '))
  expect(commands.length).toBeGreaterThan(15)
  expect(stdout).toContain('12345678901234567890')
  expect(stdout).toContain('ops/4 alice: deploy of web-1 rolled back')
  expect(stdout).toContain('bob sees ops/7: deploy of web-2 started')
  expect(stdout).toMatch(/^42$/m)
  expect(stdout.match(/^resize [ab]\.png: done$/gm)).toHaveLength(2)
  expect(stdout).toMatch(/^mirror: web-2 is down ops\/8$/m)
  expect(stdout).toContain('"reason":"exit code 3","detail":"no such job"')
  // Two are meant to be there: the work that left a dead letter says so.
  expect(stderr.match(/^leat: .*$/gm)).toEqual(['leat: jobs: 1 message became a dead letter (leat dead list jobs)'])
})
