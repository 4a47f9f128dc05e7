import {LeatCommand} from '../cli/base.js'
import {grantArgs, grantFlags, grantOptions, tellingOfAdministration} from '../cli/granting.js'
import {grantedSentence} from '../cli/output/views/grant.js'

export default class Revoke extends LeatCommand {
  static override summary = 'Take permissions away that were granted.'
  static override description =
    'Only those that were granted there and to whom is named: what one has through a role, on all channels, or as the maker of a channel stays. leat can tells what is left, and why.'
  static override args = grantArgs
  static override flags = grantFlags
  static override examples = [
    '<%= config.bin %> revoke submit ops --to bob',
    '<%= config.bin %> revoke read,send alerts --role monitors',
    '<%= config.bin %> revoke manage --all --to alice',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Revoke)
    const options = grantOptions(args, flags)
    const left = await tellingOfAdministration(this.bus, this.out, () => this.bus.revoke(options))
    for (const one of left) this.out.done(grantedSentence(one), one)
  }
}
