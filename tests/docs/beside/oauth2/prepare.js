/** A private key, as a provider gives one or is told of one. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
writeFileSync(
  'client-key.json',
  JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'site-1', alg: 'ES256' }),
)
