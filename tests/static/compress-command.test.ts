import { describe, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as zlib from 'node:zlib'
import { hasZstd } from '../support/zstd.ts'
import { fill, folder } from './support.ts'

const TEXT = 'the quick brown fox jumps over the lazy dog, again and again\n'.repeat(200)
const codings = hasZstd ? ['br', 'gzip', 'zstd'] : ['br', 'gzip']
const LEFT_OUT = `zstd is left out: it needs Node 22.15 or later, and this is ${process.version}\n`

/** The command as users have it, on built files; and from source, where Node needs some help. */
const main = fileURLToPath(import.meta.resolve('@outerware/static'))
const isBuilt = main.endsWith('.js')
const program = isBuilt
  ? [resolve(main, '../cli.cjs')]
  : [
      '--disable-warning=ExperimentalWarning',
      '--conditions=@outerware/source',
      `--import=${resolve(import.meta.dirname, '../../tools/typescript.js')}`,
      '--input-type=module',
      `--eval=const { command } = await import('${resolve(main, '../compress/command.ts')}')
        process.exitCode = await command(process.argv.slice(1), process.stdout, process.stderr)`,
      '--',
    ]

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [...program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** In this process, which is quicker. */
async function run(...args: string[]): Promise<Said> {
  const { command } = await import(resolve(main, `../compress/command.${isBuilt ? 'js' : 'ts'}`))
  const [out, err]: [string[], string[]] = [[], []]
  const into = (list: string[]): object => ({ write: (line: string) => list.push(line) })
  const code = await command(args, into(out), into(err))
  return {
    code,
    out: out
      .join('')
      .replace(/in \d+\.\d s/, 'in 0.0 s')
      .replace(LEFT_OUT, ''),
    err: err.join(''),
  }
}

const namesIn = (dir: string): string[] => readdirSync(dir).sort()

it('makes the forms, and says so in plain lines where there is no terminal', async () => {
  const dir = folder({ 'a.js': TEXT, 'b.txt': 'tiny' })
  const { code, out, err } = await run('compress', dir, '--br', '--gzip')
  expect(namesIn(dir)).toEqual(['.static-manifest.json', 'a.js', 'a.js.br', 'a.js.gz', 'b.txt'])
  const [br, gz] = ['a.js.br', 'a.js.gz'].map((name) => statSync(join(dir, name)).size)
  const [brPart, gzPart] = [br!, gz!].map((size) => `${((100 * size) / TEXT.length).toFixed(1)} %`)
  expect(out).toBe(
    ` 12.2 kB  br  ${brPart}  gzip  ${gzPart}  a.js\n` +
      `2 files, 2 forms: 2 made, 0 up to date, in 0.0 s\n` +
      `12.2 kB are sent as ${br} B by br (${brPart}), ${gz} B by gzip (${gzPart})\n`,
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect((await run('compress', dir, '--br', '--gzip')).out).toMatch(/^2 files, 2 forms: 2 up to date, in 0.0 s\n/)
})

it('is a program: it makes all codings that this Node has, and says which one it has not', async () => {
  const dir = folder({ 'a.js': TEXT })
  const child = start('compress', dir)
  const [out, [code]] = await Promise.all([text(child.stdout!), once(child, 'close')])
  expect(code).toBe(0)
  const made = namesIn(dir).filter((name) => /\.(br|gz|zst)$/.test(name))
  expect(made).toHaveLength(codings.length)
  expect(out.endsWith(LEFT_OUT)).toBe(!hasZstd)
})

it('is told what to leave, how small is small, and to be quiet', async () => {
  const dir = folder({ 'a.js': TEXT, 'b.css': TEXT, 'c.map': TEXT })
  const args = ['--exclude', 'css', '--exclude', '.map', '--min-ratio', '0.5', '--concurrency=1', '-q', '--br']
  expect(await run('compress', dir, ...args)).toEqual({ code: 0, out: '', err: '' })
  expect(namesIn(dir)).toEqual(['.static-manifest.json', 'a.js', 'a.js.br', 'b.css', 'c.map'])
})

it('shows on a terminal how far it is, in one line that is gone at the end', async () => {
  const { command } = await import(resolve(main, `../compress/command.${isBuilt ? 'js' : 'ts'}`))
  const dir = folder({ 'a.js': TEXT, [`deep/${'long'.repeat(30)}.js`]: TEXT })
  const shown: string[] = []
  const terminal = { isTTY: true, columns: 60, write: (line: string) => shown.push(line) }
  expect(await command(['compress', dir, '--br'], { write: () => {} }, terminal)).toBe(0)
  const clear = '\r\u001b[K'
  expect(shown.every((line) => line.startsWith(clear) && line.length < clear.length + 60)).toBe(true)
  expect(shown.at(-2)).toMatch(/█{24} 2\/2 /)
  expect(shown.at(-1)).toBe(clear)
})

it('--dictionary makes deltas, and shows what they gain; a Node that cannot says so, and makes the forms', async () => {
  const [before, dir] = [folder({ 'a.txt': TEXT }), folder({ 'a.txt': `${TEXT}and once more\n` })]
  const { code, out } = await run('compress', dir, '--gzip', '--dictionary', before)
  expect(code).toBe(0)
  if (namesIn(dir).some((name) => name.endsWith('.dcz'))) {
    expect(out).toMatch(
      /^ {1,3}12\.2 kB  gzip  \d\.\d %  dcz  0\.\d %  a\.txt\n1 file, 2 forms: 2 made, 0 up to date, in 0\.0 s\n/,
    )
    expect(out).toMatch(
      /\n1 file that changed, 12\.2 kB, is sent as \d\d B by dcz \(0\.\d %\) to who has the earlier build, in place of \d+ B\n$/,
    )
  } else {
    expect(out).toMatch(/\n1 file, 1 form: 1 made, 0 up to date, in 0\.0 s\n/)
    expect(out).toContain(`\ndcz is left out: it needs Node 22.19 or 24.6, and this is ${process.version}\n`)
  }
  expect((await run('compress', dir, '--gzip', '--dictionary', before, '--check', '-q')).code).toBe(0)
})

describe('--check', () => {
  it('exits with 1 and a list of what is missing or stale, and writes nothing', async () => {
    const dir = folder({ 'a.js': TEXT, 'b.js': TEXT, 'c.js': TEXT, 'd.js': TEXT, 'e.js': TEXT })
    await run('compress', dir, '--br', '-q')
    rmSync(join(dir, 'a.js.br'))
    fill(dir, { 'b.js': TEXT.toUpperCase() })
    utimesSync(join(dir, 'c.js.br'), 0, 0)
    fill(dir, { 'd.js': 'd' })
    rmSync(join(dir, 'e.js'))
    const before = namesIn(dir)
    const { code, out, err } = await run('compress', dir, '--br', '--check')
    expect(err.split('\n')).toEqual([
      'missing  a.js.br',
      'stale    b.js.br',
      'older    c.js.br',
      'useless  d.js.br',
      'orphan   e.js.br',
      `To mend it: npx outerware-static compress ${dir}`,
      '',
    ])
    expect(out).toMatch(
      /^4 files, 3 forms: 1 to be made, 1 to be renewed, 1 to be dated, 2 to be removed, 0 up to date/,
    )
    expect(code).toBe(1)
    expect(namesIn(dir)).toEqual(before)
    await run('compress', dir, '--br', '-q')
    expect(await run('compress', dir, '--br', '--check', '-q')).toEqual({ code: 0, out: '', err: '' })
  })

  it('tells of a manifest that is missing', async () => {
    const dir = folder({ 'a.js': TEXT })
    await run('compress', dir)
    rmSync(join(dir, '.static-manifest.json'))
    const { code, err } = await run('compress', dir, '--check', '--quiet')
    expect(err).toBe(`missing  .static-manifest.json\nTo mend it: npx outerware-static compress ${dir}\n`)
    expect(code).toBe(1)
  })
})

describe('killed at any moment', () => {
  // Text that takes Brotli a while, differently for each file.
  const slow = (seed: number): string =>
    Array.from({ length: 4000 }, (_, i) => createHash('sha256').update(`${seed} ${i}`).digest('hex')).join('\n')

  it.each([
    ['writing the first form', (names: string[]) => names.some((name) => name.endsWith('.tmp'))],
    ['after the first form', (names: string[]) => names.some((name) => name.endsWith('.br'))],
    ['after the third form', (names: string[]) => names.filter((name) => name.endsWith('.br')).length >= 3],
  ])('%s, it leaves no half file under a served name, and the next run cleans up', async (_name, isTime) => {
    const contents = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.txt`, slow(i)]))
    const dir = folder(contents)
    const child = start('compress', dir, '--concurrency', '2')
    const closed = once(child, 'close')
    while (!isTime(namesIn(dir))) {
      expect(child.exitCode).toBeNull()
      await sleep(5)
    }
    child.kill('SIGKILL')
    expect(await closed).toEqual([null, 'SIGKILL'])
    expect(existsSync(join(dir, '.static-manifest.json'))).toBe(false)
    for (const name of namesIn(dir)) {
      const content = contents[name.replace(/\.(br|gz)$/, '')]
      if (name.endsWith('.br')) expect(String(zlib.brotliDecompressSync(readFileSync(join(dir, name))))).toBe(content)
      if (name.endsWith('.gz')) expect(String(zlib.gunzipSync(readFileSync(join(dir, name))))).toBe(content)
    }
    expect((await run('compress', dir, '-q')).code).toBe(0)
    expect(namesIn(dir).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect((await run('compress', dir, '--check', '-q')).code).toBe(0)
  })

  it('at moments of chance, again and again in the same directory, it gets there in the end', async () => {
    const contents = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`${i}.txt`, slow(10 + i)]))
    const dir = folder(contents)
    const moments: number[] = []
    for (let round = 0; round < 5; round++) {
      const child = start('compress', dir, '-q', '--concurrency', '2')
      const closed = once(child, 'close')
      // Some before it begins, some in the middle, some when it is done.
      const moment = Math.round(Math.random() * 1500)
      moments.push(moment)
      await Promise.race([sleep(moment), closed])
      child.kill('SIGKILL')
      await closed
      for (const name of namesIn(dir).filter((one) => /\.(?:br|gz)$/.test(one))) {
        const bytes = readFileSync(join(dir, name))
        const whole = name.endsWith('.br') ? zlib.brotliDecompressSync(bytes) : zlib.gunzipSync(bytes)
        expect([moments, name, String(whole) === contents[name.slice(0, -3)]]).toEqual([moments, name, true])
      }
      const manifest = join(dir, '.static-manifest.json')
      if (existsSync(manifest)) expect([moments, JSON.parse(readFileSync(manifest, 'utf8'))]).toHaveLength(2)
      for (const [name, content] of Object.entries(contents))
        expect(readFileSync(join(dir, name), 'utf8')).toBe(content)
    }
    expect((await run('compress', dir, '-q')).code).toBe(0)
    expect([moments, namesIn(dir).filter((name) => name.endsWith('.tmp'))]).toEqual([moments, []])
    expect((await run('compress', dir, '--check', '-q')).code).toBe(0)
  })
})

describe('what is wrong with the arguments', () => {
  const dir = folder({ 'a.js': TEXT })
  const inDir = (text: string): string => text.replace(/^DIR(?=$|\/)|(?<=")DIR/, dir)
  const HINT = 'Usage: outerware-static compress DIR [options]; --help says more\n'

  it.each<[args: string[], message: string]>([
    [['serve', 'dist'], 'there is no command serve'],
    [['--check'], 'what is to be done?'],
    [['compress'], 'which directory is to be compressed?'],
    [['compress', 'a', 'b', 'c'], 'one directory at a time, and not b c as well'],
    [['compress', 'DIR', '--brotli'], "Unknown option '--brotli'"],
    [['compress', 'DIR', '--min-ratio'], "Option '--min-ratio <value>' argument missing"],
    [['compress', 'DIR', '--min-ratio='], '--min-ratio must be a number, got ""'],
    [['compress', 'DIR', '--concurrency', 'two'], '--concurrency must be a number, got "two"'],
    [['compress', '.'], '. is a whole project, with its node_modules: which directory is served?'],
  ])('%j: %s', async (args, message) => {
    expect(await run(...args.map(inDir))).toEqual({
      code: 2,
      out: '',
      err: `outerware-static: ${inDir(message)}\n${HINT}`,
    })
    expect(namesIn(dir)).toEqual(['a.js'])
  })

  it.each<[args: string[], message: string]>([
    [['compress', 'dits'], 'DIR must be a directory that is there, got "dits"'],
    [['compress', 'DIR', '--min-ratio', '2'], '--min-ratio must be a number above 0, at most 1, got 2'],
    [['compress', 'DIR', '--concurrency', '0'], '--concurrency must be a whole number >= 1, got 0'],
    [
      ['compress', 'DIR', '--manifest', 'none.json'],
      '--manifest must be the path of a file that is there, got "none.json"',
    ],
    [
      ['compress', 'DIR', '--manifest', 'DIR/a.js'],
      '--manifest must be a manifest of Vite, webpack, Rollup, esbuild, Django or Rails, or the path of one, got "DIR/a.js"',
    ],
  ])('%j: %s', async (args, message) => {
    expect(await run(...args.map(inDir))).toEqual({ code: 2, out: '', err: `outerware-static: ${inDir(message)}\n` })
    expect(namesIn(dir)).toEqual(['a.js'])
  })

  it('nothing at all gets the usage', async () => {
    const { code, out, err } = await run()
    expect(err).toMatch(/^Usage: outerware-static compress DIR \[options\]\n\nMakes /)
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })

  it('--help says all options', async () => {
    const { code, out, err } = await run('--help')
    for (const option of ['--br', '--min-ratio', '--exclude', '--manifest', '--concurrency', '--check', '-q']) {
      expect(out).toContain(option)
    }
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  it('--version says which one it is, and on what', async () => {
    const { code, out } = await run('compress', '--version')
    expect(out).toMatch(/^@outerware\/static \d+\.\d+\.\d+\S*, on Node v\d/)
    expect(code).toBe(0)
  })
})

it('tells a name in one line, whatever is in it', async () => {
  const dir = folder({ 'a\nb\u001B[2J.js': TEXT, 'gone\r.js': { link: 'nowhere' } })
  const check = await run('compress', dir, '--gzip', '--check')
  expect(check.err.split('\n').slice(0, 2)).toEqual([
    'left out: gone\\u{d}.js: a symbolic link to nothing',
    'missing  a\\u{a}b\\u{1b}[2J.js.gz',
  ])
  const { out } = await run('compress', dir, '--gzip')
  expect(out.split('\n')[0]).toMatch(/ %  a\\u\{a\}b\\u\{1b\}\[2J\.js$/)
})

it('where nothing is worth it, it says so', async () => {
  const { code, out } = await run('compress', folder({ 'a.txt': 'tiny', 'b.jpg': TEXT }))
  expect({ code, out }).toEqual({ code: 0, out: '2 files, none of them worth a coded form, in 0.0 s\n' })
})

/** Root may do everything everywhere, and so becomes nobody, in a process of its own. */
async function runByNobody(dir: string): Promise<{ readonly code: unknown; readonly err: string }> {
  const command = resolve(main, `../compress/command.${isBuilt ? 'js' : 'ts'}`)
  const script = `const { command } = await import('${command}')
    if (process.getuid() === 0) process.setuid(65534)
    process.exitCode = await command(['compress', '${dir}'], process.stdout, process.stderr)`
  const args = ['--conditions=@outerware/source', `--import=${resolve('tools/typescript.js')}`]
  const child = spawn(process.execPath, [...args, '--input-type=module', `--eval=${script}`])
  child.stdout.resume()
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { code, err: err.replace(/^.*Warning.*\n.*\n/, '') }
}

it('a directory that may not be written is told in one line', async () => {
  const dir = folder({ 'a.js': TEXT })
  await chmod(dir, 0o555)
  const err = `outerware-static: EACCES: permission denied, access '${dir}'\n`
  expect(await runByNobody(dir)).toEqual({ code: 1, err })
})

it('a directory in it that may not be read is left out, and said', async () => {
  const dir = folder({ 'a.js': TEXT, 'deep/b.js': TEXT })
  await chmod(dir, 0o777)
  await chmod(join(dir, 'deep'), 0)
  const { code, err } = await runByNobody(dir)
  await chmod(join(dir, 'deep'), 0o755)
  expect(err).toBe(`left out: deep/: EACCES: permission denied, scandir '${join(dir, 'deep')}'\n`)
  expect(code).toBe(0)
  expect(namesIn(dir)).toEqual(expect.arrayContaining(['.static-manifest.json', 'a.js.br', 'a.js.gz']))
})
