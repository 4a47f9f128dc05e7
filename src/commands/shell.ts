import {Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../cli/base.js'
import {resolveActor} from '../cli/environment.js'
import {optionalWord} from '../cli/flags.js'
import {PROCESS_HOST} from '../cli/host.js'
import {addressOf} from '../cli/open.js'
import {givenGlobals} from '../cli/shell/globals.js'
import {LeatError} from '../model/errors.js'

export default class Shell extends LeatCommand {
  static override summary = 'Type commands at a prompt, or run a file of them, in one process.'
  static override description =
    'Every command works without leat, at the cost of milliseconds. use CHANNEL takes a channel: it is meant where none is named, "." is its name and ./42 its message 42. as NAME acts as somebody else. Words are quoted as in sh; nothing is expanded, and !LINE runs a line in your own shell. From a file or a pipe it stops at the first line that fails, with its exit code.'
  static override store: StoreUse = 'none'
  static override args = {script: optionalWord('A file of lines (default: the terminal, or stdin).')}
  static override flags = {
    'keep-going': Flags.boolean({description: 'From a file: go on after a failure; exit as the first that failed.'}),
  }
  static override examples = [
    '<%= config.bin %> shell',
    '<%= config.bin %> shell < setup.leat',
    '<%= config.bin %> shell setup.leat --keep-going --as deployer',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Shell)
    if (this.host !== PROCESS_HOST) throw new LeatError('USAGE', 'this is a shell already', {hint: 'exit ends it'})
    const {runShell} = await import('../cli/shell/run.js')
    process.exitCode = await runShell({
      config: this.config,
      env: this.env,
      handedOn: this.configuration.handedOn,
      actor: resolveActor(flags.as, this.env),
      store: {named: flags.store, path: addressOf(flags.store, this.env).store},
      globals: givenGlobals(flags),
      file: args.script,
      keepGoing: flags['keep-going'],
      note: (text) => this.out.note(text),
    })
  }
}
