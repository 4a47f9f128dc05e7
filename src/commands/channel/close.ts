import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {setStates} from '../../cli/channels.js'
import {words} from '../../cli/flags.js'

export default class ChannelClose extends LeatCommand {
  static override summary = 'Let channels take no more messages.'
  static override description = 'A closed channel refuses every send (exit 6); what it has can still be read.'
  static override args = {names: words('The channels.', {asks: 'channel'})}
  static override flags = {
    'notify-end': Flags.boolean({description: 'Send leat.end as the last message: it ends whoever follows.'}),
  }
  static override examples = [
    '<%= config.bin %> channel close ops',
    '<%= config.bin %> channel close build.1 build.2 build.3 --notify-end',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ChannelClose)
    await setStates(this.bus, this.out, args.names, 'closed', {notifyEnd: flags['notify-end']})
  }
}
