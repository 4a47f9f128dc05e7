import {Flags} from '@oclif/core'
import {type FlagsOf, LeatCommand} from '../cli/base.js'
import {wantsMade} from '../cli/channels.js'
import {deliveryFlags, draftFlags, draftOf, refuseForMany, waitDelivery, withBody} from '../cli/draft.js'
import {writing} from '../cli/editor.js'
import {optionalWord, parseNames, word} from '../cli/flags.js'
import {bodyFlags, readBody, statedType} from '../cli/input.js'
import {bulkChunks, jsonLines, lineFlags, splitAll, textLines} from '../cli/lines.js'
import {noteIfJson, reportBulk, sentLine} from '../cli/output/sent.js'

export default class Send extends LeatCommand {
  static override summary = 'Send a message to a channel, or to several.'
  static override description =
    'The body is BODY, -m TEXT, a file, or stdin to its end, byte for byte. Text is text unless -J, the content type or the channel says JSON. Off a terminal it prints the id alone.'
  static override aliases = ['channel:send']
  static override args = {
    channel: word('The channel, or several: ops,audit.', {asks: 'channel'}),
    body: optionalWord('The body, - for stdin. In scripts -m is safer: it takes any text.'),
  }
  static override flags = {
    ...bodyFlags,
    ...draftFlags,
    ...deliveryFlags,
    'reply-to': Flags.string({
      description: 'The message that this one answers: an id or CHANNEL/SEQ.',
      helpValue: 'MESSAGE',
    }),
    'wait-delivery': waitDelivery,
    create: Flags.boolean({description: 'Make the channel (and the store) if it is missing.'}),
    ...lineFlags,
  }
  static override examples = [
    '<%= config.bin %> send ops "deploy finished"',
    '<%= config.bin %> send ops -m "$STATUS" --type deploy --header host="$HOSTNAME"',
    'echo \'{"level":"error"}\' | <%= config.bin %> send ops -J',
    '<%= config.bin %> send ops -m down --wait-delivery 10s',
    '<%= config.bin %> send ops --in 10m -m "stand-up"',
    '<%= config.bin %> log ops --all --json | <%= config.bin %> send archive --jsonl',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Send)
    const channels = parseNames(args.channel)
    if (flags.lines || flags.jsonl) return this.many(channels, args.body ?? this.rest?.[0], flags)
    const create = flags.create || (this.interactive && (await wantsMade(this.bus, channels, this.out.paint)))
    const note = (text: string): void => this.out.note(text)
    const {
      env,
      interactive,
      out: {paint},
    } = this
    const person = writing({env, interactive, paint, to: args.channel})
    const given = await readBody({argument: args.body, flags, stdin: this.stdin, rest: this.rest, note, ...person})
    const receipt = await this.bus.send(channels, withBody(draftOf(flags), given), {create})
    noteIfJson(this.out, given)
    const wait = flags['wait-delivery']
    if (wait === undefined) return sentLine(this.out, receipt)
    const {reportDeliveries} = await import('../cli/delivered.js')
    await reportDeliveries(receipt, wait, {bus: this.bus, out: this.out, interrupted: this.interrupted})
  }

  private async many(channels: string[], body: string | undefined, flags: FlagsOf<typeof Send>): Promise<void> {
    refuseForMany(flags)
    const chunks = bulkChunks(body, flags.file, this.stdin, (text) => this.out.note(text))
    const pieces = splitAll(chunks, flags.nul ? 0 : 0x0a)
    const common = {...draftOf(flags), contentType: statedType(flags)}
    const {chomp, 'allow-empty': allowEmpty, 'on-error': onError, create} = flags
    const lines = flags.jsonl ? jsonLines(pieces, common) : textLines(pieces, common, {allowEmpty, chomp})
    const {counting} = await import('../cli/output/progress.js')
    const send = (progress: (sofar: {stored: number}) => void) =>
      this.bus.sendAll(channels, lines, {onError, create, progress})
    reportBulk(this.out, await counting(this.out, send), onError)
  }
}
