/** What is written down of the packages that leat is built from: where they come from, and what may be done with them. */
import {readFileSync} from 'node:fs'
import {join} from 'node:path'

interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  dev?: boolean
  hasInstallScript?: boolean
}

/** Licenses under which everybody may use, change and pass on what is built from it. */
const PERMISSIVE = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0'],
  ...['Python-2.0', 'Unlicense', 'WTFPL', 'Zlib'],
])

/** Of these the package as it is may be passed on with anything; what is changed of its own files would have to be open. */
const UNCHANGED = new Set(['MPL-2.0'])

/** Texts and data that tools are made with, and that are no part of leat. */
const FOR_TOOLS = new Set(['CC-BY-3.0'])

/** @param license as SPDX writes it: `MIT`, `(MIT OR GPL-2.0)`, `MIT AND ISC` */
export const isPermissive = (license: string): boolean =>
  license
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => PERMISSIVE.has(one)))

/** A version, or a range of them: nothing that leads to a place of its own. */
const isRange = (range: string): boolean => /^[~^]?\d+\.\d+\.\d+$/.test(range)

const readJson = (root: string, name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))

/** What is wrong with the dependencies of the package in `root`, a line each. */
export function faultsOfDependencies(root: string): {packages: number; faults: string[]} {
  const {dependencies, devDependencies, allowScripts} = readJson(root, 'package.json')
  const {packages} = readJson(root, 'package-lock.json') as {packages: Record<string, Locked>}
  const faults: string[] = []
  for (const [name, range] of Object.entries<string>({...dependencies, ...devDependencies}))
    if (!isRange(range)) faults.push(`package.json: ${name} is "${range}"`)
  const {'': _, ...locked} = packages
  for (const [path, {version, resolved, integrity, license = 'none', dev, hasInstallScript}] of Object.entries(
    locked,
  )) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const fault = (what: string) => faults.push(`${path}: ${what}`)
    if (!/^\d+\.\d+\.\d+/.test(version ?? '')) fault(`version ${version}`)
    // What comes from the registry has none: .npmrc leaves it out.
    if (resolved !== undefined) fault(`comes from ${resolved}`)
    if (!integrity?.startsWith('sha512-')) fault('has no hash of its content')
    if (!isPermissive(license) && !UNCHANGED.has(license) && !(dev && FOR_TOOLS.has(license)))
      fault(`license ${license}`)
    if (hasInstallScript && !Object.hasOwn(allowScripts, name)) fault('runs a script when it is installed')
  }
  return {packages: Object.keys(locked).length, faults}
}
