/**
 * What judges tokens at a gate.
 *
 * @module
 */
import type { Settings } from '../settings/settings.ts'
import type { BearerSettings } from './resource.ts'
import type { Verifier } from './verify.ts'

/** Made once, where tokens are taken. */
export interface Court {
  readonly settings: Settings
  readonly bearer: BearerSettings
  readonly verifier: Verifier
}
