import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {chooseContext} from '../../cli/configuration/contexts.js'
import {optionalWord} from '../../cli/flags.js'
import {LeatError} from '../../model/errors.js'

export default class ContextUse extends LeatCommand {
  static override summary = 'Make a context the current one: every leat takes it from now on.'
  static override description =
    'Where --context or LEAT_CONTEXT name another, that one counts. --none: no context at all.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {name: optionalWord('The context.', {asks: 'context', unless: ['none']})}
  static override flags = {none: Flags.boolean({description: 'No context is the current one any more.'})}
  static override examples = ['<%= config.bin %> context use work', '<%= config.bin %> context use --none']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ContextUse)
    const {name} = args
    if (flags.none && name !== undefined) throw new LeatError('USAGE', `"${name}" and --none: it is either one or none`)
    if (!flags.none && name === undefined)
      throw new LeatError('USAGE', 'which context?', {
        hint: 'leat context use NAME, or --none; leat context list shows them',
      })
    await chooseContext(this.env, name)
    const other = this.env['LEAT_CONTEXT']
    this.out.done(name === undefined ? 'no context is the current one' : `${name} is the current context`, {
      context: name ?? null,
    })
    if (other && other !== name) this.out.note(`LEAT_CONTEXT names another: ${other}`)
  }
}
