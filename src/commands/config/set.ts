import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {configFilePath, readConfigFile} from '../../cli/configuration/file.js'
import {setKey, winsOver} from '../../cli/configuration/setting.js'
import {masked} from '../../cli/configuration/values.js'
import {word} from '../../cli/flags.js'

export default class ConfigSet extends LeatCommand {
  static override summary = 'Set a key in the configuration file, or with --context in that context.'
  static override description =
    'Flags, variables and the context in force still win over it. A relative path of a store is kept from the root. Only you can read the file. docs/configuration.md tells of every key.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {
    key: word('The key; leat config list shows them.', {asks: 'key'}),
    value: word('The value.', {asks: 'value'}),
  }
  static override examples = [
    '<%= config.bin %> config set actor alice',
    '<%= config.bin %> config set editor "code --wait"',
    '<%= config.bin %> config set store ./team.db --context work',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ConfigSet)
    const {key} = args
    const context = flags.context || undefined
    const value = await setKey(this.env, key, args.value, context)
    const row = masked({key, value})
    const where = context === undefined ? '' : ` in the context ${context}`
    this.out.done(`${key} is ${row.value}${where}`, {...row, ...(context !== undefined && {context})})
    const winner = winsOver(this.env, await readConfigFile(configFilePath(this.env)), key, context)
    if (winner !== undefined) this.out.note(`${winner} says something else, and wins`)
  }
}
