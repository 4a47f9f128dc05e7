/** docs/inspect.md names the keys that are bound, and no others. */
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {BINDINGS} from '../../src/tui/inspect/bindings.js'
import {keysDocument} from '../../src/tui/inspect/help.js'
import {bindingFor, footerOf, placesOf} from '../../src/tui/inspect/keymap.js'
import type {ViewKind} from '../../src/tui/inspect/state.js'

const VIEWS: readonly ViewKind[] = ['channels', 'messages', 'message', 'letters', 'help']
const page = readFileSync(new URL('../../docs/inspect.md', import.meta.url), 'utf8')

test('the table of keys is the keys', () => {
  const table = page.split('\n').filter((line) => line.startsWith('| `'))
  const bound = BINDINGS.map((binding) => `| \`${binding.shown}\` | ${placesOf(binding)} | ${binding.does} |`)
  expect(table.toSorted()).toEqual(bound.toSorted())
})

test('each key does one thing in a view', () => {
  for (const kind of VIEWS)
    for (const binding of BINDINGS.filter(({views}) => views?.includes(kind) ?? true))
      for (const key of binding.keys)
        expect(bindingFor(kind, key.length === 1 ? {char: key} : {name: key}), `${key} in ${kind}`).toBe(binding)
})

test('what the footer shows is bound there, and the way out is always among it', () => {
  for (const kind of VIEWS) {
    const footer = footerOf(kind)
    for (const {views} of footer) expect(views ?? VIEWS).toContain(kind)
    expect(footer.map(({command}) => command)).toEqual(expect.arrayContaining(['help', 'quit']))
  }
})

test('the help screen has every key', () => {
  const text = keysDocument(80)
    .map(({line}) => line.map((span) => span.text).join(''))
    .join('\n')
  for (const {shown} of BINDINGS) expect(text).toContain(shown)
})

test('the captures are no wider than they say', () => {
  for (const [, capture = ''] of page.matchAll(/^```text\n(.*?)^```/gms))
    for (const line of capture.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})
