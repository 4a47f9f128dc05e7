import {LeatCommand} from '../../cli/base.js'
import {setStates} from '../../cli/channels.js'
import {words} from '../../cli/flags.js'

export default class ChannelDrain extends LeatCommand {
  static override summary = 'Let channels take replies only, and close them when nothing is left.'
  static override description =
    'A draining channel refuses new messages, takes replies and what is on its way, and closes itself when no claim, delivery or delayed message is left; at once, if there is none. At a terminal it says what is left.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override examples = [
    '<%= config.bin %> channel drain jobs',
    '<%= config.bin %> channel drain jobs jobs.replies --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ChannelDrain)
    await setStates(this.bus, this.out, args.names, 'draining')
  }
}
