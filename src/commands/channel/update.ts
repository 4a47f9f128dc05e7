import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {names, word} from '../../cli/flags.js'
import {MISFIT, printChannel} from '../../cli/output/views/channel.js'
import {noteUnknownTransport} from '../../cli/push-remarks.js'
import {changeOf, membersChange, settingsFlags} from '../../cli/settings.js'
import {LeatError} from '../../model/errors.js'

export default class ChannelUpdate extends LeatCommand {
  static override summary = 'Change the settings of a channel.'
  static override description =
    "What no flag names stays as it is; an empty value takes a setting away: --title '', --max-age '', --meta team=. A new schema is for messages to come; --check changes nothing and prints each stored message that would not fit (exit 2 if there is one)."
  static override args = {name: word('The channel.', {asks: 'channel'})}
  static override flags = {
    ...settingsFlags,
    restricted: Flags.boolean({description: 'Only managers and members may read and send.', allowNo: true}),
    members: names('Who may read and send; replaces the list.'),
    'add-members': names('More members.'),
    'remove-members': names('No members any more.'),
    check: Flags.boolean({
      description: 'Only print which stored messages would not fit --schema.',
      dependsOn: ['schema'],
    }),
  }
  static override examples = [
    '<%= config.bin %> channel update ops --title "Operations" --max-messages 10000',
    "<%= config.bin %> channel update ops --title '' --meta team=",
    '<%= config.bin %> channel update hr --restricted --add-members carol --remove-members bob',
    '<%= config.bin %> channel update events --schema v2.schema.json --check',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ChannelUpdate)
    if (flags.check) return this.check(args.name, flags.schema ?? '{}')
    const current = await this.bus.channel(args.name)
    const change = changeOf(flags, current)
    const members = membersChange(flags, current.members)
    if (!members && Object.keys(change).length === 0)
      throw new LeatError('USAGE', 'nothing to change', {hint: 'leat channel update --help lists the settings'})
    await printChannel(this.out, await this.bus.updateChannel(args.name, {...change, members}))
    for (const name of [flags.ingress, flags.egress]) await noteUnknownTransport(this.out, this.config, name)
  }

  private async check(name: string, schema: string): Promise<void> {
    const misfits = await this.out.each(this.bus.misfits(name, schema), MISFIT)
    if (misfits === 0) return this.out.note(`all stored messages of ${name} fit`)
    throw new LeatError(
      'SCHEMA',
      `${misfits} stored ${misfits === 1 ? 'message' : 'messages'} of "${name}" would not fit`,
    )
  }
}
