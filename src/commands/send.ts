import {Flags} from '@oclif/core'
import {type FlagsOf, LeatCommand} from '../cli/base.js'
import {wantsMade} from '../cli/channels.js'
import {checkDelivered, deliveriesOf, waitDelivery} from '../cli/deliveries.js'
import {deliveryFlags, draftFlags, draftOf, refuseForMany, withBody} from '../cli/draft.js'
import {editorFor} from '../cli/editor.js'
import {optionalWord, parseNames, word} from '../cli/flags.js'
import {bodyFlags, readBody, statedType} from '../cli/input.js'
import {bulkChunks, jsonLines, split, textLines} from '../cli/lines.js'
import {noteIfJson, progressNote, reportBulk, sentLine} from '../cli/output/sent.js'
import {noteSummaries} from '../cli/output/views/delivery.js'
import type {Receipt} from '../model/message.js'

export default class Send extends LeatCommand {
  static override summary = 'Send a message to a channel, or to several.'
  static override description =
    'The body is BODY, -m TEXT, a file, or stdin to its end, byte for byte. Text is text unless -J, the content type or the channel says JSON. Off a terminal it prints the id alone.'
  static override aliases = ['channel:send']
  static override args = {
    channel: word('The channel, or several: ops,audit.'),
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
    lines: Flags.boolean({
      description: 'One message a line of stdin or the file (-0: NUL-ended).',
      exclusive: ['jsonl', 'message', 'edit'],
    }),
    jsonl: Flags.boolean({
      description: 'One message a line, each a JSON object with its fields.',
      exclusive: ['message', 'edit'],
    }),
    nul: Flags.boolean({char: '0' as 'z', description: 'With --lines: split at NUL.', dependsOn: ['lines']}),
    'on-error': Flags.option({options: ['stop', 'skip'] as const, default: 'stop'})({
      description: 'With --lines or --jsonl: what to do at a bad line.',
    }),
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
    const create = flags.create || (this.interactive && (await wantsMade(this.bus, channels)))
    const note = (text: string): void => this.out.note(text)
    const edit = editorFor(this.env, this.interactive)
    const given = await readBody({argument: args.body, flags, rest: this.rest, note, edit})
    const receipt = await this.bus.send(channels, withBody(draftOf(flags), given), {create})
    noteIfJson(this.out, given)
    if (flags['wait-delivery'] === undefined) sentLine(this.out, receipt)
    else await this.delivered(receipt, flags['wait-delivery'])
  }

  private async delivered(receipt: Receipt, timeout: number): Promise<void> {
    if (!this.out.json) sentLine(this.out, receipt)
    const deliveries = await deliveriesOf(this.bus, receipt, timeout, this.interrupted)
    if (this.out.json) sentLine(this.out, {...receipt, deliveries})
    else noteSummaries(this.out, deliveries)
    checkDelivered(receipt, deliveries)
  }

  private async many(channels: string[], body: string | undefined, flags: FlagsOf<typeof Send>): Promise<void> {
    refuseForMany(flags)
    const chunks = bulkChunks(body, flags.file, (text) => this.out.note(text))
    const pieces = split(chunks, flags.nul ? 0 : 0x0a)
    const common = {...draftOf(flags), contentType: statedType(flags)}
    const {chomp, 'allow-empty': allowEmpty, 'on-error': onError, create} = flags
    const lines = flags.jsonl ? jsonLines(pieces, common) : textLines(pieces, common, {allowEmpty, chomp})
    const result = await this.bus.sendAll(channels, lines, {onError, create, progress: progressNote(this.out)})
    reportBulk(this.out, result, onError)
  }
}
