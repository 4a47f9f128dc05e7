import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {contextRow} from '../../cli/configuration/contexts.js'
import {configFilePath, readConfigFile} from '../../cli/configuration/file.js'
import {optionalWord} from '../../cli/flags.js'
import {CONTEXT_DETAILS} from '../../cli/output/views/configuration.js'
import {LeatError} from '../../model/errors.js'

export default class ContextShow extends LeatCommand {
  static override summary = 'Show what is in a context.'
  static override description =
    'Without a name that of --context or LEAT_CONTEXT, else the current one. Passwords are masked.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {name: optionalWord('The context.')}
  static override flags = {'show-secrets': Flags.boolean({description: 'Passwords too.'})}
  static override examples = ['<%= config.bin %> context show', '<%= config.bin %> context show work --json']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ContextShow)
    const file = await readConfigFile(configFilePath(this.env))
    const name = args.name ?? flags.context ?? (this.env['LEAT_CONTEXT'] || file.context)
    if (name === undefined || name === '')
      throw new LeatError('NOT_FOUND', 'no context is in force', {hint: 'leat context list'})
    const row = contextRow(file, name, {secrets: flags['show-secrets']})
    await this.out.record(row, CONTEXT_DETAILS(row))
  }
}
