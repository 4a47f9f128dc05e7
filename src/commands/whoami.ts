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
    const {actor, from: actorFrom} = identify(flags.as, this.env)
    const address = addressOf(flags.store, this.env)
    const reader = this.env['LEAT_READER'] || actor
    await this.out.record(
      {actor, actorFrom, reader, store: address.store, storeFrom: address.from, exists: isThere(address)},
      identityView,
    )
  }
}
