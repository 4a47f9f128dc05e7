// The types of the library: those that its root names, theirs, and so on. What else tsc writes would be of no use to anybody.
import {existsSync, readdirSync, readFileSync, rmdirSync, rmSync} from 'node:fs'
import {dirname, join, posix} from 'node:path'

/** Removes the other ones from a folder that has nothing but types yet. @throws a type is missing */
export function keepReachedTypes(folder) {
  const reached = new Set()
  const look = (file) => {
    if (reached.has(file)) return
    reached.add(file)
    const source = readFileSync(join(folder, file), 'utf8')
    for (const [, from] of source.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g))
      look(posix.join(posix.dirname(file), from).replace(/\.js$/, '.d.ts'))
  }
  look('index.d.ts')
  const all = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((file) => file.endsWith('.d.ts'))
  for (const file of all) if (!reached.has(file.replaceAll('\\', '/'))) rmSync(join(folder, file))
  for (const file of all) removeEmpty(folder, dirname(file))
}

function removeEmpty(root, folder) {
  if (folder === '.' || !existsSync(join(root, folder)) || readdirSync(join(root, folder)).length > 0) return
  rmdirSync(join(root, folder))
  removeEmpty(root, dirname(folder))
}
