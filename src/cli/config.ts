import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {Config, type Interfaces, Plugin, settings} from '@oclif/core'

/**
 * oclif's view of this package. From the build it reads dist/ and the manifest. From source (no build) it is given
 * src/commands, and a manifest is ignored: a stale one would run old commands.
 */
export async function loadConfig(root: string): Promise<Config> {
  // Otherwise an installed leat under NODE_ENV=test or development looks for typescript, and warns that it isn't there.
  settings.enableAutoTranspile = false
  const options = import.meta.url.endsWith('.ts') ? await sourceOptions(root) : {root}
  // Plug-ins bring transports, not commands: only what needs transports looks for them (plugins.ts).
  return Config.load({...options, userPlugins: false, devPlugins: false})
}

async function sourceOptions(root: string): Promise<Interfaces.Options> {
  const pjson = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  pjson.oclif.commands = './src/commands'
  const plugin = new Plugin({root, name: pjson.name, isRoot: true, ignoreManifest: true, pjson})
  await plugin.load()
  return {root, plugins: new Map([[plugin.name, plugin]])}
}
