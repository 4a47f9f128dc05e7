import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {exportTo, FORMATS} from '../cli/exporting.js'
import {anyWords, time} from '../cli/flags.js'
import {historyFlags} from '../cli/history.js'

export default class Export extends LeatCommand {
  static override summary = 'Write channels into a file, or to stdout, to be imported elsewhere or read.'
  static override description =
    'One JSON object a line: what the channels are, then their messages, to the byte. With --all also what needs manage: cursors, groups, subscriptions, dead letters and the rest; never tokens and secrets. --format csv is a table of the messages, md a document to read.'
  static override args = {
    channels: anyWords("Channels, or patterns in quotes: 'build.*'. Default: all that you may read."),
  }
  static override flags = {
    all: Flags.boolean({description: 'Everything that belongs to the channels, not their messages alone.'}),
    from: Flags.string({description: 'Begin here.', helpValue: 'POS', exclusive: ['after']}),
    after: Flags.string({description: 'Begin behind this.', helpValue: 'POS'}),
    since: time({description: 'Stored then or later.'}),
    until: time({description: 'Stored before then.'}),
    ...historyFlags,
    format: Flags.option({options: FORMATS})({
      description: 'How it is written (default: by the name of the file, else jsonl).',
    }),
    output: Flags.string({description: 'Into this file, whole or not at all.', helpValue: 'FILE'}),
  }
  static override examples = [
    '<%= config.bin %> export ops --output ops.jsonl',
    '<%= config.bin %> export --all | gzip > everything.jsonl.gz',
    "<%= config.bin %> export 'build.*' --since 7d --output week.csv",
    '<%= config.bin %> export --thread ops/42 --format md',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Export)
    const {bus, out, interrupted: signal} = this
    await exportTo({bus, out, channels: args.channels ?? [], signal}, flags)
  }
}
