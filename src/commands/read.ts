import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {filterFlags, word} from '../cli/flags.js'
import {foreseen, type Handing, printing, running, saving, show} from '../cli/handing.js'
import {asReader, noteRest, noteUncommitted} from '../cli/output/unread.js'
import {
  checkReading,
  nothingCame,
  onlyLooks,
  type ReadFlags,
  readingFlags,
  readOptions,
  seekTarget,
} from '../cli/reading.js'
import {takeAll} from '../cli/taking.js'

export default class Read extends LeatCommand {
  static override summary = 'Read the next messages of a channel at your own place.'
  static override description =
    'Prints them, and only when they are out the cursor moves: if that fails they come again. In a pipe that means handed to the pipe; with -- CMD a command runs for each message (body on its stdin, LEAT_MSG_* in its environment) and the cursor moves after each exit 0. A filter would skip for ever what it hides, so it needs --peek or a --reader of its own.'
  static override usage = '[-- COMMAND...]'
  static override args = {channel: word('The channel.', {asks: 'channel'})}
  static override flags = {
    ...readingFlags,
    peek: Flags.boolean({description: 'Look without moving the cursor.', exclusive: ['seek']}),
    'no-commit': Flags.boolean({description: 'Leave the cursor for leat cursor commit.', exclusive: ['seek']}),
    from: Flags.string({description: 'Begin here, without moving the cursor.', helpValue: 'POS', exclusive: ['after']}),
    after: Flags.string({description: 'Begin behind this, without moving the cursor.', helpValue: 'POS'}),
    seek: Flags.boolean({description: 'With --from or --after: set the cursor there first, then read.'}),
    ...filterFlags,
    others: Flags.boolean({description: 'Leave out your own messages.'}),
    output: Flags.string({description: 'Content of one message goes to this file.', helpValue: 'FILE'}),
  }
  static override examples = [
    '<%= config.bin %> read ops',
    '<%= config.bin %> read ops --all --json | jq -r .content',
    '<%= config.bin %> read ops --wait 30s -n 1 --raw',
    '<%= config.bin %> read ops --reader alerts --type alert --all -- ./page-someone.sh',
    '<%= config.bin %> read ops --from 2h --seek',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Read)
    checkReading(flags, this.rest, this.bus.context.actor)
    const given = onlyLooks(flags) ? await this.look(args.channel, flags) : await this.take(args.channel, flags)
    nothingCame(this.out, args.channel, given, flags)
  }

  private async look(channel: string, flags: ReadFlags): Promise<number> {
    const options = {...readOptions(flags, this.interrupted), from: flags.from, after: flags.after}
    const handing = this.handing(flags)
    const {given, last} = await show(foreseen(this.bus.peek(channel, options), handing), handing, this.out)
    if (last && flags['no-commit'] && this.out.errorTerminal) noteUncommitted(this.out, flags.reader, last)
    else if (this.out.terminal && !flags.all && (flags.from ?? flags.after) === undefined) {
      const left = (await this.bus.unread(channel, options)) - given
      noteRest(this.out, given, left, `leat read ${channel} --peek --all${asReader(flags.reader)}`)
    }
    return given
  }

  private async take(channel: string, flags: ReadFlags): Promise<number> {
    const handing = this.handing(flags)
    const options = readOptions(flags, this.interrupted)
    if (flags.seek) await this.bus.setCursor(channel, ...seekTarget(flags))
    return takeAll(this.bus.read(channel, options), {
      out: this.out,
      handing,
      more: flags.all ? undefined : `leat read ${channel} --all${asReader(flags.reader)}`,
      unread: () => this.bus.unread(channel, options),
    })
  }

  private handing(flags: ReadFlags): Handing {
    if (this.rest) return running(this.rest, this.surroundings)
    return flags.output === undefined ? printing(this.out, flags) : saving(this.out, flags.output)
  }
}
