/**
 * The Observatory's rules over one policy.
 *
 * @module
 */
import type { ReadPolicy } from './read-policy.ts'
import type { Judgement } from './judgement.ts'

/** All faults, in the order in which they count; none where there is nothing unsafe. */
export function judgePolicy(policy: ReadPolicy, secure: boolean): Judgement[] {
  const sources = (name: string): readonly string[] => policy.get(name) ?? policy.get('default-src') ?? ['*']
  const scripts = effectiveScripts(sources('script-src'))
  const allowed: Allowed = {
    scripts,
    styles: withoutInline(sources('style-src')),
    plugins: sources('object-src'),
    active: secure ? active(policy, scripts) : [],
    passive: secure ? passive.flatMap((name) => policy.get(name) ?? policy.get('default-src') ?? []) : [],
  }
  return rules.filter(({ holds }) => holds(allowed)).map(({ fault }) => fault)
}

/** Sources as browsers of today take them. */
interface Allowed {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  readonly plugins: readonly string[]
  /** Of a site by https: all that is loaded and may act; all that is only shown. */
  readonly active: readonly string[]
  readonly passive: readonly string[]
}

interface Rule {
  readonly holds: (allowed: Allowed) => boolean
  readonly fault: Judgement
}

const rules: readonly Rule[] = [
  {
    holds: ({ scripts }) => scripts.includes("'strict-dynamic'") && !hasNonce(scripts),
    fault: {
      code: 'csp-header-invalid',
      wrong: "script-src has 'strict-dynamic' without a nonce or hash: no script runs",
      instead: "securityHeaders({ nonce: true }), and the nonce on the page's own scripts",
    },
  },
  {
    holds: ({ scripts }) => isInline(scripts),
    fault: {
      code: 'csp-implemented-with-unsafe-inline',
      wrong: "script-src lets inline scripts run, by 'unsafe-inline' or data:",
      instead: 'securityHeaders({ nonce: true }), or the hashes of the scripts',
    },
  },
  {
    holds: ({ scripts }) => isBroad(scripts),
    fault: {
      code: 'csp-implemented-with-unsafe-inline',
      wrong: 'script-src, or what stands for it, lets scripts come from everywhere',
      instead: "script-src 'self', with a nonce and 'strict-dynamic' for what comes from elsewhere",
    },
  },
  {
    holds: ({ plugins }) => isBroad(plugins),
    fault: {
      code: 'csp-implemented-with-unsafe-inline',
      wrong: 'object-src, or what stands for it, lets plug-ins come from everywhere',
      instead: "object-src 'none'",
    },
  },
  {
    holds: ({ active }) => active.some(isInsecure),
    fault: {
      code: 'csp-implemented-with-insecure-scheme',
      wrong: 'the policy lets scripts, styles, frames or connections go by http',
      instead: 'https: in place of http:',
    },
  },
  {
    holds: ({ scripts, styles }) => [...scripts, ...styles].includes("'unsafe-eval'"),
    fault: {
      code: 'csp-implemented-with-unsafe-eval',
      wrong: "the policy lets texts become code, by 'unsafe-eval'",
      instead: "the policy without 'unsafe-eval'; 'wasm-unsafe-eval' is enough for WebAssembly",
    },
  },
  {
    holds: ({ passive }) => passive.some(isInsecure),
    fault: {
      code: 'csp-implemented-with-insecure-scheme-in-passive-content-only',
      wrong: 'the policy lets images or media come by http',
      instead: 'https: in place of http: in img-src and media-src',
    },
  },
  {
    holds: ({ styles }) => isBroad(styles) || isInline(styles),
    fault: {
      code: 'csp-implemented-with-unsafe-inline-in-style-src-only',
      wrong: 'style-src lets styles in from everywhere or inline, and so what reads a page by its looks',
      instead: "style-src 'self', and the nonce on styles that stand in a page",
    },
  },
]

/** Tells whether a fault is one of the last two, which cost little. */
export function isLesser({ code }: Judgement): boolean {
  return rules.slice(-2).some(({ fault }) => fault.code === code)
}

const passive = ['img-src', 'media-src']

/** What is loaded and may act; the sources of scripts as browsers take them. */
function active(policy: ReadPolicy, scripts: readonly string[]): readonly string[] {
  const own = policy.has('script-src') ? 'script-src' : 'default-src'
  const others = [...policy].flatMap(([name, sources]) => (name === own || passive.includes(name) ? [] : sources))
  return [...others, ...scripts]
}

/** What browsers of today make of sources: with a nonce or hash 'unsafe-inline' is passed over. */
function withoutInline(sources: readonly string[]): readonly string[] {
  return hasNonce(sources) ? sources.filter((source) => source !== "'unsafe-inline'") : sources
}

/** With 'strict-dynamic' hosts are passed over, too. */
function effectiveScripts(sources: readonly string[]): readonly string[] {
  if (!hasNonce(sources) || !sources.includes("'strict-dynamic'")) return withoutInline(sources)
  return withoutInline(sources).filter((source) => source !== "'self'" && !/^(?:ftp:|https?:|\*)/.test(source))
}

function hasNonce(sources: readonly string[]): boolean {
  return sources.some((source) => /^'(?:nonce|sha256|sha384|sha512)-/.test(source))
}

function isInline(sources: readonly string[]): boolean {
  return sources.includes("'unsafe-inline'") || sources.includes('data:')
}

function isBroad(sources: readonly string[]): boolean {
  return sources.some((source) => /^(?:\*|ftp:|https?:(?:\/\/\*(?:\.\*)?)?)$/.test(source))
}

function isInsecure(source: string): boolean {
  return source.startsWith('http:') || source.startsWith('ftp:')
}
