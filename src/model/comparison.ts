/** The simple conditions: a path into JSON content, an operator, and what it is compared with. */
import {LeatError} from './errors.js'
import {itemTexts, memberTexts} from './json.js'

/** Whether a value, and its JSON text, fulfil a condition. Never throws. */
export type Test = (value: unknown, json: string) => boolean

type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~'

/** What stands behind the operator. Without quotes `42` is the number and the text, `true` the boolean and the text. */
interface Operand {
  text?: string
  /** A JSON number, digit for digit. */
  number?: string
  word?: 'true' | 'false' | 'null'
}

const NAME = `(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s.=!<>~"'\`()[\\]{}|&,@*$?\\\\]+)`
const COMPARISON = new RegExp(`^\\s*(${NAME}(?:\\.${NAME})*)\\s*(!=|<=|>=|=(?!=)|<|>|~)\\s*(.*?)\\s*$`, 'su')
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const INDEX = /^(?:0|[1-9]\d*)$/
/** What only an expression has. */
const OF_EXPRESSIONS = /[&|()[\]{}`'"@*?]/

/**
 * A simple comparison, or undefined where the text is none and may be an expression.
 * @throws INVALID it can be nothing but a comparison, and what stands behind the operator is wrong
 */
export function parseComparison(text: string): Test | undefined {
  const [, path, operator, behind] = COMPARISON.exec(text) ?? []
  if (path === undefined || operator === undefined || behind === undefined) return undefined
  const operand = quoted(behind) ?? plain(text, operator as Operator, behind)
  if (operand === undefined) return undefined
  const names = namesOf(path)
  if (names === undefined) return undefined
  const holds = HOLDS[operator as Operator]
  return (value, json) => {
    const found = valueAt(value, names)
    return holds(found, operand, () => textAt(json, names))
  }
}

function namesOf(path: string): string[] | undefined {
  const names = path.match(new RegExp(NAME, 'gu')) ?? []
  try {
    return names.map((name) => (name.startsWith('"') ? (JSON.parse(name) as string) : name))
  } catch {
    return undefined // an escape that JSON doesn't have: whoever reads expressions says so
  }
}

/** `'text'`, `"text"`, or JSON between backticks. */
function quoted(text: string): Operand | undefined {
  if (/^'(?:[^'\\]|\\.)*'$/su.test(text)) return {text: text.slice(1, -1).replace(/\\(['\\])/g, '$1')}
  const json = /^"(?:[^"\\]|\\.)*"$/su.test(text) ? text : /^`[^`]*`$/su.test(text) ? text.slice(1, -1).trim() : ''
  if (NUMBER.test(json)) return {number: json}
  if (isWord(json)) return {word: json}
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? {text: value} : undefined
  } catch {
    return undefined
  }
}

function plain(condition: string, operator: Operator, text: string): Operand | undefined {
  if (operator !== '=' && operator !== '~') {
    if (OF_EXPRESSIONS.test(text)) return undefined
  } else if (/&&|\|\|/.test(text)) {
    throw new LeatError('INVALID', `${JSON.stringify(condition)} joins conditions behind "${operator}"`, {
      hint: `give --where several times for "and"; in an expression equal is ==; a text that has && in it stands in quotes`,
    })
  } else if (/^['"`]/.test(text)) {
    throw new LeatError('INVALID', `${JSON.stringify(condition)}: the quote behind "${operator}" has no end`, {
      hint: "in quotes another one is written \\'",
    })
  }
  return {text, ...(NUMBER.test(text) && {number: text}), ...(isWord(text) && {word: text})}
}

const isWord = (text: string): text is 'true' | 'false' | 'null' => ['true', 'false', 'null'].includes(text)

function valueAt(value: unknown, names: readonly string[]): unknown {
  let at = value
  for (const name of names) {
    if (typeof at !== 'object' || at === null) return undefined
    if (Array.isArray(at) ? !INDEX.test(name) : !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** The text of the value at a path that is there. */
function textAt(json: string, names: readonly string[]): string {
  let at = json.trim()
  for (const name of names)
    at = (at.startsWith('[') ? itemTexts(at)[Number(name)] : memberTexts(at).get(name)) as string
  return at
}

type Holds = (value: unknown, operand: Operand, text: () => string) => boolean

const isEqual: Holds = (value, operand, text) => {
  if (typeof value === 'string') return value === operand.text
  if (typeof value === 'number') return compareNumber(value, operand, text) === 0
  return operand.word !== undefined && String(value) === operand.word
}

/** Of values that have an order: numbers with a number, texts with what can't be one. */
function order(value: unknown, operand: Operand, text: () => string): number | undefined {
  if (typeof value === 'number') return compareNumber(value, operand, text)
  if (typeof value !== 'string' || operand.text === undefined || operand.number !== undefined) return undefined
  return value < operand.text ? -1 : value > operand.text ? 1 : 0
}

const ordered =
  (wanted: (order: number) => boolean): Holds =>
  (value, operand, text) => {
    const found = order(value, operand, text)
    return found !== undefined && wanted(found)
  }

const HOLDS: Readonly<Record<Operator, Holds>> = {
  '=': isEqual,
  '!=': (value, operand, text) => !isEqual(value, operand, text),
  '<': ordered((found) => found < 0),
  '<=': ordered((found) => found <= 0),
  '>': ordered((found) => found > 0),
  '>=': ordered((found) => found >= 0),
  '~': (value, operand) => {
    if (typeof value === 'string') return operand.text !== undefined && value.includes(operand.text)
    return Array.isArray(value) && value.some((item) => typeof item !== 'object' && isItem(item, operand))
  },
}

/** An item of a list, whose own text is not looked for: numbers as JavaScript has them. */
const isItem = (item: unknown, operand: Operand): boolean => isEqual(item, operand, () => String(item))

/** By the digits: rounding keeps the order, so the text counts only where two come out the same. */
function compareNumber(value: number, {number}: Operand, text: () => string): number | undefined {
  if (number === undefined) return undefined
  const wanted = Number(number)
  if (value !== wanted) return value < wanted ? -1 : 1
  return compareDecimals(text(), number)
}

/** Two JSON numbers, exactly: -1, 0 or 1. */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [decimalOf(one), decimalOf(other)]
  if (a.sign !== b.sign) return a.sign < b.sign ? -1 : 1
  const size = a.exponent === b.exponent ? compareTexts(a.digits, b.digits) : a.exponent < b.exponent ? -1 : 1
  return size === 0 ? 0 : size * a.sign
}

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** 0.`digits` × 10^`exponent`, without zeros at either end. */
function decimalOf(text: string): {sign: number; digits: string; exponent: bigint} {
  const [, minus, whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const all = whole + fraction
  const digits = all.replace(/^0+/, '').replace(/0+$/, '')
  if (digits === '') return {sign: 0, digits, exponent: 0n}
  const zeros = all.length - all.replace(/^0+/, '').length
  return {sign: minus ? -1 : 1, digits, exponent: BigInt(whole.length - zeros) + BigInt(power.replace('+', ''))}
}
