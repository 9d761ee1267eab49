/**
 * Directories that hold nothing but what frameworks have built, under names that no other bytes get: each framework's own
 * server sends all of it as immutable, also names that no test would take for hashed.
 *
 *     /_next/static/css/7e7d96b1e6991756.css      /_app/immutable/chunks/CdxKthtZ.js      /_astro/me.BzFnQkVd_Z1bXc3.webp
 *
 * @module
 */

/** Of Next.js, SvelteKit, Astro, and Nuxt, whose `builds` tell which build is the latest. */
const directories = /\/(?:_next\/static|_app\/immutable|_astro|_nuxt(?!\/builds\/))\//

/** Gives the path, down to the directory, of a file in such a one. */
export function buildDirectoryOf(path: string): string | undefined {
  const found = directories.exec(path)
  return found === null ? undefined : path.slice(0, found.index + found[0].length)
}
