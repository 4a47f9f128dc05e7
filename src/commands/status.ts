import {LeatCommand, type StoreUse} from '../cli/base.js'
import {countFailing} from '../cli/deliveries.js'
import {identify} from '../cli/environment.js'
import {addressOf, isThere} from '../cli/open.js'
import {printStatus} from '../cli/output/views/status.js'

export default class Status extends LeatCommand {
  static override summary = 'What is new, and what to type next (the same as leat alone).'
  static override description =
    'Who acts on which store, the channels with something unread and their last message. Makes nothing.'
  static override store: StoreUse = 'none'
  static override examples = ['<%= config.bin %>', '<%= config.bin %> status --as bob --json']

  async run(): Promise<void> {
    const {flags} = await this.parse(Status)
    const {configured, context} = this.configuration
    const {actor} = identify(flags.as, this.env)
    const address = addressOf(flags.store, this.env, configured)
    const exists = isThere(address)
    if (exists) await this.openBus(flags, false)
    const reader = this.env['LEAT_READER'] || undefined
    const channels = exists ? await this.bus.channels({sort: 'last', reader}) : []
    const failingDeliveries = exists ? await countFailing(this.bus) : 0
    await printStatus(this.out, {actor, ...address, context, exists, channels, failingDeliveries})
  }
}
