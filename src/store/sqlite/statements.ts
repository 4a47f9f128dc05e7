import type Database from 'better-sqlite3'

/** The statements of a connection, each prepared when it is first needed: a short command pays only for what it does. */
export class Statements {
  readonly #database: Database.Database
  readonly #plain = new Map<string, Database.Statement>()
  readonly #raw = new Map<string, Database.Statement>()

  constructor(database: Database.Database) {
    this.#database = database
  }

  /** Its rows come as objects. */
  plain(sql: string): Database.Statement {
    const known = this.#plain.get(sql)
    if (known) return known
    const made = this.#database.prepare(sql)
    this.#plain.set(sql, made)
    return made
  }

  /** Its rows come as arrays. */
  raw(sql: string): Database.Statement {
    const known = this.#raw.get(sql)
    if (known) return known
    const made = this.#database.prepare(sql).raw()
    this.#raw.set(sql, made)
    return made
  }

  /** The text of each that was prepared so far. */
  get texts(): string[] {
    return [...new Set([...this.#plain.keys(), ...this.#raw.keys()])]
  }
}
