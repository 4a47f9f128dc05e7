/** Delivers what is pushed from `hooks`, and says each attempt. */
import {openBus, openTransports} from '../../../dist/index.js'
import {given, say} from './parent.js'

const {store, name} = given
const bus = await openBus({store, as: name})
const transports = await openTransports(bus, {env: {}})
say('ready')
await bus.deliver({transports, onSettled: ({outcome}) => say('settled', {outcome})})
