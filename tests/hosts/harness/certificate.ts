export { certificate } from '../../support/certificate.ts'
