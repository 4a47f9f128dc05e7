/** A text that a person writes in the editor of their choice. */
import {spawnSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {isJsonType} from '../model/content.js'
import {type Environment, withoutSecrets} from '../model/environment.js'
import {LeatError} from '../model/errors.js'

/** How a person writes a body: in `$LEAT_EDITOR` (or as configured), else `$VISUAL`, else `$EDITOR`, else vi. */
export const editorFor =
  (env: Environment, interactive: boolean) =>
  (contentType: string | undefined): Buffer => {
    if (!interactive)
      throw new LeatError('USAGE', '--edit needs a terminal', {hint: 'give BODY, -m TEXT or --file FILE'})
    return edited(env['LEAT_EDITOR'] || env['VISUAL'] || env['EDITOR'] || 'vi', contentType, env)
  }

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
