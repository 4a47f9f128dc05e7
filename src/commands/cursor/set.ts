import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {word} from '../../cli/flags.js'
import {moveSentence, moveView} from '../../cli/output/views/cursor.js'
import {reader} from '../../cli/reading.js'

export default class CursorSet extends LeatCommand {
  static override summary = 'Move a cursor anywhere, and say what comes again or is skipped.'
  static override description =
    'The next read begins behind the position: start, now, a seq, CHANNEL/SEQ, a message id, or a time (what was stored since then comes next).'
  static override args = {
    channel: word('The channel.', {asks: 'channel'}),
    position: word('Where the cursor goes.', {asks: 'position'}),
  }
  static override flags = {
    reader,
    'dry-run': Flags.boolean({description: 'Only say what would happen.'}),
  }
  static override examples = [
    '<%= config.bin %> cursor set ops start --dry-run',
    '<%= config.bin %> cursor set ops now',
    '<%= config.bin %> cursor set ops 42 --reader nightly',
    '<%= config.bin %> cursor set ops 2h',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(CursorSet)
    const dryRun = flags['dry-run']
    const move = await this.bus.setCursor(args.channel, args.position, {reader: flags.reader, dryRun})
    // What would happen is a result, what happened an outcome.
    if (dryRun && !this.out.terminal) return this.out.records([move], moveView)
    this.out.done(moveSentence(move, {dryRun}), move)
  }
}
