/**
 * Removes from each `dist` what has no source any more: `tsc -b` leaves it there, and npm would publish it.
 *
 * @module
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const folders = ['core', ...readdirSync('middlewares').map((name) => join('middlewares', name))]

for (const folder of folders) {
  const dist = join(folder, 'dist')
  if (!existsSync(dist)) continue
  for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = join(folder, 'src', name.replace(/(\.d)?\.[jt]s(\.map)?$/, '.ts'))
    if (/\.[jt]s(\.map)?$/.test(name) && !existsSync(source)) rmSync(join(dist, name))
  }
}
