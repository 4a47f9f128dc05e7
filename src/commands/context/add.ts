import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {addContext} from '../../cli/configuration/contexts.js'
import {valuesFor} from '../../cli/configuration/values.js'
import {pairs, parsePairs, word} from '../../cli/flags.js'
import {LeatError} from '../../model/errors.js'

export default class ContextAdd extends LeatCommand {
  static override summary = 'Make a context: a store, an actor and more by one name.'
  static override description =
    'Here --store and --as say what is kept. --context NAME or LEAT_CONTEXT takes it for one command, leat context use NAME for all. The store need not be there yet.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {name: word('Its name: letters, digits, ".", "_" and "-".', {asks: 'new context'})}
  static override flags = {
    set: pairs('Another key of the configuration (repeatable).'),
    use: Flags.boolean({description: 'Make it the current one.'}),
  }
  static override examples = [
    '<%= config.bin %> context add work --store ~/team.db --as alice',
    '<%= config.bin %> context add staging --store ./staging.db --set reader=night --use',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ContextAdd)
    const {store, as: actor, use} = flags
    const given = {
      ...parsePairs('set', flags.set),
      ...(actor !== undefined && {actor}),
      ...(store !== undefined && {store}),
    }
    if (Object.keys(given).length === 0)
      throw new LeatError('USAGE', 'what is in the context?', {hint: '--store PATH, --as NAME or --set KEY=VALUE'})
    const row = await addContext(this.env, args.name, valuesFor(given, this.env), {use})
    const next = use ? ', and is the current context' : `; leat context use ${row.context}`
    this.out.done(`${row.context} is made${next}`, row)
  }
}
