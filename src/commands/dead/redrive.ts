import {LeatCommand} from '../../cli/base.js'
import {letterFlags, lettersArg, namedLetters} from '../../cli/dead-letters.js'
import {redrivenSentence} from '../../cli/output/views/dead-letter.js'

export default class DeadRedrive extends LeatCommand {
  static override summary = 'Give dead letters to their groups and subscribers again, with all their attempts.'
  static override description =
    'At their old place, or where the message was pruned since, at a new one for the group or subscriber alone. Name messages, or give --all.'
  static override args = {messages: lettersArg}
  static override flags = letterFlags
  static override examples = [
    '<%= config.bin %> dead redrive jobs/3 jobs/7',
    '<%= config.bin %> dead redrive --all jobs --group thumbs',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DeadRedrive)
    for (const filter of await namedLetters(this.bus, args.messages, flags))
      for (const redriven of await this.bus.redrive(filter)) this.out.done(redrivenSentence(redriven), redriven)
  }
}
