/** The examples of a page, as somebody has them who types along. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOfKind, root } from './pages.ts'

/** A project in which the examples of a page run: with all packages, and what the page takes for granted. */
export interface Project {
  readonly folder: string
  remove(): void
}

/** Makes one. The app, and the files, that examples stand around come from `beside`. */
export function projectOf(page: string): Project {
  const folder = mkdtempSync(join(tmpdir(), 'outerware-docs-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const name of ['any', ownerOf(page)]) {
    const beside = join(import.meta.dirname, 'beside', name)
    if (existsSync(beside)) cpSync(beside, folder, { recursive: true })
  }
  // What is made, and not kept: compressed files, which must be younger than their originals.
  if (existsSync(join(folder, 'prepare.js'))) execFileSync(process.execPath, ['prepare.js'], { cwd: folder })
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** The package or the recipe that a page is of. */
function ownerOf(page: string): string {
  const [parent = '', name = ''] = page.split('/')
  return parent === 'core' ? parent : name
}

/**
 * The blocks of a page, put together: one goes on where the one before has ended, so that it may use its names; one
 * that declares, or imports, a name anew begins a file of its own.
 *
 * @param line how far the page is read
 */
export function programsOf(page: string, line = Infinity): readonly string[] {
  const programs: string[] = []
  const read = blocksOfKind(page, 'program').filter((block) => block.line < line)
  for (const { code } of read) {
    const before = programs.at(-1)
    const names = before === undefined ? [] : declaredIn(before)
    if (before === undefined || declaredIn(code).some((name) => names.includes(name))) programs.push(code)
    else programs[programs.length - 1] = `${before}\n${code}`
  }
  return programs
}

function declaredIn(code: string): string[] {
  const imported = [...code.matchAll(/^import (?:type )?(.*?) from /gm)].flatMap(([, names = '']) => wordsOf(names))
  const made = [...code.matchAll(/^(?:export )?(?:const|let|function|class|interface) (\w+|\{[^}]*\})/gm)]
  return [...imported, ...made.flatMap(([, names = '']) => wordsOf(names))]
}

function wordsOf(names: string): string[] {
  return names
    .replaceAll(/\btype |= [^,}]+/g, '')
    .split(/[^\w$]+/)
    .filter((word) => word !== '')
}

/**
 * The same, with each line that states what it gives, such as `preferredEncoding('br', ['br']) // 'br'`, made into a
 * check of that.
 */
export function withChecks(code: string): string {
  return code.replaceAll(
    /^(?!const |let |import |export |return |await |\/\/)([a-z]\S* ?.*?) \/\/ ((?:['"[{\d]|-\d|true\b|false\b|undefined\b).*)$/gm,
    (_line, expression: string, stated: string) => `gives(${expression}, ${JSON.stringify(stated)})`,
  )
}
