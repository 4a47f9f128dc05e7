import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {unsetKey} from '../../cli/configuration/setting.js'
import {words} from '../../cli/flags.js'

export default class ConfigUnset extends LeatCommand {
  static override summary = 'Take keys out of the configuration file, or with --context out of that context.'
  static override description =
    'What is usual counts again. Exit 3 for a key that is not set there. One that this leat does not know can be taken out too.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {keys: words('The keys.', {asks: 'key'})}
  static override examples = [
    '<%= config.bin %> config unset editor',
    '<%= config.bin %> config unset actor reader --context work',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ConfigUnset)
    const context = flags.context || undefined
    const where = context === undefined ? '' : ` in the context ${context}`
    for (const key of new Set<string>(args.keys)) {
      await unsetKey(this.env, key, context)
      this.out.done(`${key} is not set any more${where}`, {key, ...(context !== undefined && {context})})
    }
  }
}
