import {LeatCommand} from '../../cli/base.js'
import {setStates} from '../../cli/channels.js'
import {words} from '../../cli/flags.js'

export default class ChannelOpen extends LeatCommand {
  static override summary = 'Let channels take messages again.'
  static override description = 'Undoes close and drain. Every name is checked before the first is opened.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override examples = ['<%= config.bin %> channel open ops', '<%= config.bin %> channel open ops audit']

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelOpen)
    await setStates(this.bus, this.out, args.names, 'open')
  }
}
