import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { pages, root } from '../docs/pages.ts'
import { programsOf, projectOf } from '../docs/programs.ts'

const tsc = join(root, 'node_modules/typescript/bin/tsc')

/** What a project of today is set to; what an example stands around is JavaScript. */
const compilerOptions = {
  module: 'nodenext',
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  types: ['node'],
}

// That they run is found out from source, in tests/docs; here, by the types that are published, that they compile.
it.each(pages.filter((page) => programsOf(page).length > 0))('%s has examples that compile', (page) => {
  const { folder, remove } = projectOf(page)
  const files = programsOf(page).map((code, i) => {
    writeFileSync(join(folder, `example-${i + 1}.ts`), code)
    return `example-${i + 1}.ts`
  })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const said = compile(folder)
  remove()
  expect(said).toBe('')
})

/** What the compiler says; nothing, if all is well. */
function compile(cwd: string): string {
  try {
    execFileSync(process.execPath, [tsc], { cwd })
    return ''
  } catch (error) {
    return String(Object(error).stdout)
  }
}
