import {Flags} from '@oclif/core'
import {LeatCommand} from '../cli/base.js'
import {duration, limit, messageOutputFlags, words} from '../cli/flags.js'
import {checkFollowing, Failures, type FollowFlags, fromCursor, streaming, streamOptions} from '../cli/following.js'
import {giveEach, type Handing, printing, running} from '../cli/handing.js'
import {historyFlags} from '../cli/history.js'
import {takeAll} from '../cli/taking.js'

export default class Follow extends LeatCommand {
  static override summary = 'Print what arrives in channels, as it arrives.'
  static override description =
    'From now on, or from a position, until Ctrl-C, so many messages, a silence, or leat.end in every channel. Channels that begin to match a pattern are picked up from their start. No cursor moves but with --from cursor: then each message is committed when it is out. With -- CMD a command runs for each message (body on its stdin, LEAT_MSG_* in its environment); one that fails ends it (exit 8).'
  static override usage = '[-- COMMAND...]'
  static override args = {channels: words("Channels, or patterns in quotes: 'build.*'.", {asks: 'channels'})}
  static override flags = {
    from: Flags.string({description: 'Begin here (default: now); cursor: at your own place.', helpValue: 'POS'}),
    after: Flags.string({description: 'Begin behind this.', helpValue: 'POS', exclusive: ['from']}),
    limit: limit('End after so many messages (exit 4 if it ends before).'),
    idle: duration({description: 'End when nothing came for so long.'}),
    every: duration({description: 'Between two messages, at least.'}),
    'keep-going': Flags.boolean({description: 'With -- CMD: go on after a failure.'}),
    reader: Flags.string({
      description: 'With --from cursor: whose (default: $LEAT_READER, the actor).',
      helpValue: 'NAME',
    }),
    ...historyFlags,
    others: Flags.boolean({description: 'Leave out your own messages.'}),
    ...messageOutputFlags,
  }
  static override examples = [
    '<%= config.bin %> follow ops',
    "<%= config.bin %> follow ops 'build.*' --type alert --json | jq -r .content",
    '<%= config.bin %> follow ops --from start --count 10',
    '<%= config.bin %> follow ops --from cursor -- ./handle.sh',
  ]
  static override takesRest = true

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Follow)
    checkFollowing(flags, this.rest, this.env)
    const failures = new Failures(flags, this.out)
    const handing = this.rest
      ? running(this.rest, this.surroundings, failures.options)
      : printing(this.out, {...flags, clock: true})
    await this.follow(args.channels, flags, handing)
    failures.check()
  }

  private follow(channels: readonly string[], flags: FollowFlags, handing: Handing): Promise<void> {
    const {bus, out, interrupted: signal} = this
    return streaming({out, signal, channels, handing}, async (stream) => {
      const options = {...streamOptions(flags), ...stream}
      const reader = flags.reader ?? (this.env['LEAT_READER'] || undefined)
      if (!fromCursor(flags)) {
        const {from, after} = flags
        await giveEach(bus.follow(channels, {...options, from, after}), handing, out)
      } else {
        const unread = (channel: string): Promise<number> => bus.unread(channel, {...options, reader})
        await takeAll(bus.followCursor(channels, {...options, reader}), {out, handing, unread})
      }
    })
  }
}
