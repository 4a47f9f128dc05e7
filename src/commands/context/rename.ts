import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {renameContext} from '../../cli/configuration/contexts.js'
import {word} from '../../cli/flags.js'

export default class ContextRename extends LeatCommand {
  static override summary = 'Give a context another name.'
  static override description =
    'If it is the current one, it stays that. LEAT_CONTEXT in your profile is yours to change.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {
    name: word('The context.', {asks: 'context'}),
    to: word('Its new name.', {asks: 'new context'}),
  }
  static override examples = [
    '<%= config.bin %> context rename work office',
    '<%= config.bin %> context rename work office --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ContextRename)
    const {name: context, to} = args
    await renameContext(this.env, context, to)
    this.out.done(`renamed ${context} to ${to}`, {context: to, before: context})
  }
}
