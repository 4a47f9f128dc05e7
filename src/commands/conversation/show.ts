import {LeatCommand} from '../../cli/base.js'
import {limit, messageOutputFlags, word} from '../../cli/flags.js'
import {messagePrinter} from '../../cli/output/messages.js'

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
    const print = messagePrinter(this.out, flags)
    const signal = this.interrupted
    for await (const message of this.bus.log([], {filter: {conversation: args.name}, limit: flags.limit, signal})) {
      print(message)
      await this.out.ease()
    }
    await this.out.drain()
  }
}
