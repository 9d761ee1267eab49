import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { install, pack, type Installed, type Tarballs } from './installed.ts'
import { uses, type Use } from './uses.ts'

const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, target: 'es2022' }
const asImports = ({ names }: Use): string =>
  Object.entries(names)
    .map(([module, list]) => `import { ${list.join(', ')} } from '${module}'\n`)
    .join('')
const asRequires = ({ names }: Use): string =>
  Object.entries(names)
    .map(([module, list]) => `const { ${list.join(', ')} } = require('${module}')\n`)
    .join('')
const asJavaScript = ({ lines }: Use): string => lines.replace(/: (Response|RequestInit|string)(?=[,)]| =)/g, '')

const store = mkdtempSync(join(tmpdir(), 'outerware-tarballs-'))
let tarballs: Tarballs
beforeAll(async () => {
  tarballs = await pack(
    uses.map((use) => use.package),
    store,
  )
})
afterAll(() => rmSync(store, { recursive: true }))

it('tries every package that is published', () => {
  const workspaces = ['core', ...readdirSync('middlewares').map((name) => `middlewares/${name}`)]
  const names = workspaces.map((name) => JSON.parse(readFileSync(join(name, 'package.json'), 'utf8')).name)
  expect(new Set(uses.map((use) => use.package))).toEqual(new Set(names))
})

describe.each(uses)('$package, packed and installed with what it declares', (use) => {
  let installed: Installed
  beforeAll(async () => {
    installed = await install(use.package, tarballs)
  })
  afterAll(() => installed.remove())

  it('works in an ESM project', async () => {
    const program = asImports(use) + asJavaScript(use)
    expect(await installed.run({ type: 'module' }, program)).toBe(use.prints)
  })

  it('works in a CommonJS project, by require()', async () => {
    const program = asRequires(use) + asJavaScript(use)
    expect(await installed.run({}, program)).toBe(use.prints)
  })

  // Under nodenext the declaration files of the package are checked too; once is enough.
  it.each([
    ['nodenext, in ESM and CommonJS', ['main.mts', 'main.cts'], { module: 'nodenext', skipDefaultLibCheck: true }],
    ['bundler', ['main.ts'], { module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true }],
  ])('has types that hold under %s', async (_name, names, options) => {
    await installed.compile({ ...strict, ...options, types: ['node'] }, names, asImports(use) + use.lines)
  })

  it('brings its README, its licence and its sources, and nothing of the workshop', () => {
    const { folder } = installed
    for (const file of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']) {
      expect([file, existsSync(join(folder, file))]).toEqual([file, true])
    }
    const top = readdirSync(folder).filter((name) => name !== 'CHANGELOG.md')
    expect(top.toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src'])
    expect(readdirSync(join(folder, 'dist'))).not.toContain('.tsbuildinfo')
  })

  it('maps each built file to a source that is there', () => {
    const dist = join(installed.folder, 'dist')
    const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'))
    expect(maps).not.toHaveLength(0)
    for (const map of maps) {
      for (const source of JSON.parse(readFileSync(join(dist, map), 'utf8')).sources) {
        expect([map, existsSync(join(dist, map, '..', source))]).toEqual([map, true])
      }
    }
  })
})

it('brings the command outerware-static', async () => {
  const installed = await install('@outerware/static', tarballs)
  expect(await installed.command('outerware-static', 'compress', 'public', '--gzip')).toContain('1 file')
  await installed.remove()
})

it('brings the command outerware-check', async () => {
  const installed = await install('@outerware/security-headers', tarballs)
  expect(await installed.command('outerware-check', '--help')).toMatch(/^Usage: outerware-check URL/)
  await installed.remove()
})
