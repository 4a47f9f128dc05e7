/** What is worth knowing about how messages are to be pushed, and is no error: it may come to be there later. */
import type {Interfaces} from '@oclif/core'
import type {Bus} from '../bus/bus.js'
import {nearestName} from '../bus/nearest.js'
import {LeatError} from '../model/errors.js'
import {isName} from '../model/names.js'
import type {Subscription} from '../model/subscription.js'
import type {Output} from './output/output.js'
import {installedPlugins} from './plugins.js'
import {builtInTransports} from './transports.js'

/** Notes a transport that nothing here brings. Plug-ins aren't loaded for that: one that is there may bring any other name. */
export async function noteUnknownTransport(
  out: Output,
  config: Interfaces.Config,
  name: string | null | undefined,
): Promise<void> {
  if (!name) return
  const known = await builtInTransports()
  if (known.includes(name)) return
  const meant = nearestName(name, known)
  if (meant === undefined && (await installedPlugins(config)).length > 0) return
  const hint = meant === undefined ? 'leat transport list shows which there are' : `did you mean ${meant}?`
  out.note(`leat has no transport "${name}", unless a plug-in brings it; ${hint}`)
}

/** Notes what a subscription that was made will meet. */
export async function noteTarget(
  out: Output,
  {bus, config}: {bus: Bus; config: Interfaces.Config},
  {transport, endpoint = ''}: Subscription,
): Promise<void> {
  await noteUnknownTransport(out, config, transport)
  if (transport === 'channel' && isName(endpoint) && !(await isThere(bus, endpoint)))
    out.note(`messages wait until there is a channel "${endpoint}"; leat channel create ${endpoint}`)
  if (transport === 'exec' && out.errorTerminal && /^\.{0,2}[^/\s]*\//.test(endpoint) && !endpoint.startsWith('/'))
    out.note('the command runs in the folder that leat deliver or leat serve is started in')
}

/** Also where it is none of the actor's business. */
async function isThere(bus: Bus, channel: string): Promise<boolean> {
  try {
    await bus.can('submit', channel)
    return true
  } catch (error) {
    if (error instanceof LeatError && error.code === 'NOT_FOUND') return false
    throw error
  }
}
