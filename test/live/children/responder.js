/** Answers each number with its square. */
import {openBus} from '../../../dist/index.js'
import {given, say} from './parent.js'

const {store, name} = given
const bus = await openBus({store, as: name})
say('ready')
await bus.respond('calc', async ({content}) => ({body: String(Number(content) ** 2)}), {concurrency: 4})
