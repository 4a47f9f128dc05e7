import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {cursorView} from '../../cli/output/views/cursor.js'
import {reader} from '../../cli/reading.js'

export default class CursorShow extends LeatCommand {
  static override summary = 'Show where a reader is in a channel.'
  static override description =
    'The cursor is the seq of the last message that the reader has taken and finished, 0 before the first.'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override flags = {reader}
  static override examples = [
    '<%= config.bin %> cursor show ops',
    '<%= config.bin %> cursor show ops --reader nightly --json | jq .cursor',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CursorShow)
    await this.out.record(await this.bus.cursor(args.channel, flags.reader), cursorView)
  }
}
