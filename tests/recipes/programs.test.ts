import { expect, it } from '@jest/globals'
import { startNginx } from '@outerware/recipes/many-machines/programs'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { freePort, listen } from '../support/index.ts'

it.each([
  ['forward-auth', 'There is no nginx on this machine: apt-get install nginx'],
  ['many-machines', 'There is no redis-server on this machine: apt-get install nginx redis-server'],
  ['any-language', 'There is no gunicorn on this machine: apt-get install gunicorn python3-django'],
])('%s says what to install where it is missing', async (name, message) => {
  const args = ['--conditions=@outerware/source', '--import', './tools/typescript.js', `recipes/${name}/start.ts`]
  const { stderr } = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: '/nowhere', PORT: String(await freePort()), PROVIDER_PORT: String(await freePort()) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  expect(await text(stderr)).toContain(`Error: ${message}\n`)
})

it('many-machines takes no other program for its nginx', async () => {
  const other = await listen(createServer())
  const starting = startNginx(other.port, [1, 2, 3])
  await expect(starting).rejects.toThrow(`Port ${other.port} is taken. Write another one: PORT=${other.port + 1}`)
  await other.close()
})
