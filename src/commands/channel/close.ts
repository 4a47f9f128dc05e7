import {LeatCommand} from '../../cli/base.js'
import {setStates} from '../../cli/channels.js'
import {words} from '../../cli/flags.js'

export default class ChannelClose extends LeatCommand {
  static override summary = 'Let channels take no more messages.'
  static override description = 'A closed channel refuses every send (exit 6); what it has can still be read.'
  static override args = {names: words('The channels.')}
  static override examples = [
    '<%= config.bin %> channel close ops',
    '<%= config.bin %> channel close build.1 build.2 build.3',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelClose)
    await setStates(this.bus, this.out, args.names, 'closed')
  }
}
