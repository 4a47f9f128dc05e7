/** `leat serve`, in this process; its ready line goes into a file. */
import {openSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {given} from './parent.js'

const {store, name, ready} = given
const bin = fileURLToPath(new URL('../../../bin/run.js', import.meta.url))
const words = ['serve', '--no-auth', '--port', '0', '--ready-fd', String(openSync(ready, 'w'))]
process.argv = [process.execPath, bin, ...words]
Object.assign(process.env, {LEAT_STORE: store, LEAT_AS: name})
await import(bin)
