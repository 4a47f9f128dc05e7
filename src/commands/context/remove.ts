import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {contextRow, removeContext} from '../../cli/configuration/contexts.js'
import {configFilePath, readConfigFile} from '../../cli/configuration/file.js'
import {word, yes} from '../../cli/flags.js'
import {confirm} from '../../cli/prompts.js'

export default class ContextRemove extends LeatCommand {
  static override summary = 'Remove a context. Its store stays as it is.'
  static override description =
    'If it is the current one, none is afterwards. Asks first; --yes where nobody can be asked.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {name: word('The context.', {asks: 'context'})}
  static override flags = {yes}
  static override examples = [
    '<%= config.bin %> context remove staging',
    '<%= config.bin %> context remove staging --yes --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ContextRemove)
    const {context, settings} = contextRow(await readConfigFile(configFilePath(this.env)), args.name)
    const what = Object.entries(settings).map(([key, value]) => `${key} ${value}`)
    const message = `remove the context ${context}${what.length === 0 ? '' : ` (${what.join(', ')})`}`
    await confirm({message, yes: flags.yes, interactive: this.interactive, paint: this.out.paint})
    const wasCurrent = await removeContext(this.env, context)
    this.out.done(`removed ${context}${wasCurrent ? ': no context is the current one' : ''}`, {context, wasCurrent})
  }
}
