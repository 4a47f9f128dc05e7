import {LeatCommand} from '../cli/base.js'
import {word} from '../cli/flags.js'
import {EXIT_CODES} from '../model/errors.js'
import {parsePermission} from '../model/permission.js'

export default class Can extends LeatCommand {
  static override summary = 'Say whether someone may send to a channel, read it, or manage it, and why.'
  static override description = 'Exit 0 if so, 5 if not. About others it tells who may read the channel.'
  static override args = {
    actor: word('Who.', {asks: 'actor'}),
    permission: word('submit (or send), subscribe (or read), manage.', {asks: 'permission'}),
    channel: word('The channel.', {asks: 'channel'}),
  }
  static override examples = [
    '<%= config.bin %> can alice submit ops',
    '<%= config.bin %> can bob read hr -q || echo "bob is not a member"',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(Can)
    const {actor, channel} = args
    const permission = parsePermission(args.permission)
    const {allowed, reason} = await this.bus.can(permission, channel, actor)
    if (this.out.json) this.out.write(`${JSON.stringify({actor, permission, channel, allowed, reason})}\n`)
    else if (!this.out.quiet) this.out.write(`${allowed ? 'yes' : 'no'}: ${reason}\n`)
    this.out.flush()
    if (allowed) return
    if (this.out.errorTerminal) this.out.note(`leat grant ${args.permission} ${channel} --to ${actor}`)
    process.exitCode = EXIT_CODES.FORBIDDEN
  }
}
