// The notices of the packages that are bundled into dist: their licenses want them to go along.
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join, resolve} from 'node:path'

/** A file of a package, as esbuild names it: behind a name of a plug-in's, perhaps. Innermost, where packages have packages. */
const IN_PACKAGE = /^(?:[\w-]+:)?(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//

/** What a license, or what it wants to be handed on, is called. */
const NOTICE = /^(licen[cs]e|copying|notice)\b/i

/** Of these whoever gets the program has to be told how to come by the source. */
const SOURCE_WANTED = /\bMPL-/

/**
 * @typedef Notice
 * @property {string} name
 * @property {string} version
 * @property {string} license SPDX
 * @property {string} [source] where it is developed
 * @property {string} text
 */

/**
 * What is known of each package of which something is in an output, by name.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @param {string} root where esbuild ran
 * @returns {Notice[]}
 * @throws a package says nothing of its license, or has no text of it
 */
export function noticesOf(metafiles, root) {
  const outputs = metafiles.flatMap(({outputs}) => Object.values(outputs))
  const files = outputs.flatMap(({inputs}) =>
    Object.entries(inputs).flatMap(([file, {bytesInOutput}]) => (bytesInOutput > 0 ? [file] : [])),
  )
  const folders = new Set(files.flatMap((file) => IN_PACKAGE.exec(file)?.[1] ?? []).map((path) => resolve(root, path)))
  // The same one may be there by several ways.
  const notices = new Map([...folders].map(noticeOf).map((notice) => [`${notice.name} ${notice.version}`, notice]))
  return [...notices.keys()].sort().map((key) => notices.get(key))
}

/** @returns {Notice} */
function noticeOf(folder) {
  const {name, version, license, repository} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder, {withFileTypes: true}).filter((entry) => entry.isFile() && NOTICE.test(entry.name))
  const given = files.map((file) => readFileSync(join(folder, file.name), 'utf8').trim()).join('\n\n')
  const text = given || ownTextOf(name)
  if (typeof license !== 'string' || text === '')
    throw new Error(`${name} ${version} is bundled and has no license, or no text of it: see scripts/licenses.js`)
  return {name, version, license, source: addressOf(repository), text}
}

/** Of packages that have left their license out: what stands in their repository. '': none is known. */
function ownTextOf(name) {
  const file = new URL(`licenses/${name.replace('/', '-')}.txt`, import.meta.url)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

/** npm knows a repository by a short name, by the address that git uses, or by one inside of an object. */
function addressOf(repository) {
  const named = typeof repository === 'string' ? repository : repository?.url
  if (named === undefined) return undefined
  if (/^[\w.-]+\/[\w.-]+$/.test(named)) return `https://github.com/${named}`
  return named
    .replace(/^git\+/, '')
    .replace(/^git@([^:]+):/, 'https://$1/')
    .replace(/^(git|ssh):\/\/(git@)?/, 'https://')
    .replace(/^github:/, 'https://github.com/')
    .replace(/\.git$/, '')
}

const HEAD =
  'leat is bundled with these packages. Each belongs to its authors, under the license that stands with it.\n'
const LINE = '-'.repeat(100)

/** @param {readonly Notice[]} notices */
export const licensesText = (notices) => [HEAD, ...notices.map(noticeText)].join('\n')

/** @param {Notice} notice */
function noticeText({name, version, license, source, text}) {
  const told = [`${name} ${version}, ${license}`]
  if (source !== undefined) told.push(source)
  if (SOURCE_WANTED.test(license)) told.push(`Its source as it was bundled: npm pack ${name}@${version}`)
  return `${LINE}\n${told.join('\n')}\n\n${text}\n`
}
