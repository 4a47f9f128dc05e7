/**
 * JSON as parsers meet it, named as the JSON parsing test suite (nst/JSONTestSuite) names its files: `y_` is JSON and has
 * to be taken, `n_` isn't and has to be refused, `i_` is what RFC 8259 leaves open; what leat does with those is said
 * here. The cases are written for leat; none is a copy.
 */
import {LITERALS} from './literals.js'
import {NUMBERS} from './numbers.js'
import {STRINGS} from './strings.js'
import {STRUCTURES} from './structures.js'
import type {Table} from './table.js'

export interface JsonCase {
  name: string
  bytes: Buffer
  /** Whether leat takes it. */
  taken: boolean
}

/** Of what is left open leat takes what is UTF-8 and no deeper than 64 levels: nothing of it is ever turned into a number or a string. */
const TAKEN = /^(y_|i_number|i_string_surrogate|i_object|i_structure_depth_64)/

/** All cases; a name comes once. */
export function jsonCases(): JsonCase[] {
  const tables: readonly Table[] = [LITERALS, NUMBERS, STRINGS, STRUCTURES]
  const cases = tables.flatMap((table) => Object.entries(table))
  if (new Set(cases.map(([name]) => name)).size !== cases.length) throw new Error('two cases have one name')
  return cases.map(([name, given]) => ({
    name,
    bytes: typeof given === 'string' ? Buffer.from(given) : given,
    taken: TAKEN.test(name),
  }))
}
