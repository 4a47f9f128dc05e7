/** Completion of a line of the shell: as of a command line, with the shell's own words, `.` and files. */
import {readdirSync} from 'node:fs'
import type {Bus} from '../../bus/bus.js'
import type {LineCompletion} from '../../tui/shell/shell.js'
import {type Candidate, complete} from '../completing/complete.js'
import {forTerminalLine} from '../output/escape.js'
import {quotedWord, takeApart, typedWord} from '../words.js'
import {OWN_WORDS} from './own-words.js'
import type {Session} from './session.js'

/** @param text all that was typed, up to the cursor */
export async function completeLine(session: Session, text: string): Promise<LineCompletion> {
  const line = takeApart(text)
  const word = typedWord(text, line)
  const words = line.words.filter(({start}) => start < word.start).map((one) => one.text)
  if (words[0] === 'leat') words.shift()
  const candidates = await candidatesFor(session, words, word.text)
  return {
    typed: text.slice(word.start),
    candidates: candidates.map(({value, description}) => ({
      text: value.endsWith('/') ? quotedWord(value) : `${quotedWord(value)} `,
      shown: value,
      description,
    })),
  }
}

async function candidatesFor(session: Session, words: string[], typed: string): Promise<Candidate[]> {
  const {catalog, channel, actor} = session
  const open = async ({as, store}: {as?: string; store?: string}): Promise<Bus | undefined> =>
    store === undefined ? session.kept.as(as ?? actor) : undefined // another store isn't opened at a TAB
  const base = {catalog, typed, open, channel}
  if (words.length === 0) {
    const {candidates} = await complete({...base, words})
    const own = OWN_WORDS.filter(({name}) => name.startsWith(typed)).map(({name, summary}) => ({
      value: name,
      description: summary,
    }))
    return typed.startsWith('-') ? candidates : [...own, ...candidates]
  }
  const [first, ...rest] = words
  // What may stand behind these is what may stand behind a command that takes the same.
  if (rest.length === 0 && first === 'use') return (await complete({...base, words: ['channel', 'show']})).candidates
  if (rest.length === 0 && first === 'as') return (await complete({...base, words: ['status', '--as']})).candidates
  if (OWN_WORDS.some(({name}) => name === first)) return []
  // Messages of the channel in use.
  const head = channel !== undefined && typed.startsWith('./') ? `${channel}/` : undefined
  if (head === undefined) return withFiles(await complete({...base, words}), typed)
  const {candidates, file} = await complete({...base, words, typed: head + typed.slice(2)})
  if (file !== undefined) return withFiles({candidates, file}, typed)
  return candidates.map(({value, description}) => ({value: `./${value.slice(head.length)}`, description}))
}

function withFiles({candidates, file}: {candidates: Candidate[]; file?: string}, typed: string): Candidate[] {
  if (file === undefined) return candidates
  const path = typed.slice(file.length)
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return entriesOf(folder || '.')
    .map((entry) => folder + entry)
    .filter((entry) => entry.startsWith(path) && forTerminalLine(entry) === entry)
    .map((entry) => ({value: file + entry}))
}

/** Folders end with a slash. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, {withFileTypes: true})
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  } catch {
    return [] // no folder, or none that may be looked into
  }
}
