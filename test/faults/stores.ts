/** Stores of every schema there was, with something of all that leat keeps, and what is in a store, table by table. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'
import Database from 'better-sqlite3'

const FIXTURES = new URL('fixtures/', import.meta.url)
const MIGRATIONS = new URL('../../src/store/sqlite/migrations/', import.meta.url)

/** The schemas of which there is a fixture, oldest first. */
export const SCHEMAS: readonly number[] = readdirSync(FIXTURES)
  .flatMap((name) => /^schema-(\d+)\./.exec(name)?.[1] ?? [])
  .map(Number)
  .sort((a, b) => a - b)

/** Puts the store of a schema at a path. */
export function putStore(schema: number, path: string): void {
  const name = readdirSync(FIXTURES).find((one) => one.startsWith(`schema-${schema}.`))!
  const bytes = readFileSync(new URL(name, FIXTURES))
  if (name.endsWith('.gz')) {
    writeFileSync(path, gunzipSync(bytes))
    return
  }
  const database = new Database(path)
  database.exec(bytes.toString())
  database.pragma('journal_mode = WAL')
  database.close()
}

/** Rows of a table, as JSON, in no order that says anything: sorted. */
export type Tables = Readonly<Record<string, readonly string[]>>

/** All that is in a store. @param without columns, as `table.column`, that come out differently each time */
export function tablesOf(path: string, without: readonly string[] = []): Tables {
  const database = new Database(path)
  const tables = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`)
    .pluck()
    .all() as string[]
  const rows = (table: string): string[] =>
    (database.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[])
      .map((row) =>
        JSON.stringify(
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              column,
              without.includes(`${table}.${column}`)
                ? typeof value
                : Buffer.isBuffer(value)
                  ? value.toString('hex')
                  : value,
            ]),
          ),
        ),
      )
      .sort()
  const found = Object.fromEntries(tables.map((table) => [table, rows(table)]))
  database.close()
  return found
}

/** What a file says of itself: its schema's version, what SQLite finds wrong in it, and its tables and indexes. */
export function shapeOf(path: string): {version: number; integrity: string; schema: string[]} {
  const database = new Database(path)
  const version = Number(database.pragma('user_version', {simple: true}))
  const integrity = String(database.pragma('integrity_check', {simple: true}))
  const schema = schemaOf(database)
  database.close()
  return {version, integrity, schema}
}

/** The tables and indexes of a schema, as its migrations make them. */
export function schemaAt(version: number): string[] {
  const database = new Database(':memory:')
  for (const name of readdirSync(MIGRATIONS).sort())
    if (Number(name.slice(0, 3)) <= version) database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
  const schema = schemaOf(database)
  database.close()
  return schema
}

const schemaOf = (database: Database.Database): string[] =>
  database
    .prepare(`SELECT type || ' ' || name || ' ' || sql FROM sqlite_schema WHERE sql IS NOT NULL`)
    .pluck()
    .all()
    .sort() as string[]
