import {LeatCommand} from '../cli/base.js'
import {grantArgs, grantFlags, grantOptions, noteOpenness, tellingOfAdministration} from '../cli/granting.js'
import {grantedSentence} from '../cli/output/views/grant.js'

export default class Grant extends LeatCommand {
  static override summary = 'Let actors or roles send to a channel, read it, or manage it.'
  static override description =
    'A channel is open to all until it is restricted (channel update --restricted). Needs manage there, which its maker has; --all is for administrators: who manages all channels, or while nobody does, anyone on this machine.'
  static override args = grantArgs
  static override flags = grantFlags
  static override examples = [
    '<%= config.bin %> grant send,read ops --to bob,carol',
    '<%= config.bin %> grant submit alerts --role monitors',
    '<%= config.bin %> grant manage --all --to alice',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Grant)
    const options = grantOptions(args, flags)
    const granted = await tellingOfAdministration(this.bus, this.out, () => this.bus.grant(options))
    for (const one of granted) this.out.done(grantedSentence(one), one)
    if (this.out.errorTerminal) await noteOpenness(this.bus, this.out, options.channel)
  }
}
