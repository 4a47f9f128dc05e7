// Keeps what V8 has made of the bundle, for the next start. Where that can't be written leat is slower, and nothing else.
'use strict'
const {lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync} = require('node:fs')
const {join} = require('node:path')

/** Milliseconds after which what was kept for other versions goes, and what a start that was cut off has left. */
const OLD = 30 * 24 * 60 * 60 * 1000

/**
 * @param places the package's own folder, and the user's where there is one: the first that can be written takes it
 * @param isOwn  whether a folder with these stats can be trusted to be the user's
 */
function keep(script, [shared, own], name, isOwn) {
  try {
    const data = script.createCachedData()
    if (write(shared, name, data) || own === undefined) return
    mkdirSync(own, {recursive: true, mode: 0o700})
    if (!isOwn(lstatSync(own))) return
    write(own, name, data)
    removeOld(own)
  } catch {
    // No folder, no cache.
  }
}

/** Twice, as run.js reads it; whole or not at all. */
function write(folder, name, data) {
  const made = join(folder, `${name}.${process.pid}`)
  try {
    writeFileSync(made, Buffer.concat([data, data]), {flag: 'wx'})
    renameSync(made, join(folder, name))
    return true
  } catch {
    rmSync(made, {force: true})
    return false
  }
}

function removeOld(folder) {
  for (const name of readdirSync(folder))
    if (
      /^(leat|rest)\.cjs-[0-9a-f]{16}-.*\.cache/.test(name) &&
      Date.now() - statSync(join(folder, name)).mtimeMs > OLD
    )
      rmSync(join(folder, name), {force: true})
}

module.exports = {keep}
