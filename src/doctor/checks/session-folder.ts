import { dirname, join } from 'node:path'
import { OidcLoginError, systemErrorCode } from '../../errors.ts'
import type { SessionStore, UnreadableFile } from '../../session/index.ts'
import { permissionsOf, type System } from '../../system/index.ts'
import { type Check, type Finding, skipped } from '../check.ts'

/** Whether the sessions can be written and read, and can be read by nobody else. */
export const sessionFolderCheck: Check = {
  name: 'session-folder',
  async run({ system, store, everyStore }) {
    const { folder } = store
    if (folder === undefined) return skipped('No sessions are kept (--token-cache-storage=none).')
    const permissions = permissionsOf(folder)
    if (permissions === undefined) {
      const message = `${folder} does not exist yet; a sign-in creates it.`
      return refusedWriting(system, nearestFolder(folder)) ?? { verdict: 'ok', message }
    }
    if (!permissions.isFolder) {
      return {
        verdict: 'failed',
        message: `${folder} is not a folder.`,
        remedy: 'Remove the file, or choose another folder with --token-cache-dir.',
      }
    }
    const open = system.process.platform === 'win32' ? undefined : firstOpen(system, folder)
    return open ?? refusedWriting(system, folder) ?? (await tryReading(everyStore, folder))
  },
}

/** The folder in which a new one would be made. */
function nearestFolder(folder: string): string {
  const parent = dirname(folder)
  return parent === folder || permissionsOf(parent) !== undefined ? parent : nearestFolder(parent)
}

function firstOpen(system: System, folder: string): Finding | undefined {
  const files = system.files.list(folder).filter((name) => name.endsWith('.json'))
  for (const path of [folder, ...files.map((name) => join(folder, name))]) {
    const permissions = permissionsOf(path)
    if (permissions === undefined) continue
    const { mode, ownerUid, isFolder } = permissions
    const { uid } = system.process
    if (uid !== undefined && uid !== ownerUid && uid !== 0) {
      return {
        verdict: 'failed',
        message: `${path} belongs to another user (uid ${ownerUid}).`,
        remedy: `Give it back: sudo chown -R "$(id -un)" ${folder}`,
      }
    }
    if ((mode & 0o077) !== 0) {
      return {
        verdict: 'failed',
        message: `${path} is open to other users (mode ${mode.toString(8).padStart(4, '0')}).`,
        remedy: `Run: chmod ${isFolder ? '700' : '600'} ${path}`,
      }
    }
  }
  return undefined
}

function refusedWriting(system: System, folder: string): Finding | undefined {
  const path = join(folder, `doctor-${system.process.pid}.tmp`)
  try {
    system.files.createExclusive(path, '')
    system.files.remove(path)
  } catch (error) {
    return {
      verdict: 'failed',
      message: `Nothing can be written in ${folder} (${systemErrorCode(error) ?? 'unknown error'}), so every command signs in by itself.`,
      remedy:
        'Make room or change its permissions, choose another folder with --token-cache-dir, or give --token-cache-storage=none.',
    }
  }
  return undefined
}

async function tryReading(store: SessionStore, folder: string): Promise<Finding> {
  const unreadable: UnreadableFile[] = []
  try {
    await store.list((file) => unreadable.push(file))
  } catch (error) {
    // What the keychain says is told by its own check.
    if (!(error instanceof OidcLoginError) || !error.code.startsWith('keychain_')) throw error
  }
  if (unreadable.length === 0) {
    return { verdict: 'ok', message: `${folder} is writable, and closed to other users.` }
  }
  const list = unreadable.map(({ path, reason }) => `${path} (${reason.replace(/\.$/, '')})`)
  return {
    verdict: 'warning',
    message: `Sessions that cannot be read are neither used nor ended: ${list.join(', ')}.`,
    remedy:
      'Delete them. A refresh token in them stays valid at the provider until it ends, or until you sign out of all your sessions there.',
  }
}
