import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {configFilePath, readConfigFile} from '../../cli/configuration/file.js'
import {masked, rowsOf, unknownKeys} from '../../cli/configuration/values.js'
import {CONFIG_ROW} from '../../cli/output/views/configuration.js'

export default class ConfigList extends LeatCommand {
  static override summary = 'List what is in force, and what says so.'
  static override description =
    'A flag wins over a variable, that over the context, that over the configuration file: $XDG_CONFIG_HOME/leat/config.json, else ~/.config/leat/config.json. Passwords are masked.'
  static override store: StoreUse = 'none'
  static override flags = {'show-secrets': Flags.boolean({description: 'Passwords too.'})}
  static override examples = [
    '<%= config.bin %> config list',
    '<%= config.bin %> config list --context work --json | jq -r \'select(.key == "store").value\'',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(ConfigList)
    const rows = rowsOf(flags, this.configuration)
    await this.out.records(flags['show-secrets'] ? rows : rows.map(masked), CONFIG_ROW)
    const unknown = unknownKeys(await readConfigFile(configFilePath(this.env)))
    if (unknown.length > 0) this.out.note(`in the file, and of no effect: ${unknown.join(', ')}`)
  }
}
