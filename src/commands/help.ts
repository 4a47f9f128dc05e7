import {LeatCommand, type StoreUse} from '../cli/base.js'
import {anyWords} from '../cli/flags.js'

export default class Help extends LeatCommand {
  static override summary = 'Help on a command, or on exit-codes, environment, scripting.'
  static override description = 'Without words: all commands. leat COMMAND --help is the same as leat help COMMAND.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override args = {command: anyWords('A command, a topic, or exit-codes, environment, scripting.')}
  static override examples = [
    '<%= config.bin %> help send',
    '<%= config.bin %> help channel create',
    '<%= config.bin %> help scripting',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(Help)
    const words: string[] = args.command ?? []
    const {helpObjects, helpText} = await import('../cli/help.js')
    if (this.out.json) for (const entry of helpObjects(this.config, words)) this.out.write(`${JSON.stringify(entry)}\n`)
    else this.out.write(`${helpText(this.config, words, process.stdout.columns)}\n`)
    this.out.flush()
  }
}
