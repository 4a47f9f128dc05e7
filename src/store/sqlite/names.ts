import type {Connection} from './connection.js'

/** How many names are kept in memory. */
const KEPT = 10_000

/**
 * Names and the numbers that stand for them in rows: actors, readers, conversations. A row's name never changes and
 * the row never goes, so both may be remembered.
 */
export class Names {
  readonly #connection: Connection
  readonly #sql: NameStatements
  readonly #ids = new Map<string, number>()
  readonly #names = new Map<number, string>()

  constructor(connection: Connection, sql: NameStatements) {
    this.#connection = connection
    this.#sql = sql
    connection.onRollback(() => this.forget())
  }

  /** The number of a name; 0, which no row has, if nobody used it yet. */
  idOf(name: string): number {
    const known = this.#ids.get(name) ?? (this.#connection.row(this.#sql.byName, [name])?.[0] as number | undefined)
    if (known === undefined) return 0
    return this.#remember(name, known)
  }

  /** The number of a name, new if need be. Only inside a write transaction. */
  intern(name: string, values: readonly (string | number)[] = []): number {
    return this.idOf(name) || this.#remember(name, this.#connection.insert(this.#sql.insert, [name, ...values]))
  }

  nameOf(id: number): string {
    const known = this.#names.get(id)
    if (known !== undefined) return known
    const name = this.#connection.row(this.#sql.byId, [id])?.[0] as string
    this.#remember(name, id)
    return name
  }

  #remember(name: string, id: number): number {
    if (this.#ids.size >= KEPT) this.forget()
    this.#ids.set(name, id)
    this.#names.set(id, name)
    return id
  }

  /** Remembers nothing any more. */
  forget(): void {
    this.#ids.clear()
    this.#names.clear()
  }
}

export interface NameStatements {
  byName: string
  byId: string
  insert: string
}

export const ACTOR_NAMES: NameStatements = {
  byName: 'SELECT id FROM names WHERE name = ?',
  byId: 'SELECT name FROM names WHERE id = ?',
  insert: 'INSERT INTO names (name) VALUES (?)',
}

export const CONVERSATION_NAMES: NameStatements = {
  byName: 'SELECT id FROM conversations WHERE name = ?',
  byId: 'SELECT name FROM conversations WHERE id = ?',
  insert: 'INSERT INTO conversations (name, created_at, created_by) VALUES (?, ?, ?)',
}
