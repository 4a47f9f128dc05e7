import {Flags} from '@oclif/core'
import {LeatCommand} from '../../cli/base.js'
import {pairs, parsePairs, word} from '../../cli/flags.js'
import {printConversation} from '../../cli/output/views/conversation.js'

export default class ConversationCreate extends LeatCommand {
  static override summary = 'Make a conversation: a named set of messages across channels.'
  static override description =
    'send --conversation NAME makes one too; making it by hand gives it a title and the rest. In a pipe it prints the name.'
  static override args = {name: word('Its name: letters, digits, ".", "_" and "-".', {asks: 'new conversation'})}
  static override flags = {
    title: Flags.string({description: 'A title for people.', helpValue: 'TEXT'}),
    description: Flags.string({description: 'What it is about.', helpValue: 'TEXT'}),
    meta: pairs('Anything else worth knowing (repeatable).'),
  }
  static override examples = [
    '<%= config.bin %> conversation create outage-42 --title "The outage of May 4"',
    '<%= config.bin %> send ops -m "disk full on db1" --conversation outage-42',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ConversationCreate)
    const {title, description} = flags
    const conversation = await this.bus.createConversation(args.name, {
      title,
      description,
      metadata: parsePairs('meta', flags.meta),
    })
    await printConversation(this.out, conversation)
  }
}
