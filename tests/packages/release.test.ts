import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const packages = ['core', ...readdirSync(join(root, 'middlewares')).map((name) => `middlewares/${name}`)]

describe.each(packages)('%s', (folder) => {
  const manifest = JSON.parse(read(`${folder}/package.json`))

  it('is published for everybody, with its provenance', () => {
    expect(manifest.private).toBeUndefined()
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true })
  })

  it('names the folder that it comes from, as npm holds it against the provenance', () => {
    const url = 'git+https://github.com/outerware/outerware.git'
    expect(manifest.repository).toEqual({ type: 'git', url, directory: folder })
    expect(manifest.homepage).toBe(`https://github.com/outerware/outerware/tree/main/${folder}#readme`)
  })

  it('says what is in it, under which licence, and which Node it wants', () => {
    expect(manifest.files).toEqual(['dist', '!dist/.tsbuildinfo', 'src', 'CHANGELOG.md'])
    expect([manifest.license, existsSync(join(root, folder, 'LICENSE'))]).toEqual(['MIT', true])
    expect(manifest.engines).toEqual({ node: '>=20.19' })
  })
})

interface Job {
  readonly uses?: string
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly with?: object }[]
}

describe.each(readdirSync(join(root, '.github/workflows')))('the workflow %s', (name) => {
  const text = read(`.github/workflows/${name}`)
  const workflow = parse(text, { strict: true, uniqueKeys: true })
  const jobs: readonly (readonly [string, Job])[] = Object.entries(workflow.jobs)

  it('may do no more than it says, job by job', () => {
    expect([{}, { contents: 'read' }]).toContainEqual(workflow.permissions)
  })

  it('runs actions of a known commit only, with the version beside it', () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, action = '']) => action)
    expect(used.length).toBeGreaterThan(0)
    for (const action of used)
      expect(action).toMatch(/^(?:\.\/\.github\/[\w./-]+|[\w./-]+@[\da-f]{40} # v\d+\.\d+\.\d+)$/)
  })

  it('calls what is there: scripts, files and other workflows', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const script = /npm run ([\w:-]+)/g
    for (const [, called = ''] of text.matchAll(script)) expect([called, called in scripts]).toEqual([called, true])
    const files = [...text.matchAll(/(?:uses: \.\/|run: )(\.[\w/.-]+)/g)].map(([, file = '']) => file)
    for (const file of files) expect([file, existsSync(join(root, file))]).toEqual([file, true])
  })

  it('lets one job alone say who it is: the one that publishes, in an environment of its own', () => {
    const trusted = jobs.filter(([, job]) => job.permissions?.['id-token'] === 'write')
    expect(trusted.map(([name, job]) => [name, job.environment])).toEqual(
      name === 'release.yml' ? [['publish', 'npm']] : [],
    )
  })
})

it('publishes after the checks have passed, and without a token', () => {
  const text = read('.github/workflows/release.yml')
  const { on, jobs } = parse(text)
  expect(on).toEqual({ push: { branches: ['main'] } })
  expect([jobs.check.uses, jobs.version.needs, jobs.publish.needs]).toEqual([
    './.github/workflows/ci.yml',
    'check',
    'version',
  ])
  expect(text).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN|secrets\./)
})
