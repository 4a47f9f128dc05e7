import {LeatCommand} from '../../cli/base.js'
import {addressOf} from '../../cli/open.js'
import {STORE_INFO} from '../../cli/output/views/store.js'

export default class StoreInfo extends LeatCommand {
  static override summary = 'Show the store: where it is, what is in it, the settings in force.'
  static override description =
    'Counts are of the whole store, whoever asks. The epoch changes when the store is restored from a backup.'
  static override examples = [
    '<%= config.bin %> store info',
    '<%= config.bin %> store info --store ./team.db --json | jq .bytes',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(StoreInfo)
    const {from: storeFrom} = addressOf(flags.store, this.env, this.configuration.configured)
    await this.out.record({...(await this.bus.info()), storeFrom}, STORE_INFO)
  }
}
