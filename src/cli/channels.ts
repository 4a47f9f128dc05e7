/** What the commands that take several channels at once have in common. */
import {Flags} from '@oclif/core'
import {requireChannel} from '../bus/access.js'
import type {Bus} from '../bus/bus.js'
import type {Channel, ChannelState} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import type {Output} from './output/output.js'
import type {Paint} from './output/paint.js'
import {ask} from './prompts.js'

/** The longer way to say which channel, for lists that take it as a word too. */
export const channelFlag = Flags.string({description: 'The same as CHANNEL.', helpValue: 'NAME'})

/** The channel that a list is limited to. @throws USAGE two are named */
export function channelIn(args: {channel?: string}, flags: {channel?: string}): string | undefined {
  if (args.channel !== undefined && flags.channel !== undefined)
    throw new LeatError('USAGE', `"${args.channel}" and --channel "${flags.channel}": it is either one or the other`)
  return args.channel ?? flags.channel
}

/**
 * Names from a command line, each once, all checked before the first is touched: a typo in the last one must not leave
 * the others changed. @throws NOT_FOUND, FORBIDDEN, INVALID
 */
export async function managedChannels(bus: Bus, names: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(names)]
  for (const name of wanted) await requireChannel(bus.context, name, 'manage')
  return wanted
}

/**
 * Whether a person wants the channels made that are missing. Who says no gets the error, which has the name that was
 * probably meant. @throws NOT_FOUND, INVALID
 */
export async function wantsMade(bus: Bus, names: readonly string[], paint: Paint): Promise<boolean> {
  let wanted = false
  for (const name of names) {
    try {
      await bus.can('submit', name)
    } catch (error) {
      if (!(error instanceof LeatError) || error.code !== 'NOT_FOUND') throw error
      if (!(await ask(`${error.message}. Make it?`, paint))) throw error
      wanted = true
    }
  }
  return wanted
}

/** Opens, drains or closes. The state told is the one reached: what drains with nothing outstanding is closed at once. */
export async function setStates(
  bus: Bus,
  out: Output,
  names: readonly string[],
  state: ChannelState,
  options: {notifyEnd?: boolean} = {},
): Promise<void> {
  for (const name of await managedChannels(bus, names)) {
    const channel = await bus.setChannelState(name, state, options)
    const why = state === 'draining' && out.terminal ? await drainText(bus, channel) : ''
    out.done(`${channel.name} is ${channel.state}${why}`, channel)
  }
}

/** What a draining channel waits for. */
async function drainText(bus: Bus, {name: channel, state}: Channel): Promise<string> {
  if (state === 'closed') return ': nothing was left to wait for'
  const inFlight = await bus.inFlight({channel})
  const claimed = inFlight.filter((one) => one.state === 'claimed').length
  const delayed = (await bus.scheduled({channel})).length
  const left = [
    [claimed, 'claimed'],
    [inFlight.length - claimed, 'waiting for the next attempt'],
    [delayed, 'delayed'],
  ] as const
  const texts = left.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return texts.length === 0 ? '' : ` until what is left is done: ${texts.join(', ')}`
}
