import {LeatCommand, type StoreUse} from '../cli/base.js'
import {examine} from '../cli/doctor/examine.js'
import {printDiagnoses} from '../cli/doctor/report.js'

export default class Doctor extends LeatCommand {
  static override summary = 'Look for what keeps leat from working here, and say how to mend it.'
  static override description =
    'Node and SQLite, the file system, room and permissions of the store, the store itself, the clock, configuration, environment and terminal. Makes nothing, and works without a store. Exit 9 where something is bad; warnings are exit 0.'
  static override store: StoreUse = 'none'
  static override configured = false
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --store /mnt/share/bus.db --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(Doctor)
    const columns = this.out.terminal ? this.out.width : undefined
    const found = await examine(flags, {env: this.env, now: this.out.now, columns})
    printDiagnoses(this.out, found)
  }
}
