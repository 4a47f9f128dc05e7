import {readFileSync} from 'node:fs'
import {join} from 'node:path'

const readJson = (root, name) => JSON.parse(readFileSync(join(root, name), 'utf8'))

/** What a start has to know of the package in `root`, for src/cli/built-config.ts. */
export function builtFrom(root) {
  const {commands} = readJson(root, 'oclif.manifest.json')
  const {
    version,
    oclif: {topics},
  } = readJson(root, 'package.json')
  const all = Object.values(commands)
  const details = [...new Set(all.flatMap((command) => Object.keys(command)))]
  return {
    version,
    topics,
    commands: all.map(({id, aliases}) => ({id, aliases})),
    details: details.filter((key) => key !== 'id' && key !== 'aliases'),
  }
}
