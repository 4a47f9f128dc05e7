import type {Bus} from '../../../src/bus/bus.js'

/** What `leat store check --deep` does. @throws there is damage */
export async function soundness(bus: Bus): Promise<void> {
  for await (const {severity, what} of bus.check({deep: true}))
    if (severity === 'damage') throw new Error(`damage: ${what}`)
}
