import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {transportView} from '../../cli/output/views/transport.js'
import {listTransports} from '../../cli/transports.js'

export default class TransportList extends LeatCommand {
  static override summary = 'List transports: which are available, and why the others are not.'
  static override description =
    'In: programs send by it. Out: messages are pushed to subscribers by it (--transport NAME of subscribe). The order is that in which they are tried where a subscription names none.'
  static override store: StoreUse = 'none'
  static override examples = [
    '<%= config.bin %> transport list',
    "<%= config.bin %> transport list --json | jq -r 'select(.available) | .name'",
  ]

  async run(): Promise<void> {
    await this.parse(TransportList)
    const {transports, broken} = await listTransports(this.config, this.env)
    await this.out.records(transports, transportView)
    for (const {package: name, reason} of broken) this.out.note(`the plug-in ${name} is not used: ${reason}`)
  }
}
