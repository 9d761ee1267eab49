/**
 * Import it first, and the bridge holds answers without Node's internals, in this file of tests.
 *
 * @module
 */
import process from 'node:process'

process.env['OUTERWARE_SAFE_MODE'] = '1'
