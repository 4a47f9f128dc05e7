import {LeatCommand} from '../../cli/base.js'
import {words} from '../../cli/flags.js'
import {cancelledSentence, scheduledView} from '../../cli/output/views/scheduled.js'

export default class ScheduledCancel extends LeatCommand {
  static override summary = 'Take delayed messages back before they are due.'
  static override description =
    'From every channel that they are on the way to. Yours, or those of channels that you manage. One that is due already has its place, and stays (exit 6).'
  static override args = {messages: words('The messages: an id or its end.', {asks: 'scheduled'})}
  static override examples = [
    '<%= config.bin %> scheduled cancel 9f2c41aa',
    '<%= config.bin %> scheduled cancel "$(<%= config.bin %> send ops --in 10m -m tea)"',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ScheduledCancel)
    for (const message of new Set<string>(args.messages)) {
      const gone = await this.bus.cancelScheduled(message)
      if (this.out.json) await this.out.records(gone, scheduledView)
      else this.out.done(cancelledSentence(gone), gone)
    }
  }
}
