import {expect, test} from 'vitest'
import {broken, jsonLines, jsonSpans, type Span} from '../../../src/cli/output/json.js'
import {minifyJson} from '../../../src/model/json.js'

const textOf = (line: readonly Span[]): string => line.map(({text}) => text).join('')

const laid = (json: string, width: number): string[] => [...jsonLines(minifyJson(json), width)].map(textOf)

const ODD =
  ' {"a" : 12345678901234567890, "b":1.0,"a":-0e+10,"c\\"\\\\":[ ],"d":{ },"e":[[],[{}]],"":null,"x":[true,"{,}:[]"]} '

test('number tokens, the order of keys and duplicates stay, at every width', () => {
  for (const json of [ODD, '1.0', '"a b"', '[]', '{}', 'null', '[1,[2,[3,[4]]]]'])
    for (const width of [1, 10, 20, 40, 80, 1000]) {
      const lines = laid(json, width)
      // What was added is only white space.
      expect(minifyJson(lines.join('\n'))).toBe(minifyJson(json))
    }
})

test('what fits stands on one line, the rest an item a line', () => {
  expect(laid('{"a":[1,2],"b":{"c":"d"}}', 40)).toEqual(['{"a": [1, 2], "b": {"c": "d"}}'])
  expect(laid('{"a":[1,2],"b":{"c":"d"}}', 20)).toEqual(['{', '  "a": [1, 2],', '  "b": {"c": "d"}', '}'])
  expect(laid('[{"a":"漢字漢字漢字"}]', 12)).toEqual(['[', '  {', '    "a": "漢字漢字漢字"', '  }', ']'])
})

test('names, numbers and signs have roles, strings none', () => {
  expect(jsonSpans('{"a":1,"b":"x"}').map(({text, role}) => `${text} ${role ?? '-'}`)).toEqual([
    '{ dim',
    '"a" key',
    ': dim',
    '1 literal',
    ', dim',
    '"b" key',
    ': dim',
    '"x" -',
    '} dim',
  ])
})

test('a line that is too long is broken with a margin, and loses nothing', () => {
  const [line = []] = [...jsonLines(`"${'漢'.repeat(50)}"`, 20)]
  const parts = [...broken(line, 20)]
  expect(parts.length).toBeGreaterThan(5)
  expect(parts.map(textOf).join('').replaceAll(' ', '')).toBe(`"${'漢'.repeat(50)}"`)
  expect(textOf(parts[1] ?? [])).toMatch(/^ {2}漢/)
})

test('64 levels and a text of many megabytes are laid out in one go', () => {
  const deep = `${'['.repeat(64)}1${']'.repeat(64)}`
  expect(minifyJson(laid(deep, 20).join('\n'))).toBe(deep)
  const wide = `{"a":"${'x'.repeat(4_000_000)}","b":[${'1,'.repeat(200_000)}1]}`
  expect(minifyJson(laid(wide, 80).join('\n'))).toBe(wide)
})
