/**
 * TypeScript on any Node from 20.19: `node --import ./tools/typescript.js file.ts`.
 *
 * From 22.18 on, Node strips types by itself, and this does nothing.
 *
 * @module
 */
import { register } from 'node:module'

if (!process.features.typescript) register('./typescript-hooks.js', import.meta.url)
