import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {configKey, inForce} from '../../cli/configuration/values.js'

import {word} from '../../cli/flags.js'
import {forTerminal} from '../../cli/output/escape.js'
import {LeatError} from '../../model/errors.js'

export default class ConfigGet extends LeatCommand {
  static override summary = 'Print the value of a key that is in force.'
  static override description =
    'Whatever says it: a flag, a variable, the context, the configuration file, or what is usual. Exit 3 if nothing does. A password is printed as it is.'
  static override store: StoreUse = 'none'
  static override args = {key: word('The key; leat config list shows them.', {asks: 'key'})}
  static override examples = [
    '<%= config.bin %> config get store',
    '<%= config.bin %> config get smtp.from --context work --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ConfigGet)
    const row = inForce(configKey(args.key), flags, this.configuration)
    if (row.value === undefined)
      throw new LeatError('NOT_FOUND', `${row.key} is not set`, {hint: `leat config set ${row.key} VALUE`})
    this.out.write(`${this.out.json ? JSON.stringify(row) : this.out.terminal ? forTerminal(row.value) : row.value}\n`)
    this.out.flush()
  }
}
