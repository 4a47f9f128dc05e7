import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {pairs, word} from '../cli/flags.js'
import {importSource, renamings, reportImport} from '../cli/importing.js'

export default class Import extends LeatCommand {
  static override summary = 'Take in what export wrote.'
  static override description =
    'Ids, senders and times stay as they were, and so do seqs where a channel has nothing else. What is there is passed over, so that doing it again does nothing. Channels (and the store) are made where they are missing; for others it takes manage. Import only files that you trust.'
  static override args = {file: word('The file, - for stdin.')}
  // Opened when the file is known to be one.
  static override store = 'none' as const
  static override flags = {
    resume: Flags.boolean({description: 'Go on with an import that was interrupted.'}),
    'dry-run': Flags.boolean({description: 'Store nothing; say what would be.', exclusive: ['resume']}),
    channel: pairs('Import a channel under another name (repeatable).'),
    'on-error': Flags.option({options: ['stop', 'skip'] as const, default: 'stop'})({
      description: 'What to do at a bad line.',
    }),
  }
  static override examples = [
    '<%= config.bin %> import ops.jsonl',
    'gunzip -c everything.jsonl.gz | <%= config.bin %> import - --store copy.db',
    '<%= config.bin %> import ops.jsonl --channel ops=old-ops',
    '<%= config.bin %> import everything.jsonl --resume',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Import)
    const {resume, 'dry-run': dryRun, 'on-error': onError} = flags
    const channels = renamings(flags.channel)
    const {lines, progress, done} = await importSource(args.file, this.stdin, this.out)
    await this.openBus(flags, !dryRun)
    const options = {resume, dryRun, onError, channels, progress, signal: this.interrupted}
    const result = await this.bus.import(lines, options).finally(done)
    reportImport(this.out, result, {file: args.file, dryRun, onError})
  }
}
