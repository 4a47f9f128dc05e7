/** Where the store is: the file system, the room that is left, and who may read it. */
import {sizeText} from '../output/size.js'
import {bad, type Diagnosis, ok, warn} from './diagnosis.js'

export interface Place {
  /** The folder that the store is in, or would be. */
  folder: string
  /** Linux' number of the kind of file system. */
  fileSystem?: number
  freeBytes?: number
  /** What is there of the folder, the store and what belongs to it. */
  files: readonly FileFacts[]
  /** Of this user. */
  uid?: number
}

export interface FileFacts {
  path: string
  kind: 'folder' | 'store' | 'beside'
  /** Permission bits. */
  mode: number
  uid: number
  /** Whether this process may write it. */
  isWritable: boolean
}

type Verdict = readonly [name: string, level: 'ok' | 'warn' | 'bad', why?: string]

const NETWORK = "locks and shared memory of SQLite don't work between machines"
const PERHAPS = 'it depends on what is behind it whether locks work'

/** From <linux/magic.h>. */
const FILE_SYSTEMS: Readonly<Record<number, Verdict>> = {
  26985: ['NFS', 'bad', NETWORK],
  4283649346: ['CIFS', 'bad', NETWORK],
  4266872130: ['SMB', 'bad', NETWORK],
  20859: ['SMB', 'bad', NETWORK],
  22092: ['NCP', 'bad', NETWORK],
  1397113167: ['AFS', 'bad', NETWORK],
  1937076805: ['Coda', 'bad', NETWORK],
  12805120: ['Ceph', 'bad', NETWORK],
  198183888: ['Lustre', 'bad', NETWORK],
  1196443219: ['GPFS', 'bad', NETWORK],
  18225520: ['GFS2', 'bad', NETWORK],
  1952539503: ['OCFS2', 'bad', NETWORK],
  1702057286: ['FUSE', 'warn', PERHAPS],
  16914839: ['9p', 'warn', PERHAPS],
  2020557398: ['a folder shared with a virtual machine', 'warn', PERHAPS],
  16914836: ['tmpfs', 'warn', 'it is gone when the machine starts again'],
  2240043254: ['ramfs', 'warn', 'it is gone when the machine starts again'],
  61267: ['ext4', 'ok'],
  1481003842: ['XFS', 'ok'],
  2435016766: ['Btrfs', 'ok'],
  801189825: ['ZFS', 'ok'],
  4076150800: ['F2FS', 'ok'],
  2035054128: ['overlayfs', 'ok'],
}

/** Bytes below which a store may soon be full: a restore and compacting need room for a copy. */
const LITTLE = 100 * 1024 * 1024
const NOTHING = 5 * 1024 * 1024

export const aboutPlace = (place: Place): Diagnosis[] => [
  ...aboutFileSystem(place),
  ...aboutRoom(place),
  ...aboutFiles(place),
]

function aboutFileSystem({fileSystem, folder}: Place): Diagnosis[] {
  if (fileSystem === undefined) return []
  // The number is signed on some machines.
  const [name, level, why] = FILE_SYSTEMS[fileSystem >>> 0] ?? [
    `of the kind 0x${(fileSystem >>> 0).toString(16)}`,
    'ok',
  ]
  if (level === 'ok') return [ok('file system', `${folder} is ${name}`)]
  const say = level === 'bad' ? bad : warn
  const fix =
    level === 'bad'
      ? 'keep the store on a disk of this machine, and let others come by leat serve'
      : 'keep a store that matters on a disk of this machine'
  return [say('file system', `${folder} is ${name}: ${why}`, fix)]
}

function aboutRoom({freeBytes, folder}: Place): Diagnosis[] {
  if (freeBytes === undefined) return []
  const what = `${sizeText(freeBytes)} are free for ${folder}`
  if (freeBytes < NOTHING) return [bad('room', what, 'make room: what is sent now may not be stored')]
  return [
    freeBytes < LITTLE
      ? warn('room', what, 'make room; leat channel prune and leat store compact may help')
      : ok('room', what),
  ]
}

function aboutFiles({files, uid}: Place): Diagnosis[] {
  const found = files.flatMap((file) => aboutFile(file, uid))
  return found.length > 0 || files.length === 0 ? found : [ok('permissions', 'the store is for its user alone')]
}

function aboutFile({path, kind, mode, uid: owner, isWritable}: FileFacts, uid: number | undefined): Diagnosis[] {
  const octal = (mode & 0o777).toString(8).padStart(3, '0')
  const found: Diagnosis[] = []
  if (!isWritable)
    found.push(warn('permissions', `${path} may not be written by this user`, `chown or chmod ${path}, or only read`))
  else if (uid !== undefined && uid !== 0 && owner !== uid)
    found.push(
      warn('permissions', `${path} belongs to user ${owner}`, `chown ${uid} ${path}, unless you share it on purpose`),
    )
  if (kind !== 'folder' && (mode & 0o077) !== 0)
    found.push(
      warn('permissions', `${path} is open to others (mode ${octal})`, `chmod 600 ${path}, unless they are meant to`),
    )
  // Whoever may write into it can put another store there; a folder for all like /tmp has the sticky bit.
  if (kind === 'folder' && (mode & 0o022) !== 0 && (mode & 0o1000) === 0)
    found.push(
      warn(
        'permissions',
        `others may write into ${path} (mode ${octal})`,
        `chmod 700 ${path}, unless they are meant to`,
      ),
    )
  return found
}
