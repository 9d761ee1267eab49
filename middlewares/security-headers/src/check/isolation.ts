/**
 * What other sites may do with a page and its answers: by the Observatory's rules.
 *
 * @module
 */
import { good, type Judgement, type ObservatoryCode } from './judgement.ts'
import { fieldOf, type Page, type Seen } from './seen.ts'

export function judgeResources({ page }: Seen): Judgement[] {
  return judgeWord(
    fieldOf(page.fields, 'cross-origin-resource-policy')?.trim().toLowerCase(),
    'Cross-Origin-Resource-Policy',
    {
      '': 'corp-not-implemented',
      'same-site': 'corp-implemented-with-same-site',
      'same-origin': 'corp-implemented-with-same-origin',
      'cross-origin': 'corp-implemented-with-cross-origin',
      invalid: 'corp-header-invalid',
    },
  )
}

export function judgeOpeners({ page }: Seen): Judgement[] {
  return judgeWord(tokenOf(page, 'cross-origin-opener-policy'), 'Cross-Origin-Opener-Policy', {
    '': 'coop-not-implemented',
    'same-origin': 'coop-implemented-with-same-origin',
    'same-origin-allow-popups': 'coop-implemented-with-same-origin-allow-popups',
    'noopener-allow-popups': 'coop-implemented-with-noopener-allow-popups',
    'unsafe-none': 'coop-implemented-with-unsafe-none',
    invalid: 'coop-header-invalid',
  })
}

export function judgeEmbedding({ page }: Seen): Judgement[] {
  return judgeWord(tokenOf(page, 'cross-origin-embedder-policy'), 'Cross-Origin-Embedder-Policy', {
    '': 'coep-not-implemented',
    'require-corp': 'coep-implemented-with-require-corp',
    credentialless: 'coep-implemented-with-credentialless',
    'unsafe-none': 'coep-implemented-with-unsafe-none',
    invalid: 'coep-header-invalid',
  })
}

type Words = Readonly<Record<string, ObservatoryCode>> & {
  readonly '': ObservatoryCode
  readonly invalid: ObservatoryCode
}

function judgeWord(said: string | undefined, name: string, words: Words): Judgement[] {
  const known =
    said === undefined ? words[''] : Object.hasOwn(words, said) && said !== 'invalid' ? words[said] : undefined
  if (known !== undefined) return [good(known)]
  const wanted = Object.keys(words).slice(1, -1)
  return [{ code: words.invalid, wrong: `${name} says ${said}, which browsers drop`, instead: `${name}: ${wanted[0]}` }]
}

/** A token of structured fields without its parameters (RFC 9651, section 3.3.4); two lines are none. */
function tokenOf({ fields }: Page, name: string): string | undefined {
  const lines = fields.get(name)
  if (lines === undefined) return undefined
  return /^\s*([a-z*][\w!#$%&'*+.^`|~:/-]*)\s*(?:;.*)?$/i.exec(lines.join(', '))?.[1] ?? lines.join(', ')
}

export function judgeSharing({ preflight }: Seen): Judgement[] {
  const allowed = preflight?.fields.get('access-control-allow-origin')?.[0]?.trim()
  if (preflight === undefined || allowed === undefined) return [good('cross-origin-resource-sharing-not-implemented')]
  if (allowed === '*') return [good('cross-origin-resource-sharing-implemented-with-public-access')]
  const credentials = preflight.fields.get('access-control-allow-credentials')?.[0]?.trim().toLowerCase()
  if (allowed !== preflight.origin || credentials !== 'true') {
    return [good('cross-origin-resource-sharing-implemented-with-restricted-access')]
  }
  const wrong =
    'any other site may read what a visitor sees: Access-Control-Allow-Origin repeats who asks, with credentials'
  const instead = 'a list of the origins that are meant, or * without Access-Control-Allow-Credentials'
  return [{ code: 'cross-origin-resource-sharing-implemented-with-universal-access', wrong, instead }]
}
