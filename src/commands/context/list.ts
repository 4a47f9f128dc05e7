import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {contextRows} from '../../cli/configuration/contexts.js'
import {configFilePath, readConfigFile} from '../../cli/configuration/file.js'
import {CONTEXT} from '../../cli/output/views/configuration.js'

export default class ContextList extends LeatCommand {
  static override summary = 'List contexts; a star marks the current one.'
  static override description = 'As they stand in the configuration file, whatever --context and LEAT_CONTEXT say.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override examples = [
    '<%= config.bin %> context list',
    "<%= config.bin %> context list --json | jq -r '.settings.store'",
  ]

  async run(): Promise<void> {
    await this.parse(ContextList)
    const rows = contextRows(await readConfigFile(configFilePath(this.env)))
    await this.out.records(rows, CONTEXT, 'no contexts; leat context add NAME --store PATH makes one')
  }
}
