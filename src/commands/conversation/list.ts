import {LeatCommand} from '../../cli/base.js'
import {CONVERSATION_SUMMARY} from '../../cli/output/views/conversation.js'

export default class ConversationList extends LeatCommand {
  static override summary = 'List conversations.'
  static override description = 'Counts and channels are what you may see.'
  static override examples = [
    '<%= config.bin %> conversation list',
    "<%= config.bin %> conversation list --json | jq -r '[.name, .messages] | @tsv'",
  ]

  async run(): Promise<void> {
    await this.parse(ConversationList)
    const empty = 'no conversations; leat send CHANNEL --conversation NAME begins one'
    await this.out.records(await this.bus.conversations(), CONVERSATION_SUMMARY, empty)
  }
}
