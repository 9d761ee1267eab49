/** The pages that people read, and the blocks of code in them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Lexer, walkTokens, type Token } from 'marked'

export const root = resolve(import.meta.dirname, '../..')

const folders = (parent: string): string[] => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
const packages = ['core', ...folders('middlewares')]

/** Every page there is, by its path from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'recipes/README.md',
  'tests/frameworks/README.md',
  ...[...packages, ...folders('recipes')].map((folder) => `${folder}/README.md`),
  ...packages
    .map((folder) => `${folder}/docs`)
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap(folders),
].filter((page) => existsSync(join(root, page)))

export interface Block {
  readonly page: string
  /** What is written behind the fence; empty for an indented block. */
  readonly lang: string
  readonly code: string
  /** Where it begins in the page, in lines from 1. */
  readonly line: number
}

/** The blocks of a page, in the order in which they are read. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks: Block[] = []
  let from = 0
  void walkTokens(new Lexer().lex(text), (token: Token) => {
    if (token.type !== 'code') return
    const [first = ''] = token.text.split('\n')
    from = text.indexOf(first, from)
    blocks.push({ page, lang: token.lang ?? '', code: token.text, line: text.slice(0, from).split('\n').length })
    from += first.length
  })
  return blocks
}

/**
 * What a block is, and so what becomes of it in the tests:
 *
 * - a `program` is run, see programs.ts;
 * - an `exchange` of HTTP is held against what a server really says, see exchanges.ts;
 * - a `session` with a shell is had again, see sessions.ts;
 * - a `list` names files, and they are there; a `diff` adds lines, and they are there;
 * - a `drawing` is no code;
 * - all `other` ones are listed, with a reason, in elsewhere.ts.
 */
export type Kind = 'program' | 'exchange' | 'session' | 'list' | 'diff' | 'drawing' | 'other'

export function kindOf({ lang, code }: Block): Kind {
  if (lang === 'ts' || lang === 'js') return 'program'
  if (lang === 'http') return 'exchange'
  if (lang === '' && code.startsWith('$ ')) return 'session'
  if (lang === 'diff') return 'diff'
  if (/^(?:[\w./-]+\.ts|\w+\/) {2,}\S/.test(code)) return 'list'
  return lang === '' && /[─│▲▼└]/.test(code) ? 'drawing' : 'other'
}

export function blocksOfKind(page: string, kind: Kind): readonly Block[] {
  return blocksOf(page).filter((block) => kindOf(block) === kind)
}
