import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {channelFlag, channelIn} from '../../cli/channels.js'
import {optionalWord} from '../../cli/flags.js'
import {cursorView} from '../../cli/output/views/cursor.js'

export default class CursorList extends LeatCommand {
  static override summary = 'List readers, where each is, and how much it has in front of it.'
  static override description = 'Every reader of every channel that you may read. Unread is what read would give it.'
  static override args = {channel: optionalWord('Only readers of this channel.')}
  static override flags = {
    channel: channelFlag,
    reader: Flags.string({description: 'Only this reader.', helpValue: 'NAME'}),
  }
  static override examples = ['<%= config.bin %> cursor list', '<%= config.bin %> cursor list ops --json | jq .unread']

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CursorList)
    const {reader} = flags
    await this.out.records(
      await this.bus.cursors({channel: channelIn(args, flags), reader}),
      cursorView,
      'no reader yet; leat read CHANNEL makes one',
    )
  }
}
