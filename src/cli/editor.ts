/** A text that a person writes: in the editor of their choice, or as a line. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {isJsonType} from '../model/content.js'
import {type Environment, withoutSecrets} from '../model/environment.js'
import {LeatError} from '../model/errors.js'
import {type BodySource, chomped} from './input.js'
import type {Paint} from './output/paint.js'

export interface Writing {
  env: Environment
  /** Prompts are allowed. */
  interactive: boolean
  paint: Paint
  /** What the body is for: a channel, the message that is answered. */
  to: string
}

/** How a person writes a body. @throws USAGE the editor failed, or nobody is there to use one; Cancelled */
export function writing({env, interactive, paint, to}: Writing): Pick<BodySource, 'edit' | 'compose'> {
  const edit = (contentType: string | undefined): Buffer => {
    if (!interactive)
      throw new LeatError('USAGE', '--edit needs a terminal', {hint: 'give BODY, -m TEXT or --file FILE'})
    return chomped(edited(editorOf(env), contentType, env))
  }
  if (!interactive) return {edit}
  const compose = async (contentType: string | undefined): Promise<Buffer> => {
    const [{line}, {forTerminalLine}] = await Promise.all([import('./asking/inquire.js'), import('./output/escape.js')])
    const [editor = ''] = editorOf(env).trim().split(/\s/)
    const empty = forTerminalLine(`Enter alone: write it in ${basename(editor)}`)
    const typed = await line({paint}, {message: `Text for ${forTerminalLine(to)}`, empty, verbatim: true})
    return typed === '' ? edit(contentType) : Buffer.from(typed)
  }
  return {edit, compose}
}

/** `$LEAT_EDITOR` (or as configured), else `$VISUAL`, else `$EDITOR`, else vi. */
const editorOf = (env: Environment): string => env['LEAT_EDITOR'] || env['VISUAL'] || env['EDITOR'] || 'vi'

/** Opens an editor on an empty file and returns what was saved. @throws USAGE the editor failed */
function edited(editor: string, contentType: string | undefined, env: Environment): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'leat-edit-'))
  // The end of its name lets the editor know what is written.
  const file = join(folder, contentType !== undefined && isJsonType(contentType) ? 'body.json' : 'body.txt')
  try {
    writeFileSync(file, '', {mode: 0o600})
    // By a shell, because it may have arguments ("code --wait"). stdout is for results, so the editor draws on stderr.
    const {status, error} = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, editor, file], {
      stdio: ['inherit', 2, 2],
      env: withoutSecrets(env),
    })
    if (status === 0) return readFileSync(file)
    throw new LeatError('USAGE', `the editor ${JSON.stringify(editor)} failed, nothing was sent`, {cause: error})
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
