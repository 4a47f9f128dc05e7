/**
 * Opens a store, which brings it up to date, and stops in front of one of the statements that this takes: killed by its own
 * hand, or (`waits`) there until somebody else kills it. Says how many there were when it stops at none.
 * Argument: JSON. Run from the build.
 */
import {readSync, writeSync} from 'node:fs'
import Database from 'better-sqlite3'
import {openBus} from '../../../dist/index.js'

const {store, stopAt = 0, waits = false, onWord = false} = JSON.parse(process.argv[2] ?? '{}')

let step = 0
function next() {
  step++
  if (step !== stopAt) return
  if (!waits) process.kill(process.pid, 'SIGKILL')
  writeSync(1, 'there\n')
  readSync(0, Buffer.alloc(1))
}

/** The statements of a script, each with the comments in front of it; a trigger with all that it does is one. */
function* statementsOf(script) {
  let from = 0
  for (const {0: end, index} of script.matchAll(/--[^\n]*|'(?:[^']|'')*'|\bBEGIN\b.*?\bEND\b|;/gs))
    if (end === ';') {
      yield script.slice(from, index + 1)
      from = index + 1
    }
  if (script.slice(from).trim() !== '') yield script.slice(from)
}

const {exec, prepare} = Database.prototype
Database.prototype.exec = function (script) {
  for (const statement of statementsOf(script)) {
    next()
    exec.call(this, statement)
  }
  return this
}
Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql)
  if (!/^(BEGIN|COMMIT)/.test(sql)) return statement
  const {run} = statement
  statement.run = function (...given) {
    next()
    return run.apply(this, given)
  }
  return statement
}

if (onWord) {
  writeSync(1, 'ready\n')
  readSync(0, Buffer.alloc(1))
}
const bus = await openBus({store, as: 'alice'})
await bus.close()
writeSync(1, `${step}\n`)
