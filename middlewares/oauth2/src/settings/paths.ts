/**
 * Options that go by the path of a request: what is public, and what asks for more than a login.
 *
 * @module
 */
import { OptionError, pathOf, pathTest } from '@outerware/core'
import type { StepRule } from '../login/step-up.ts'
import type { PublicPath, StepUpRule } from '../options/access.ts'
import type { OidcOptions } from '../options/options.ts'
import { atLeast, decodedPath, object, texts } from './checks.ts'

/** Tells whether a request may be answered without signing in. */
export type IsPublic = (request: Request) => boolean

/**
 * The rules of what is public, as one test. Never public is a path with no one reading (R55), nor one that servers
 * further in have been seen to read as another: `..;` is `..` to those of Java, and some decode twice.
 */
export function publicPathsOf(value: unknown = []): IsPublic {
  if (!Array.isArray(value)) {
    const instead = typeof value === 'string' ? `write [${JSON.stringify(value)}]` : ''
    throw new OptionError('oidc.publicPaths', 'a list of paths', value, false, instead)
  }
  const tests = value.map((member: PublicPath, index) => publicPathOf(`oidc.publicPaths[${index}]`, member))
  return (request) => tests.some((test) => test(request)) && !misread.test(pathOf(request) ?? '')
}

const misread = /\/\.{1,2};|%(?:2e|2f|5c|00)/i

/** The rules of what asks for more than a login. */
export function stepUpOf(value: OidcOptions['stepUp'] = []): readonly StepRule[] {
  if (!Array.isArray(value)) throw new OptionError('oidc.stepUp', 'a list of { path, acr, maxAge }', value)
  return value.map((member: StepUpRule, index) => stepRuleOf(`oidc.stepUp[${index}]`, member))
}

function stepRuleOf(option: string, value: StepUpRule): StepRule {
  const { path, method, acr, maxAge } = object(option, value, ['path', 'method', 'acr', 'maxAge'])
  if (acr === undefined && maxAge === undefined) throw new OptionError(option, 'a rule with acr, maxAge or both', value)
  const isMeant = guardedPathOf(`${option}.path`, path)
  const isAsked = method === undefined ? undefined : methodTest(`${option}.method`, method)
  return {
    where: (request) => (isAsked === undefined || isAsked(request)) && isMeant(request),
    acr: acr === undefined ? undefined : texts(`${option}.acr`, typeof acr === 'string' ? [acr] : acr),
    maxAge: maxAge === undefined ? undefined : atLeast(`${option}.maxAge`, maxAge, 0, 'seconds'),
  }
}

/**
 * What guards a path guards all that a router may take for it: most tell no `/Pay/` from `/pay`, some no `//pay`. What is
 * public is not read so freely.
 */
function guardedPathOf(option: string, value: unknown): IsPublic {
  const pattern = patternOf(option, value)
  const isBelow = pattern.endsWith('/*')
  const wanted = loosely(isBelow ? pattern.slice(0, -1) : pattern)
  return (request) => {
    const path = pathOf(request)
    if (path === undefined) return false
    const given = loosely(path)
    return given === wanted || (isBelow && given.startsWith(`${wanted}/`))
  }
}

/** `/Admin//x;a=1/` as `/admin/x`; the root is `''`. */
function loosely(path: string): string {
  return path
    .toLowerCase()
    .replace(/;[^/]*/g, '')
    .replace(/\/+/g, '/')
    .replace(/\/$/, '')
}

function publicPathOf(option: string, value: PublicPath): IsPublic {
  if (typeof value === 'function') return pathTest([value], option)
  if (typeof value === 'string') return pathTest([patternOf(option, value)], option)
  if (typeof value !== 'object' || value === null || value instanceof RegExp) {
    throw new OptionError(option, "a path, '/below/*', { method, path } or a function", value)
  }
  const { method, path: pattern } = object(option, value, ['method', 'path'])
  const isAsked = methodTest(`${option}.method`, method)
  const isMeant = pathTest([patternOf(`${option}.path`, pattern)], option)
  return (request) => isAsked(request) && isMeant(request)
}

function methodTest(option: string, value: unknown): IsPublic {
  const methods = typeof value === 'string' ? [value] : texts(option, value)
  const wrong = methods.find((name) => !/^[A-Z-]+$/.test(name))
  if (wrong !== undefined) throw new OptionError(option, 'a method in upper case, such as GET', wrong)
  // Whoever may GET a page may ask for its HEAD.
  const all = new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)
  return (request) => all.has(request.method)
}

function patternOf(option: string, value: unknown): string {
  const pattern = decodedPath(option, value)
  const star = pattern.indexOf('*')
  if (star !== -1 && (star !== pattern.length - 1 || !pattern.endsWith('/*'))) {
    throw new OptionError(option, 'a path whose only * stands alone at the end, such as /public/*', value)
  }
  return pattern
}
