/**
 * From http to https, and there for good: by the Observatory's rules.
 *
 * @module
 */
import { good, type Judgement } from './judgement.ts'
import type { Seen } from './seen.ts'

/** The least that counts: the Observatory says six months, and is content with 180 days. */
const halfAYear = 15_552_000

export function judgeTransport({ page, https }: Seen): Judgement[] {
  const instead =
    'Strict-Transport-Security: max-age=31536000; includeSubDomains, as securityHeaders() sends it over https'
  if (https === 'none') {
    return [
      { code: 'hsts-not-implemented-no-https', wrong: 'nobody answers by https', instead: 'a certificate, and https' },
    ]
  }
  if (https === 'unverified') {
    const wrong = 'browsers do not believe the certificate, and so no Strict-Transport-Security'
    return [{ code: 'hsts-invalid-cert', wrong, instead: 'a certificate of an authority that browsers know' }]
  }
  const field = page.fields.get('strict-transport-security')?.[0]
  if (field === undefined) {
    return [
      {
        code: 'hsts-not-implemented',
        wrong: 'there is no Strict-Transport-Security: a first request may go by http',
        instead,
      },
    ]
  }
  const maxAge = /(?:^|;)\s*max-age="?(\d+)/i.exec(field)?.[1]
  if (maxAge === undefined || field.includes(',')) {
    return [
      { code: 'hsts-header-invalid', wrong: `Strict-Transport-Security says ${field}, which browsers drop`, instead },
    ]
  }
  if (Number(maxAge) >= halfAYear) return [good('hsts-implemented-max-age-at-least-six-months')]
  const wrong = `Strict-Transport-Security lasts ${maxAge} seconds, less than ${halfAYear}`
  return [{ code: 'hsts-implemented-max-age-less-than-six-months', wrong, instead }]
}

const redirect = 'httpsRedirect(), outside of all that answers; or a redirect of the proxy in front'

export function judgeRedirect({ route, https }: Seen): Judgement[] {
  const [from, to] = route ?? []
  const last = route?.at(-1)
  if (from === undefined || last === undefined) return [good('redirection-not-needed-no-http')]
  if (https === 'unverified' && last.protocol === 'https:') {
    const wrong = `${from.href} leads to a certificate that browsers do not believe`
    return [{ code: 'redirection-invalid-cert', wrong, instead: 'a certificate of an authority that browsers know' }]
  }
  if (to === undefined) {
    return [
      { code: 'redirection-missing', wrong: `${from.href} is answered by http, and not redirected`, instead: redirect },
    ]
  }
  if (last.protocol !== 'https:') {
    return [
      { code: 'redirection-not-to-https', wrong: `${from.href} is redirected to ${last.href}`, instead: redirect },
    ]
  }
  if (to.protocol !== 'https:') {
    const wrong = `${from.href} is redirected to ${to.href} first, and to https later`
    return [{ code: 'redirection-not-to-https-on-initial-redirection', wrong, instead: redirect }]
  }
  if (from.hostname === to.hostname) return [good('redirection-to-https')]
  const wrong = `${from.hostname} is redirected to ${to.hostname} at once, and its own Strict-Transport-Security is never seen`
  const instead = `a redirect to https://${from.hostname} first, and from there to ${to.hostname}`
  return [{ code: 'redirection-off-host-from-http', wrong, instead }]
}
