/** A NestJS app, on Express or on Fastify. Its decorators are called by hand: this project compiles none. */
// oxlint-disable-next-line import/no-unassigned-import -- it works by being there
import 'reflect-metadata'
import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import * as nest from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { AppRecord } from '../harness/record.ts'

class Answers {
  ready(): string {
    return 'ready'
  }
  text(): string {
    return 'größe'
  }
  json(): object {
    return { a: [1, null] }
  }
  status(): string {
    return 'teapot'
  }
  fields(): string {
    return 'fields'
  }
  redirect(): void {}
  async later(): Promise<string> {
    await pause(5)
    return 'later'
  }
  stream(): nest.StreamableFile {
    return new nest.StreamableFile(Readable.from(['a', 'b', 'c'].map((text) => Buffer.from(text))))
  }
  throws(): never {
    throw new Error('a fault')
  }
  throwsStatus(): never {
    throw new nest.HttpException({ price: 1 }, 402)
  }
  echo(body: unknown): unknown {
    return body
  }
}

/** As `@Get('/fields') @Header('X-Kept-CASE', '1') fields()`. */
const decorators: Readonly<Record<Exclude<keyof Answers, symbol>, readonly MethodDecorator[]>> = {
  ready: [nest.Get('/ready')],
  text: [nest.Get('/text')],
  json: [nest.Get('/json')],
  status: [nest.Get('/status'), nest.HttpCode(418)],
  fields: [nest.Get('/fields'), nest.Header('X-Kept-CASE', '1'), nest.Header('x-lower', '2')],
  redirect: [nest.Get('/redirect'), nest.Redirect('/elsewhere?a=b&c', 303)],
  later: [nest.Get('/later')],
  stream: [nest.Get('/stream')],
  throws: [nest.Get('/throws')],
  throwsStatus: [nest.Get('/throws-status')],
  echo: [nest.Post('/echo')],
}

for (const [name, all] of Object.entries(decorators)) {
  const method = Object.getOwnPropertyDescriptor(Answers.prototype, name)!
  for (const decorate of all) decorate(Answers.prototype, name, method)
}
nest.Body()(Answers.prototype, 'echo', 0)
nest.Controller()(Answers)

class Site {}
nest.Module({ controllers: [Answers] })(Site)

export async function nestOnExpress(record: AppRecord): Promise<RequestListener> {
  const adapter = new ExpressAdapter()
  await started(adapter)
  return watched(record, adapter.getInstance())
}

export async function nestOnFastify(record: AppRecord): Promise<RequestListener> {
  const adapter = new FastifyAdapter()
  await started(adapter)
  const app = adapter.getInstance()
  await app.ready()
  return watched(record, (req, res) => app.routing(req, res))
}

async function started(adapter: ExpressAdapter | FastifyAdapter): Promise<void> {
  const app = await NestFactory.create(Site, adapter, { logger: false })
  await app.init()
}

function watched(record: AppRecord, listener: RequestListener): RequestListener {
  return (req, res) => {
    record.watch(req, res)
    listener(req, res)
  }
}
