/**
 * Blocks that are neither run nor compared here, each with the reason, and with where it is held instead. A block that
 * is not on this list and of no kind that is run fails the tests, and so does an entry that stands for nothing.
 */
import type { Block } from './pages.ts'

interface Elsewhere {
  /** The page; a pattern, where the same is on many. */
  readonly page: string | RegExp
  /** How the block begins. */
  readonly begins: string | RegExp
  readonly why: string
  /** The test that holds it; none where there is nothing to hold. */
  readonly heldBy?: string
}

const anyRecipe = /^recipes\/[\w-]+\/README\.md$/
const recipes = 'tests/packages/recipes.test.ts'

export const elsewhere: readonly Elsewhere[] = [
  {
    page: /^(?:(?:core|middlewares\/[\w-]+)\/)?README\.md$/,
    begins: /^npm install @outerware\//,
    why: 'the packages are not on the registry before their first release: they are installed from their tarballs',
    heldBy: 'tests/packages/packages.test.ts',
  },
  {
    page: anyRecipe,
    begins: /^npm install && npm start$/,
    why: 'it is done in a copy of the folder, with tarballs in the place of the registry',
    heldBy: recipes,
  },
  {
    page: 'recipes/README.md',
    begins: 'cp -r recipes/koa',
    why: 'it is done for each of the recipes, in an empty folder',
    heldBy: recipes,
  },
  {
    page: 'recipes/README.md',
    begins: 'npm run build && npm pack',
    why: 'it is done for each of the recipes, in an empty folder',
    heldBy: recipes,
  },
  { page: 'recipes/bun/README.md', begins: 'bun install', why: 'Bun is no dependency', heldBy: recipes },
  { page: 'recipes/deno/README.md', begins: /^deno /, why: 'Deno is no dependency', heldBy: recipes },
  {
    page: 'recipes/workers/README.md',
    begins: '$ curl',
    why: 'wrangler wants an account, and a hundred packages: the bundle runs on workerd alone',
    heldBy: recipes,
  },
  {
    page: 'CONTRIBUTING.md',
    begins: 'git clone',
    why: 'a new wrapper is made in a copy of the repository, and all its checks are run',
    heldBy: 'tests/packages/new-wrapper.test.ts',
  },
  {
    page: 'recipes/opentelemetry/README.md',
    begins: 'docker run',
    why: 'the tests have a collector of their own',
    heldBy: 'tests/recipes/opentelemetry.test.ts',
  },
  {
    page: 'tests/frameworks/README.md',
    begins: 'npm run test:frameworks',
    why: 'it takes an hour, and clones thirty repositories',
  },
  {
    page: 'middlewares/oauth2/docs/forward-auth.md',
    begins: /^(?:location|handle) \//,
    why: 'a configuration of nginx, one of Caddy: the proxies run with them',
    heldBy: 'tests/oauth2/proxies.test.ts',
  },
  {
    page: 'middlewares/oauth2/docs/forward-auth.md',
    begins: 'http:',
    why: 'Traefik is not in Debian; what it asks, and what it is told, is tested without it',
    heldBy: 'tests/oauth2/forward-auth.test.ts',
  },
  {
    page: /^middlewares\/static\/(?:README|docs\/compressor|docs\/dictionaries)\.md$/,
    begins: '$ npx outerware-static compress dist',
    why: 'its figures are of a real bundle, by a Node that has zstd, and other ones with each version of a codec',
    heldBy: 'tests/static/compress-command.test.ts',
  },
  {
    page: 'middlewares/security-headers/README.md',
    begins: '$ npx outerware-check',
    why: 'it wants a site with TLS that has many faults',
    heldBy: 'tests/security-headers/check-command.test.ts',
  },
  {
    page: 'middlewares/oauth2/docs/first-login.md',
    begins: /^(?:npm init|node provider|\$ curl)/,
    why: 'its two files run as they stand there, on free ports, and say to curl what the page says',
    heldBy: 'tests/oauth2/first-login.test.ts',
  },
  {
    page: 'middlewares/security-headers/README.md',
    begins: "default-src 'none'",
    why: 'a policy, in three lines for the reader',
    heldBy: 'tests/security-headers/strict.test.ts',
  },
  {
    page: 'core/docs/outer-or-inner.md',
    begins: 'outside   GET · /lights',
    why: 'what two places know of one request',
    heldBy: 'tests/recipes/inside.test.ts',
  },
  {
    page: 'recipes/any-language/README.md',
    begins: 'You are mairi',
    why: 'somebody must sign in for it',
    heldBy: 'tests/recipes/any-language.test.ts',
  },
  {
    page: 'recipes/many-machines/README.md',
    begins: 'mairi has the watch',
    why: 'somebody must sign in for it',
    heldBy: 'tests/recipes/many-machines.test.ts',
  },
  {
    page: 'recipes/access-log/README.md',
    begins: '{"level":30',
    why: 'it is on the standard output of the site',
    heldBy: 'tests/recipes/access-log.test.ts',
  },
  {
    page: 'recipes/languages/README.md',
    begins: '{ "jsx"',
    why: 'its own tsconfig.json has it, by which it is compiled and started',
    heldBy: recipes,
  },
  {
    page: 'middlewares/static/docs/dictionaries.md',
    begins: 'GET /assets/app-DfX2k9aB.js',
    why: 'deltas are made by a Node whose zstd takes a dictionary, from 22.19 on',
    heldBy: 'tests/static/dictionaries.test.ts',
  },
]

/** Why a block is not run here; `undefined` for one that is. */
export function whyNot({ page, code }: Block): Elsewhere | undefined {
  return elsewhere.find((entry) => isOf(entry.page, page) && isOf(entry.begins, code))
}

function isOf(wanted: string | RegExp, text: string): boolean {
  if (wanted instanceof RegExp) return wanted.test(text)
  return text.startsWith(wanted)
}
