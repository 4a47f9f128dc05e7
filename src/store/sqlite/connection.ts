import Database from 'better-sqlite3'
import {isBusy} from './errors.js'
import {Statements} from './statements.js'

/** What a statement takes: values in order, or by name. */
export type Value = string | number | Buffer | Uint8Array | null
export type Parameters = readonly Value[] | Readonly<Record<string, Value>>
/** A row as an array, in the order of its columns. */
export type Raw = (Value | undefined)[]

/** 'leat': says that a SQLite file is a store. */
export const APPLICATION_ID = 0x6c656174

/** What became of a piece of work. */
export type Outcome<T> = {value: T} | {error: unknown}

/** Pages that are copied before other things of this process get their turn: 8 MiB. */
const PAGES_AT_ONCE = 2048

/**
 * One connection to a database file: prepared statements, transactions, and the settings that leat relies on.
 *
 * Statements that run often say `LIMIT :count + 0`: a bare parameter there is part of the plan for SQLite (3.53), and each
 * run would prepare the statement anew, at five times its cost.
 */
export class Connection {
  readonly #database: Database.Database
  readonly #statements: Statements
  readonly #onRollback: (() => void)[] = []
  #whenKept: (() => void)[] = []
  #isReading = false
  /** Whether a commit waits for the disk. */
  #isSynced = true
  #writes = 0
  #onBegin: () => void = () => {}
  #onWrite: () => void = () => {}

  /**
   * Opens an existing file, or a snapshot of one in memory, which can't be written.
   * @param patience milliseconds that SQLite itself waits for another connection
   */
  constructor(location: string | Buffer, patience: number, {readonly = false} = {}) {
    this.#database = new Database(location, {fileMustExist: typeof location === 'string', readonly, timeout: patience})
    this.#statements = new Statements(this.#database)
    // Each connection starts with better-sqlite3's NORMAL in WAL mode, which loses acknowledged messages in a power cut.
    try {
      this.#database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000')
      if (this.isReadonly) this.#database.pragma('query_only = ON')
    } catch (error) {
      this.#database.close() // no database at all
      throw error
    }
  }

  get(sql: string, parameters: Parameters = []): Record<string, Value> | undefined {
    return this.#statements.plain(sql).get(parameters) as Record<string, Value> | undefined
  }

  all(sql: string, parameters: Parameters = []): Record<string, Value>[] {
    return this.#statements.plain(sql).all(parameters) as Record<string, Value>[]
  }

  /** Rows as arrays: half the cost of objects where many are read. */
  rows(sql: string, parameters: Parameters = []): Raw[] {
    return this.#statements.raw(sql).all(parameters) as Raw[]
  }

  /** As `rows`, up to the one behind which it is enough. */
  rowsUntil(sql: string, parameters: Parameters, isEnough: (row: Raw) => boolean): Raw[] {
    const rows: Raw[] = []
    for (const row of this.#statements.raw(sql).iterate(parameters) as Iterable<Raw>) {
      rows.push(row)
      if (isEnough(row)) break
    }
    return rows
  }

  row(sql: string, parameters: Parameters = []): Raw | undefined {
    return this.#statements.raw(sql).get(parameters) as Raw | undefined
  }

