/** Running an operation, the same at every door. */
import type {Bus} from '../bus/bus.js'
import {draftOf, type Fields, isObject, kindOf} from '../model/draft-json.js'
import {LeatError} from '../model/errors.js'
import {checkJson} from '../model/json.js'
import {LIMITS} from '../model/limits.js'
import type {Draft} from '../model/message.js'
import {type Check, checkCompiler, schemaOf} from './input.js'
import type {AnyOperation} from './operation.js'

export interface Invocation {
  bus: Bus
  /** The input, as the JSON text of an object; absent: `{}`. Content is cut out of it. */
  text?: string
  /** Aborts when the client goes away, or the server stops. */
  signal: AbortSignal
}

/** A checked input: the operation's own fields, and the message if it takes one. */
export interface Checked {
  input: Fields
  draft?: Draft
}

/** The operations by name, each with its check, compiled when it is first needed. */
export class Runner {
  readonly operations: readonly AnyOperation[]
  readonly #byName: ReadonlyMap<string, AnyOperation>
  readonly #compile = checkCompiler()
  readonly #checks = new Map<AnyOperation, Check>()

  constructor(operations: readonly AnyOperation[]) {
    this.operations = operations
    this.#byName = new Map(operations.map((operation) => [operation.name, operation]))
  }

  /** @throws NOT_FOUND no operation of this name */
  operation(name: string): AnyOperation {
    const operation = this.#byName.get(name)
    if (operation) return operation
    throw new LeatError('NOT_FOUND', `no operation ${JSON.stringify(name)}`, {
      hint: `one of ${[...this.#byName.keys()].join(', ')}`,
    })
  }

  /**
   * Runs the operation of a name on the JSON text of its input. What comes back is for `jsonText`.
   * @throws NOT_FOUND no such operation; INVALID, TOO_LARGE its input; and what the operation throws
   */
  async call(name: string, {bus, text = '{}', signal}: Invocation): Promise<unknown> {
    const operation = this.operation(name)
    const fields = inputFields(text)
    this.#check(operation, fields)
    return runOperation(operation, {bus, ...splitInput(operation, fields, text), signal})
  }

  #check(operation: AnyOperation, fields: Fields): void {
    let check = this.#checks.get(operation)
    if (!check) {
      check = this.#compile(schemaOf(operation))
      this.#checks.set(operation, check)
    }
    check(fields)
  }
}

/** The value of the JSON text of an object. @param inside how many objects more it stands in @throws INVALID, TOO_LARGE */
export function inputFields(text: string, what = 'the input', inside = 0): Fields {
  // The content may be as deep as any; it stands inside one object more.
  const fields = checkJson(text, what, LIMITS.jsonDepth + 1 + inside)
  if (isObject(fields)) return fields
  throw new LeatError('INVALID', `${what} is ${kindOf(fields)}, not a JSON object`)
}

/** The operation's own fields apart from those of the message. @throws INVALID the message */
export function splitInput(operation: AnyOperation, fields: Fields, text: string): Checked {
  if (operation.takes !== 'message') return {input: fields}
  return {input: ownFields(operation, fields), draft: draftOf(text, fields)}
}

/** Without the fields of the message. */
export const ownFields = ({input}: AnyOperation, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => Object.hasOwn(input.properties, name)))

const NO_MESSAGE: Draft = {body: ''}

/** Runs an operation on input that was checked. */
export const runOperation = (
  operation: AnyOperation,
  {bus, input, draft = NO_MESSAGE, signal}: Checked & {bus: Bus; signal: AbortSignal},
): Promise<unknown> => operation.run({bus, input, draft, signal})
