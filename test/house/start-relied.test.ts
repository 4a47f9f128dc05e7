/** What the start relies on in the inside of packages: a change of theirs stops the build. */
import {expect, test} from 'vitest'
// @ts-expect-error scripts of the build, without types
import {checkImports, checkInputs, withoutStdout} from '../../scripts/start/relied.js'
import {world} from '../cli/leat.js'

const COMMAND = 'node_modules/@oclif/core/lib/command.js'
const AS_IT_IS = {'native:bindings': {}, [COMMAND]: {}, 'node_modules/one/index.js': {}}

const check = (inputs: object, source = 'performance.now()') => {
  checkInputs(inputs, '/', () => source)
}

test('as they are, it builds', () => {
  expect(() => check(AS_IT_IS)).not.toThrow()
  expect(() => check(AS_IT_IS, 'const {performance} = require("perf_hooks"); hooks.performance.mark()')).not.toThrow()
  expect(() => checkImports({file: {imports: [{kind: 'require-call', path: 'ws'}]}})).not.toThrow()
})

test.each([
  ['better-sqlite3 is loaded in another way', () => check({[COMMAND]: {}}), /another way to its native part/],
  ["oclif's base command is elsewhere", () => check({'native:bindings': {}}), /base command elsewhere/],
  ['a package asks performance for more', () => check(AS_IT_IS, 'performance.mark("a")'), /uses performance\.mark/],
  [
    'stdout is used for more',
    () => withoutStdout('process.stdout.on(); process.stdout.write()', 'x'),
    /something else/,
  ],
  ['stdout is not used any more', () => withoutStdout('', 'x'), /something else/],
  [
    'something is imported by a script whose work V8 keeps',
    () => checkImports({file: {imports: [{kind: 'dynamic-import', path: 'ink'}]}}),
    /import\(\) of ink/,
  ],
])('%s: the build stops', (_, broken, message) => {
  expect(broken).toThrow(message)
})

test('debug, which stands there as nothing, is there for whoever asks for it', async () => {
  const {leat} = world()
  await leat`channel create ops`
  const {code, stderr} = await leat({env: {DEBUG: '*'}})`read`
  expect(code).toBe(2)
  expect(stderr).toMatch(/leat: /)
  expect((await leat({env: {DEBUG: '*'}})`list`).code).toBe(0)
})
