/**
 * A process of the bench: a program of its own, started by crew.ts. It takes one job, waits for "go", does it, reports,
 * and ends when whoever started it is gone.
 */
import {createBus} from '../../bus/bus.js'
import {idSource} from '../../bus/ids.js'
import {LeatError} from '../../model/errors.js'
import {openStore} from '../../store/open.js'
import type {FromChild, Job, ToChild} from './job.js'
import {perform} from './roles.js'

const say = (message: FromChild): void => {
  process.send?.(message)
}

async function work(job: Job, go: Promise<void>): Promise<void> {
  const ids = idSource()
  const store = await openStore(job.store, {clock: Date.now, ids})
  const bus = createBus({store, actor: job.actor, clock: Date.now, ids})
  say({say: 'ready'})
  await go
  const report = await perform(bus, job, say)
  await bus.close()
  say({say: 'report', report})
}

function fail(error: unknown): void {
  if (!(error instanceof LeatError)) throw error
  const {code, message, hint} = error
  say({say: 'failed', code, message, hint})
}

process.on('disconnect', () => process.exit())
// Ctrl-C reaches every process of the terminal; this one ends with the command.
process.on('SIGINT', () => {})

const went = new Promise<void>((resolve) => {
  process.on('message', ({say: said}: ToChild) => {
    if (said === 'go') resolve()
  })
})
process.on('message', (message: ToChild) => {
  if (message.say === 'job') work(message.job, went).catch(fail)
})
