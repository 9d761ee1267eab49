/** The key by which a page shows who it is: made anew, so that none is in the repository. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
writeFileSync('client-key.json', JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'site', alg: 'ES256' }))
