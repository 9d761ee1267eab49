/**
 * The set of fields: written once when the wrapper is made, for https and for http apart, put on by one loop.
 *
 * @module
 */
import {
  addMissing,
  editHeaders,
  inlineHashesOf,
  replaceBody,
  type Context,
  type Fields,
  type InlineHashes,
} from '@outerware/core'
import helmet from 'helmet'
import { helmetOptions, transportOf } from './check-options.ts'
import { record, withOptionCode } from './helmet.ts'
import type { Nonce } from './nonce.ts'
import type { SecurityHeadersOptions } from './options.ts'
import { permissionsPolicyField } from './permissions-policy.ts'
import { policyFields, readPolicies, withHashes, type MadeField, type Policy } from './policy.ts'
import { reportingEndpointsField } from './reporting-endpoints.ts'

/** The fields of one scheme. */
export interface HeaderSet {
  /** Adds the fields that the response does not have, and takes its `X-Powered-By`. */
  dress(response: Response, request: Request, context: NonceContext): Response
  /** The fields for an answer that is made of an error. */
  forError(request: Request, context: NonceContext): Fields
}

type NonceContext = Context & Partial<Nonce>

/**
 * Runs helmet once and keeps what it wrote.
 *
 * @param options checked, and with the preset's values in them
 * @throws OptionError, or helmet's own error with the same code, for a wrong option
 */
export function headerSets(options: SecurityHeadersOptions): { secure: HeaderSet; plain: HeaderSet } {
  const { fields, removed: byHelmet } = withOptionCode(() => record(helmet(helmetOptions(options))))
  const removed = options.server ? [...byHelmet, 'server'] : byHelmet
  const policies = withOptionCode(() => readPolicies(options))
  const all = [...fields, ...ownFields(options)]
  const make = (secure: boolean): HeaderSet => {
    const others = secure ? all : all.filter(([name]) => name !== 'strict-transport-security')
    const setOf = (policies: readonly Policy[]): HeaderSet => {
      const { fixed, made } = policyFields(policies, secure)
      return headerSet([...fixed, ...others], made, removed)
    }
    return byPage(setOf(policies), (hashes) => setOf(withHashes(policies, hashes)))
  }
  return withOptionCode(() => {
    const secure = make(true)
    return { secure, plain: transportOf(options).overHttp ? secure : make(false) }
  })
}

/** A page whose inline scripts and styles are known has a set of its own, made once. */
function byPage(usual: HeaderSet, make: (hashes: InlineHashes) => HeaderSet): HeaderSet {
  const known = new WeakMap<
    InlineHashes['scriptHashes'],
    { styleHashes: InlineHashes['styleHashes']; set: HeaderSet }
  >()
  const setOf = (hashes: InlineHashes): HeaderSet => {
    const { scriptHashes, styleHashes } = hashes
    const found = known.get(scriptHashes)
    if (found?.styleHashes === styleHashes) return found.set
    const set = make(hashes)
    known.set(scriptHashes, { styleHashes, set })
    return set
  }
  return {
    dress(response, request, context) {
      const hashes = inlineHashesOf(context)
      return (hashes === undefined ? usual : setOf(hashes)).dress(response, request, context)
    },
    forError: (request, context) => usual.forError(request, context),
  }
}

function ownFields({ permissionsPolicy, reportingEndpoints }: SecurityHeadersOptions): [string, string][] {
  const own: [string, string][] = []
  if (permissionsPolicy) own.push(['permissions-policy', permissionsPolicyField(permissionsPolicy)])
  if (reportingEndpoints) own.push(['reporting-endpoints', reportingEndpointsField(reportingEndpoints)])
  // Of an empty object nothing is said.
  return own.filter(([, value]) => value !== '')
}

function headerSet(fixed: Fields, made: readonly MadeField[], removed: readonly string[]): HeaderSet {
  const add = addMissing(fixed)
  const edit = (headers: Headers): void => {
    add(headers)
    for (const name of removed) if (headers.has(name)) headers.delete(name)
  }
  return {
    dress(response, request, context) {
      // A 101 holds a socket and may be immutable; Response.error() is no answer.
      if (response.status < 200) return response
      const dressed = editHeaders(response, edit)
      return made.length === 0 ? dressed : addMade(dressed, made, request, context)
    },
    forError: (request, context) => [
      ...fixed,
      ...made.map(({ name, make }) => [name, makeOrDeny(() => make(request, context))] as const),
    ],
  }
}

function addMade(response: Response, made: readonly MadeField[], request: Request, context: NonceContext): Response {
  return editHeaders(response, (headers) => {
    for (const { name, make } of made) {
      if (headers.has(name)) continue
      const value = makeOrGiveUp(() => make(request, context), response)
      // A 304 renews the fields of the page in the cache (RFC 9111, section 3.2), and that page has its old nonce.
      if (response.status !== 304 || !value.includes("'nonce-")) headers.append(name, value)
    }
  })
}

/** Who throws in place of a response lets go of its body. */
function makeOrGiveUp(make: () => string, response: Response): string {
  try {
    return make()
  } catch (error) {
    replaceBody(response, null)
    throw error
  }
}

/** The app's error is the one to be seen: a policy that cannot be made gives way to the one that allows nothing. */
function makeOrDeny(make: () => string): string {
  try {
    return make()
  } catch {
    return "default-src 'none'"
  }
}
