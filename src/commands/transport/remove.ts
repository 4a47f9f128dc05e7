import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {removePlugin} from '../../cli/plugin-install.js'

export default class TransportRemove extends LeatCommand {
  static override summary = 'Remove a plug-in, and the transports that it brought.'
  static override description =
    'Deliveries of subscriptions that name such a transport wait until it is there again, or go by another one that takes their endpoint.'
  static override store: StoreUse = 'none'
  static override args = {name: word('The plug-in, or one of its transports.', {asks: 'plug-in'})}
  static override examples = [
    '<%= config.bin %> transport remove leat-transport-file',
    '<%= config.bin %> transport remove file',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(TransportRemove)
    const removed = await removePlugin(this.config, this.env, args.name)
    this.out.done(`removed ${removed}`, {removed})
  }
}
