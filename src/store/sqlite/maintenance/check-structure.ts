/** The file itself: SQLite's own check, and whether everything is there that a store is made of. */
import type {Finding} from '../../../model/maintenance.js'
import {Connection} from '../connection.js'
import {migrate} from '../migrate.js'
import {damage, isDamage, type Patient, reasonOf} from './findings.js'

/** Lines of SQLite's check. */
const MOST = 100

/** SQLite's own check; the thorough one compares each index with its table. What damage it can't pass is told too. */
export async function* checkStructure({connection, options}: Patient): AsyncGenerator<Finding> {
  const {deep = false, onProgress} = options
  onProgress?.({what: 'structure', done: 0, total: 0})
  try {
    for (const [line] of connection.rows(`PRAGMA ${deep ? 'integrity_check' : 'quick_check'}(${MOST})`))
      if (line !== 'ok') yield damage('structure', String(line).replaceAll('\n', ' '))
  } catch (error) {
    if (!isDamage(error)) throw error
    yield damage('structure', reasonOf(error))
  }
}

/** Tables, indexes and what the store knows of itself. */
export async function* checkTables({connection}: Patient): AsyncGenerator<Finding> {
  const there = new Set(connection.rows(OBJECTS).map(([name]) => String(name)))
  for (const name of objectsOfNewStore()) if (!there.has(name)) yield damage('structure', `${name} is missing`)
  for (const key of ['epoch', 'created_at'])
    if (connection.row('SELECT value FROM meta WHERE key = ?', [key]) === undefined)
      yield damage('structure', `the store doesn't know its ${key}`)
}
const OBJECTS = `SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name`

function objectsOfNewStore(): string[] {
  const model = new Connection(':memory:', 0)
  try {
    model.pragma('query_only = OFF') // nothing but a model is in memory
    migrate(model)
    return model.rows(OBJECTS).map(([name]) => String(name))
  } finally {
    model.close()
  }
}
