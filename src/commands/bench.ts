import {Args, Flags} from '@oclif/core'
import {LeatCommand, type StoreUse} from '../cli/base.js'
import {measure} from '../cli/bench/measure.js'
import {BENCHES, type BenchName, planOf} from '../cli/bench/plan.js'
import {csvOf, MEASURED} from '../cli/bench/report.js'
import {inRoom} from '../cli/bench/room.js'
import {resolveActor} from '../cli/environment.js'
import {count, duration} from '../cli/flags.js'

export default class Bench extends LeatCommand {
  static override summary = 'Measure sending, reading, following, requests or work on this machine.'
  static override description =
    'Throughput and latency of the bus itself, without the start of a leat. On a temporary store, unless --store names one: then in a channel of its own, bench-…, deleted afterwards. Ends at --count or after --duration, whichever comes first.'
  static override store: StoreUse = 'none'
  static override args = {
    what: Args.string({
      description: 'What is measured.',
      options: [...BENCHES],
      required: true,
      ignoreStdin: true,
      asks: 'option',
    }),
  }
  static override flags = {
    count: count({description: 'Messages in all (read: for each reader).'}),
    size: count({description: 'Bytes of each (default: 256).'}),
    concurrency: count({
      description: 'Senders, readers, followers or workers, each a process; or requests at once (default: 1).',
    }),
    duration: duration({description: 'Go on for so long.'}),
    csv: Flags.boolean({description: 'Print CSV: a line of headers, a line of values.', exclusive: ['json']}),
  }
  static override examples = [
    '<%= config.bin %> bench send',
    '<%= config.bin %> bench follow --concurrency 20',
    '<%= config.bin %> bench work --concurrency 4 --duration 10s --json',
    '<%= config.bin %> bench send --store ./team.db --size 4096 --csv >> results.csv',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Bench)
    const plan = planOf(args.what as BenchName, flags)
    const where = {store: flags.store, actor: resolveActor(flags.as, this.env), env: this.env}
    const measured = await inRoom(where, (room) => measure(room, plan))
    if (!flags.csv) return this.out.record(measured, MEASURED)
    this.out.write(csvOf(measured))
    this.out.flush()
  }
}
