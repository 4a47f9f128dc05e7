import {LeatCommand} from '../../cli/base.js'
import {limit, messageOutputFlags, word} from '../../cli/flags.js'
import {foreseen, printing, show} from '../../cli/handing.js'

export default class ConversationShow extends LeatCommand {
  static override summary = 'Print the messages of a conversation, over all channels.'
  static override description = 'In the order in which they were stored, as far as you may see them. No cursor moves.'
  static override args = {name: word('The conversation.', {asks: 'conversation'})}
  static override flags = {...messageOutputFlags, limit: limit('Only so many of the newest.')}
  static override examples = [
    '<%= config.bin %> conversation show outage-42',
    "<%= config.bin %> conversation show outage-42 --format '{time} {channel} {sender}: {content:line}'",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ConversationShow)
    await this.bus.conversations(args.name) // refuses one that isn't there
    const handing = printing(this.out, flags)
    const options = {filter: {conversation: args.name}, limit: flags.limit, signal: this.interrupted}
    await show(foreseen(this.bus.log([], options), handing), handing, this.out)
  }
}
