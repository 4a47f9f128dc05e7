import {cpus, loadavg, totalmem} from 'node:os'

/** Where a run took place. What else the machine did meanwhile shows in the load. */
export const machine = () => ({
  cpu: cpus()[0]?.model.trim(),
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  platform: process.platform,
  arch: process.arch,
  load: Number(loadavg()[0].toFixed(2)),
})
