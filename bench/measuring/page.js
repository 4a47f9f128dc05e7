/** The newest tables, as docs/performance.md shows them. */
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {ROOT} from './root.js'

const PAGE = join(ROOT, 'docs/performance.md')

/** Puts a run's table into the page, between the marks of its suite. Throws where there are none. */
export function show(suite, text) {
  const page = readFileSync(PAGE, 'utf8')
  const [begin, end] = [`<!-- ${suite} -->\n`, `<!-- end of ${suite} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${PAGE} has no place for ${suite}`)
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}${text}\n${page.slice(to)}`)
}
