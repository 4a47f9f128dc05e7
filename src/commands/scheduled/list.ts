import {LeatCommand} from '../../cli/base.js'
import {optionalWord} from '../../cli/flags.js'
import {scheduledView} from '../../cli/output/views/scheduled.js'

export default class ScheduledList extends LeatCommand {
  static override summary = 'List delayed messages that are not due yet.'
  static override description =
    'Your own, and all those of channels that you manage, the next one first. They have an id, and no place in the channel until they are due.'
  static override args = {channel: optionalWord('Only those of this channel.')}
  static override examples = ['<%= config.bin %> scheduled list', '<%= config.bin %> scheduled list ops --json']

  async run(): Promise<void> {
    const {args} = await this.parse(ScheduledList)
    await this.out.records(await this.bus.scheduled({channel: args.channel}), scheduledView, 'nothing is scheduled')
  }
}
