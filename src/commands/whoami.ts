import {LeatCommand, type StoreUse} from '../cli/base.js'
import {identify} from '../cli/environment.js'
import {addressOf, isThere} from '../cli/open.js'
import {identityView} from '../cli/output/views/identity.js'

export default class Whoami extends LeatCommand {
  static override summary = 'Say who acts, on which store, and what says so.'
  static override description = 'Opens nothing and makes nothing.'
  static override store: StoreUse = 'none'
  static override examples = ['<%= config.bin %> whoami', '<%= config.bin %> whoami --as deploy-bot --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(Whoami)
    const {configured, context} = this.configuration
    const {actor, from: actorFrom} = identify(flags.as, this.env, configured)
    const address = addressOf(flags.store, this.env, configured)
    const named = this.env['LEAT_READER'] || undefined
    const row = {
      ...{actor, actorFrom, reader: named ?? actor},
      ...(named !== undefined && {readerFrom: configured.get('reader')?.from ?? 'LEAT_READER'}),
      ...(context && {context: context.value, contextFrom: context.from}),
      ...{store: address.store, storeFrom: address.from, exists: isThere(address)},
    }
    await this.out.record(row, identityView)
  }
}
