import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {names, parseNames, word} from '../../cli/flags.js'
import {printChannel} from '../../cli/output/views/channel.js'
import {noteUnknownTransport} from '../../cli/push-remarks.js'
import {settingsFlags, settingsOf} from '../../cli/settings.js'

export default class ChannelCreate extends LeatCommand {
  static override summary = 'Make a channel (and the store, if it is missing).'
  static override description =
    'Everyone may read and send until a channel is restricted; who makes it manages it. A name that was used before goes on with its numbers. In a pipe it prints the name.'
  static override args = {name: word('Its name: letters, digits, ".", "_" and "-".', {asks: 'new channel'})}
  static override flags = {
    ...settingsFlags,
    restricted: Flags.boolean({description: 'Only you and members may read and send.'}),
    members: names('Who may read and send when it is restricted.'),
  }
  static override examples = [
    '<%= config.bin %> channel create ops',
    '<%= config.bin %> channel create ops --title "Operations" --max-age 30d --meta team=platform',
    '<%= config.bin %> channel create events --schema event.schema.json',
    '<%= config.bin %> channel create hr --restricted --members alice,bob',
  ]
  static override store = 'makes' as const

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ChannelCreate)
    const members = parseNames(flags.members ?? '')
    const channel = await this.bus.createChannel(args.name, {...settingsOf(flags), members})
    await printChannel(this.out, channel)
    for (const name of [flags.ingress, flags.egress]) await noteUnknownTransport(this.out, this.config, name)
  }
}
