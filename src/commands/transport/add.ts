import {LeatCommand, type StoreUse} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {addPlugin} from '../../cli/plugin-install.js'
import {builtInTransports} from '../../cli/transports.js'

export default class TransportAdd extends LeatCommand {
  static override summary = 'Add a plug-in that brings transports.'
  static override description =
    'Installs a package by npm into the data folder of leat, or a copy of a folder that is a package. What brings no transport is taken away again. A plug-in is a program: it may do all that you may.'
  static override store: StoreUse = 'none'
  static override args = {package: word('A folder, or the name of a package.')}
  static override examples = [
    '<%= config.bin %> transport add ./examples/transport-file',
    '<%= config.bin %> transport add leat-transport-matrix',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(TransportAdd)
    const added = await addPlugin(this.config, this.env, args.package, await builtInTransports())
    this.out.done(`added ${added.package}, with the transports ${added.transports.join(', ')}`, added)
  }
}
