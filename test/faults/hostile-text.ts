/**
 * Text that means harm at every door: nothing of it is run, nothing of it reaches a terminal as a command, and what is
 * stored comes back as it was.
 */
import assert from 'node:assert/strict'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Figures} from './figures.js'
import {inAddresses} from './hostile/addresses.js'
import {canaries} from './hostile/canary.js'
import {inCommands} from './hostile/commands.js'
import {inFields} from './hostile/fields.js'
import {atHandlers} from './hostile/handlers.js'
import {hostileTexts} from './hostile/lists.js'
import {onScreens} from './hostile/screens.js'
import {inRoom} from './text/room.js'
import {sampleOf} from './text/sample.js'

export interface HostileOptions {
  /** Texts of the lists, drawn by `seed`; default all of them, everywhere. */
  inFields?: number
  inCommands?: number
  inAddresses?: number
  atHandlers?: number
  onScreens?: number
  seed?: number
}

export async function hostileText({seed = 1, ...most}: HostileOptions = {}): Promise<Figures> {
  const texts = hostileTexts()
  const folder = mkdtempSync(join(tmpdir(), 'leat-canaries-'))
  const {programs, runs} = canaries(folder)
  try {
    const figures = await inRoom(
      async (room) => {
        const server = await room.serve('--no-deliver', '--log')
        const fields = await inFields(room, server, texts, most.inFields ?? texts.length, seed)
        const screens = await onScreens(room, sampleOf(texts, most.onScreens, seed))
        const addresses = await inAddresses(server, sampleOf(texts, most.inAddresses, seed))
        assert.equal(await server.stop(), 0, server.stderr)
        const handlers = await atHandlers(room, sampleOf(texts, most.atHandlers, seed))
        const commands = await inCommands(room, sampleOf(texts, most.inCommands, seed))
        return {
          texts: texts.length,
          fieldsTimesDoors: `${fields.places} × ${fields.doors}`,
          triedAsFields: fields.tried,
          commands: commands.commands,
          triedInCommands: commands.tried,
          addresses: addresses.places,
          triedInAddresses: addresses.tried,
          handedToPrograms: handlers.messages * handlers.ways,
          screens: screens.screens,
        }
      },
      {programs},
    )
    assert.deepEqual(runs(), [], 'somebody ran what stands in a text')
    return {...figures, executions: runs().length, rawEscapes: 0, mismatches: 0}
  } finally {
    rmSync(folder, {recursive: true})
  }
}
