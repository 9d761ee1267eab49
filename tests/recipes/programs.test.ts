import { expect, it } from '@jest/globals'
import { startNginx } from '@outerware/recipes/many-machines/programs'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describeWith, freePort, listen } from '../support/index.ts'

/**
 * Starts a recipe that cannot start, and gives what it has said when the last process that could say something is
 * gone: programs that it has started write there, too.
 */
async function complaintOf(recipe: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--conditions=@outerware/source', '--import', './tools/typescript.js', `recipes/${recipe}/start.ts`]
  const { stderr } = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, '../..'),
    env: { PORT: String(await freePort()), PROVIDER_PORT: String(await freePort()), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return text(stderr)
}

it.each([
  ['forward-auth', 'There is no nginx on this machine: apt-get install nginx'],
  ['many-machines', 'There is no redis-server on this machine: apt-get install nginx redis-server'],
  ['any-language', 'There is no gunicorn on this machine: apt-get install gunicorn python3-django'],
])('%s says what to install where it is missing', async (recipe, message) => {
  expect(await complaintOf(recipe, { PATH: '/nowhere' })).toContain(`Error: ${message}\n`)
})

it('many-machines takes no other program for its nginx', async () => {
  const other = await listen(createServer())
  const starting = startNginx(other.port, [1, 2, 3])
  await expect(starting).rejects.toThrow(`Port ${other.port} is taken. Write another one: PORT=${other.port + 1}`)
  await other.close()
})

describeWith('gunicorn', [{ command: 'gunicorn', package: 'gunicorn' }], () => {
  it('does not outlive a start of any-language that has failed', async () => {
    const other = await listen(createServer())
    const said = await complaintOf('any-language', { PATH: process.env['PATH'] ?? '', PORT: String(other.port) })
    await other.close()
    expect(said).toContain(`Another program listens on port ${other.port}`)
  })
})
