import {Args} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../cli/base.js'
import {SCRIPTS} from '../cli/completing/scripts.js'

export default class Completion extends LeatCommand {
  static override summary = 'Print what lets your shell complete leat at TAB.'
  static override description =
    'One line in your profile. Commands, flags and their values, and from the store the channels, messages, actors, groups, types and whatever else a command names, as far as you may see it. Nothing is made or written by it.'
  static override store: StoreUse = 'none'
  static override args = {
    shell: Args.string({
      description: 'Your shell.',
      required: true,
      ignoreStdin: true,
      options: ['bash', 'zsh', 'fish'] as const,
    }),
  }
  static override examples = [
    'source <(<%= config.bin %> completion bash)    # in ~/.bashrc',
    'source <(<%= config.bin %> completion zsh)     # in ~/.zshrc',
    '<%= config.bin %> completion fish | source     # in ~/.config/fish/config.fish',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    const shell = args.shell as keyof typeof SCRIPTS
    this.out.write(this.out.json ? `${JSON.stringify({shell, script: SCRIPTS[shell]})}\n` : SCRIPTS[shell])
    this.out.flush()
  }
}
