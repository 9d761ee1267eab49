/**
 * Permissions-Policy: a structured dictionary of features and of who may use them (RFC 9651, section 3.2).
 *
 * @module
 */
import { OptionError } from '@outerware/core'

/**
 * Who may use a feature: `false` nobody, `'self'` this origin, `'*'` everybody, or a list of `'self'` and origins such
 * as `https://maps.example` or `https://*.maps.example`.
 */
export type Allowlist = false | 'self' | '*' | readonly string[]

/** The features that browsers know, in the camel case of helmet's directives. */
export type Feature =
  | 'accelerometer'
  | 'ambientLightSensor'
  | 'attributionReporting'
  | 'autoplay'
  | 'bluetooth'
  | 'browsingTopics'
  | 'camera'
  | 'capturedSurfaceControl'
  | 'computePressure'
  | 'crossOriginIsolated'
  | 'deferredFetch'
  | 'deferredFetchMinimal'
  | 'displayCapture'
  | 'encryptedMedia'
  | 'fullscreen'
  | 'gamepad'
  | 'geolocation'
  | 'gyroscope'
  | 'hid'
  | 'identityCredentialsGet'
  | 'idleDetection'
  | 'interestCohort'
  | 'keyboardMap'
  | 'languageDetector'
  | 'localFonts'
  | 'localNetworkAccess'
  | 'magnetometer'
  | 'microphone'
  | 'midi'
  | 'onDeviceSpeechRecognition'
  | 'otpCredentials'
  | 'payment'
  | 'pictureInPicture'
  | 'privateStateTokenIssuance'
  | 'privateStateTokenRedemption'
  | 'publickeyCredentialsCreate'
  | 'publickeyCredentialsGet'
  | 'screenWakeLock'
  | 'serial'
  | 'speakerSelection'
  | 'storageAccess'
  | 'summarizer'
  | 'syncXhr'
  | 'translator'
  | 'unload'
  | 'usb'
  | 'webShare'
  | 'windowManagement'
  | 'xrSpatialTracking'

/** Features, and who may use each. What is not named keeps the browser's default. */
export type PermissionsPolicy = { readonly [F in Feature]?: Allowlist }

/**
 * Writes the field.
 *
 * @throws {@link OptionError} for a name that is no key, or an allowlist that browsers would drop
 * @example
 * permissionsPolicyField({ camera: false, geolocation: ['self', 'https://maps.example'] })
 * // camera=(), geolocation=(self "https://maps.example")
 * @see https://www.w3.org/TR/permissions-policy/#permissions-policy-http-header-field
 */
export function permissionsPolicyField(policy: PermissionsPolicy): string {
  return Object.entries(policy)
    .map(([feature, allowlist]) => `${featureName(feature)}=${writeAllowlist(feature, allowlist)}`)
    .join(', ')
}

function featureName(feature: string): string {
  const name = feature.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name
  throw new OptionError('securityHeaders.permissionsPolicy', 'made of names such as camera or syncXhr', feature)
}

function writeAllowlist(feature: string, allowlist: unknown): string {
  if (allowlist === '*') return '*'
  const members: unknown = allowlist === false ? [] : allowlist === 'self' ? ['self'] : allowlist
  if (!Array.isArray(members)) throw wrong(feature, allowlist)
  return `(${members.map((member) => writeMember(feature, member)).join(' ')})`
}

const origin = /^https?:\/\/(?:\*\.)?[a-z0-9.-]+(?::\d+)?$/i

function writeMember(feature: string, member: unknown): string {
  if (member === 'self') return 'self'
  if (typeof member === 'string' && origin.test(member)) return `"${member}"`
  throw wrong(feature, member)
}

function wrong(feature: string, given: unknown): OptionError {
  return new OptionError(
    `securityHeaders.permissionsPolicy.${feature}`,
    `false, 'self', '*', or a list of 'self' and origins such as https://maps.example`,
    given,
  )
}