  /** Rows as arrays, one by one, however many they are. Nothing else may be asked meanwhile. */
  each(sql: string, work: (row: Raw) => void): void {
    for (const row of this.#database.prepare(sql).raw().iterate()) work(row as Raw)
  }

  /** Something that is made beside the file for as long as some work takes; it may be made where the file can't be written. */
  temporarily(make: string, drop: string, work: () => void): void {
    if (this.isReadonly) this.#database.pragma('query_only = OFF')
    try {
      this.script(make)
      try {
        work()
      } finally {
        this.script(drop)
      }
    } finally {
      if (this.isReadonly) this.#database.pragma('query_only = ON')
    }
  }

  /** Returns how many rows changed. */
  run(sql: string, parameters: Parameters = []): number {
    return this.#statements.plain(sql).run(parameters).changes
  }

  /** The row id of what was inserted. */
  insert(sql: string, parameters: Parameters = []): number {
    return Number(this.#statements.plain(sql).run(parameters).lastInsertRowid)
  }

  /** A function that statements can call. */
  define(name: string, work: (...values: Value[]) => Value): void {
    this.#database.function(name, {deterministic: true, varargs: false}, work)
  }

  /** Statements without parameters or results, several at once. */
  script(sql: string): void {
    this.#database.exec(sql)
  }

  pragma(text: string): Value {
    return this.#database.pragma(text, {simple: true}) as Value
  }

  /** One transaction that may write: it takes the write lock first, so nothing that it reads can change under it. */
  write<T>(work: () => T): T {
    this.#refuseWhileReading()
    if (!this.#isSynced && !this.#database.inTransaction) this.#sync(true)
    try {
      return this.#transaction('BEGIN IMMEDIATE', work, this.#onWrite)
    } finally {
      this.#writes++
    }
  }

  /**
   * The same without waiting for the disk: a power cut may undo it, but never without what was written after it. For what
   * would be worth nothing after a power cut anyway.
   */
  writeUnsynced<T>(work: () => T): T {
    this.#refuseWhileReading()
    if (this.#database.inTransaction) return work()
    this.#sync(false)
    try {
      return this.#transaction('BEGIN IMMEDIATE', work, this.#onWrite)
    } finally {
      this.#writes++
      this.#syncAgain()
    }
  }

  /** Where that doesn't work it is for the next write to do, before it begins: what was done here is done all the same. */
  #syncAgain(): void {
    try {
      this.#sync(true)
    } catch {
      // `isSynced` says so.
    }
  }

  #sync(isOn: boolean): void {
    this.#isSynced = false
    // Not kept as a statement: SQLite carries out a pragma when it is prepared.
    this.script(`PRAGMA synchronous = ${isOn ? 'FULL' : 'NORMAL'}`)
    this.#isSynced = isOn
  }

  #refuseWhileReading(): void {
    // A snapshot can't be written from: another writer may have been there since, and it has not the lock.
    if (this.#isReading) throw new Error('a write inside of a read transaction')
  }

  /**
   * Several writes in one transaction, each of which stands for itself: one that throws is undone alone. What was done is
   * on disk when this returns; where this throws, nothing of any of them is kept.
   */
  writeEach<T>(works: Iterable<() => T>): Outcome<T>[] {
    return this.write(() => Array.from(works, (work) => this.#apart(work)))
  }

  #apart<T>(work: () => T): Outcome<T> {
    const kept = this.#whenKept.length
    this.run('SAVEPOINT apart')
    try {
      const value = work()
      this.run('RELEASE apart')
      return {value}
    } catch (error) {
      // A full disk has undone all of it already; a statement that found the store busy is for all to try again.
      if (!this.#database.inTransaction || isBusy(error)) throw error
      this.run('ROLLBACK TO apart')
      this.run('RELEASE apart')
      this.#undone(kept)
      return {error}
    }
  }

  /** One snapshot for several reads. */
  read<T>(work: () => T): T {
    if (this.#database.inTransaction) return work()
    this.#isReading = true
    try {
      return this.#transaction('BEGIN', work)
    } finally {
      this.#isReading = false
    }
  }

  #transaction<T>(begin: string, work: () => T, check?: () => void): T {
    if (this.#database.inTransaction) return work()
    this.run(begin)
    try {
      this.#onBegin()
      check?.()
      const result = work()
      this.run('COMMIT')
      for (const then of this.#whenKept.splice(0)) then()
      return result
    } catch (error) {
      // A full disk has rolled back already.
      if (this.#database.inTransaction) this.run('ROLLBACK')
      this.#undone(0)
      throw error
    }
  }

  /** @param kept how many were to be told of what stands before it */
  #undone(kept: number): void {
    this.#whenKept.length = kept
    for (const forget of this.#onRollback) forget()
  }

  /** Calls `then` when the transaction around it is on disk, and never when it is undone; at once where there is none. */
  whenKept(then: () => void): void {
    if (this.#database.inTransaction) this.#whenKept.push(then)
    else then()
  }

  /** What is called when a transaction was undone: whoever remembers rows forgets them. */
  onRollback(forget: () => void): void {
    this.#onRollback.push(forget)
  }

  /** What is called at the start of each transaction, inside of it: if it throws, nothing is read or written. */
  onBegin(check: () => void): void {
    this.#onBegin = check
  }

  /** What is called at the start of each write transaction, behind the lock: if it throws, nothing is written. */
  onWrite(check: () => void): void {
    this.#onWrite = check
  }

  /**
   * Copies the whole database, page by page, into a file that is there: a draft. Others may write meanwhile, and this
   * connection may not: it keeps one snapshot until the copy is whole.
   * @param onPages told of pages that are left, and of all
   */
  async copyTo(file: string, onPages: (left: number, total: number) => void = () => {}): Promise<void> {
    this.run('BEGIN')
    try {
      // A snapshot begins with the first look.
      this.row('SELECT count(*) FROM sqlite_schema')
      await this.#database.backup(file, {
        progress: ({remainingPages, totalPages}) => {
          onPages(remainingPages, totalPages)
          return PAGES_AT_ONCE
        },
      })
    } finally {
      this.run('COMMIT')
    }
  }

  /**
   * Puts all of the log into the file, which is then a store by itself. Closing does that too, but says nothing when it
   * can't, because there is no room, say.
   */
  settle(): void {
    if (this.row('PRAGMA wal_checkpoint(TRUNCATE)')?.[0] !== 0)
      throw new Error('the log of a file that nobody else knows is in use')
  }

  /** From now on the tables behind virtual ones may be written too: for whoever copies all of them. */
  allowShadowTables(): void {
    this.#database.unsafeMode()
  }

  /** Write transactions of this connection that have ended: what was read before the last one may be another now. */
  get writes(): number {
    return this.#writes
  }

  /** The text of every statement that was prepared so far. */
  get prepared(): string[] {
    return this.#statements.texts
  }

  get isOpen(): boolean {
    return this.#database.open
  }

  get isReadonly(): boolean {
    return this.#database.readonly || this.#database.memory
  }

  close(): void {
    this.#database.close()
  }
}
