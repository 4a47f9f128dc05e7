/**
 * Conditions as JMESPath expressions (https://jmespath.site). Messages come from anyone, and so may expressions: only
 * what goes down into the content and compares is allowed, nothing that makes a value larger than it was, reaches back
 * to the whole from inside of it, or names things; so the work stays in proportion to the content.
 */
import {compile, TreeInterpreter, tokenize} from '@jmespath-community/jmespath'
import type {Test} from './comparison.js'
import {LeatError} from './errors.js'

type Node = ReturnType<typeof compile>
type Value = Parameters<typeof TreeInterpreter.search>[1]

/** Characters of content that an expression looks into; longer content doesn't fulfil it. */
const EXPRESSION_CONTENT = 256 * 1024
/** Parts of one expression. */
const PARTS = 100

const FUNCTIONS = new Set([
  ...['abs', 'avg', 'ceil', 'contains', 'ends_with', 'find_first', 'find_last', 'floor', 'keys', 'length', 'lower'],
  ...['map', 'max', 'max_by', 'min', 'min_by', 'not_null', 'sort', 'sort_by', 'starts_with', 'sum', 'to_number'],
  ...['trim', 'trim_left', 'trim_right', 'type', 'upper', 'values'],
])

const SYNTAX: ReadonlySet<string> = new Set<Node['type']>([
  ...(['AndExpression', 'Arithmetic', 'Comparator', 'Current', 'ExpressionReference', 'Field'] as const),
  ...(['FilterProjection', 'Flatten', 'Function', 'Identity', 'Index', 'IndexExpression', 'Literal'] as const),
  ...(['NotExpression', 'OrExpression', 'Pipe', 'Projection', 'Slice', 'Subexpression', 'Ternary', 'Unary'] as const),
  ...(['ValueProjection'] as const),
])

const HINT = 'a condition is like level=error, or a JMESPath expression like "length(items) > `3`" (docs/search.md)'

/** Fulfilled when the result is not false, null or empty. One that fails on a value isn't fulfilled by it. @throws INVALID */
export function expressionOf(text: string): Test {
  const tree = parsed(text)
  const names = checkParts(text, tree)
  // The library would find what every object has: `constructor`, `toString`.
  const isCareful = names.some((name) => name in Object.prototype)
  return (value, json) => {
    if (json.length > EXPRESSION_CONTENT) return false
    try {
      return isTruthy(TreeInterpreter.search(tree, (isCareful ? ownOnly(value) : value) as Value))
    } catch {
      return false // a function was given what it doesn't take: the answer, not a failure
    }
  }
}

/** A copy in which objects have nothing but their own members. */
const ownOnly = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.assign(Object.create(null), part) : part,
  )

/** As JMESPath has it: 0 is something. */
function isTruthy(result: unknown): boolean {
  if (result === undefined || result === null || result === false || result === '') return false
  return typeof result !== 'object' || Object.keys(result).length > 0
}

function parsed(text: string): Node {
  try {
    return compile(text)
  } catch (cause) {
    const why = (cause as Error).message.replace(/^Syntax error: |: undefined$/g, '').slice(0, 200)
    throw new LeatError('INVALID', `${JSON.stringify(text)} is not a condition: ${why}, ${placeOf(text)}`, {
      hint: HINT,
      cause,
    })
  }
}

/** Where reading had to stop: the library doesn't say. */
function placeOf(text: string): string {
  const readable = longestReadable(text)
  if (readable < text.length) return `at character ${readable + 1}`
  const tokens = tokenize(text)
  for (const [at, {start}] of tokens.entries()) {
    const end = tokens[at + 1]?.start ?? text.length
    if (!mayGoOn(text.slice(0, end))) return `at character ${start + 1}`
  }
  return 'at its end'
}

/** How many of the characters can be taken apart into words and signs. */
function longestReadable(text: string): number {
  for (let length = text.length; length > 0; length--)
    try {
      tokenize(text.slice(0, length))
      return length
    } catch {
      // One less, then.
    }
  return 0
}

/** Whether a beginning is an expression, or lacks only its end. */
function mayGoOn(text: string): boolean {
  try {
    compile(text)
    return true
  } catch (error) {
    return (error as Error).message.includes('EOF')
  }
}

/** Returns the names of the fields. @throws INVALID, TOO_LARGE */
function checkParts(text: string, tree: Node): string[] {
  const names: string[] = []
  let count = 0
  const open: unknown[] = [tree]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (++count > PARTS) throw new LeatError('TOO_LARGE', `a condition of more than ${PARTS} parts`)
    const part = node as Node
    checkPart(text, part)
    if (part.type === 'Field') names.push(part.name)
    open.push(...partsOf(part))
  }
  return names
}

const partsOf = (node: Node): unknown[] =>
  Object.entries(node).flatMap(([name, part]) =>
    name === 'value' || typeof part !== 'object' || part === null ? [] : Array.isArray(part) ? part : [part],
  )

/** @throws INVALID */
function checkPart(text: string, node: Node): void {
  if (node.type === 'Function' && !FUNCTIONS.has(node.name))
    throw refused(text, `the function ${node.name}()`, `functions: ${[...FUNCTIONS].join(' ')}`)
  if (node.type === 'Function' && LOOKING.has(node.name) && !node.children.some(isLiteral))
    throw refused(text, `${node.name}() of two things of the content`, 'give it a literal to look for or to look into')
  if (isLiteral(node)) return
  if (!SYNTAX.has(node.type)) throw refused(text, NAMES[node.type] ?? node.type, HINT)
}

/** A list of literals too, to look into: contains(['a', 'b'], level). */
const isLiteral = (node: Node): boolean =>
  node.type === 'Literal' || (node.type === 'MultiSelectList' && node.children.every(({type}) => type === 'Literal'))

/** To look for a long text in a long one takes the product of their lengths. */
const LOOKING = new Set(['contains', 'find_first', 'find_last'])

const NAMES: Readonly<Record<string, string>> = {
  Binding: 'a single =',
  LetExpression: 'let',
  MultiSelectHash: '{…}, which makes an object',
  MultiSelectList: '[…] that makes a list of anything but literals',
  Root: '$',
  Variable: 'a variable',
}

const refused = (text: string, what: string, hint: string): LeatError =>
  new LeatError('INVALID', `${JSON.stringify(text)}: a condition can't have ${what}`, {hint})
