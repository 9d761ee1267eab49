#!/usr/bin/env node
/**
 * The command `outerware-check`.
 *
 * @module
 */
import { command } from './check/command.ts'

process.exitCode = await command(process.argv.slice(2), process.stdout, process.stderr)
