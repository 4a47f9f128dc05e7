import {type Body, TEXT} from '../../model/content.js'
import type {Filter} from '../../model/filter.js'
import type {Condition} from '../../model/where.js'
import type {Connection} from './connection.js'

/** Conditions that a handle remembers: more than can be in use at once. */
const REMEMBERED = 1000

/**
 * What `where` of a filter means, as a function of SQL: a limit stays exact, since nothing is left out behind it. What
 * reads conditions is loaded with the first of them, which takes a moment, so it is done in front of the step that needs it.
 */
export class Conditions {
  /** By their texts, as the statements have them. */
  readonly #known = new Map<string, Condition>()

  constructor(connection: Connection) {
    connection.define('leat_where', (texts, contentType, content) =>
      this.#holds(texts as string, contentType as string | null, content as Body) ? 1 : 0,
    )
  }

  /** Before a step with this filter. @throws INVALID, TOO_LARGE */
  async prepare(filter: Filter | undefined): Promise<void> {
    if (filter?.where === undefined) return
    const texts = JSON.stringify(filter.where)
    const {conditionOf} = await import('../../model/where.js')
    const condition = this.#known.get(texts) ?? (await conditionOf(filter.where))
    // The one that was used last is the last to go.
    this.#known.delete(texts)
    this.#known.set(texts, condition)
    const [oldest] = this.#known.keys()
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
  }

  #holds(texts: string, contentType: string | null, content: Body): boolean {
    const condition = this.#known.get(texts)
    if (!condition) throw new Error('a filter whose conditions were not prepared')
    return condition(content, contentType ?? TEXT)
  }
}
