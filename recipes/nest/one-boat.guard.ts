/**
 * Nobody moors two boats: a guard that goes by the address of the client, and is worth no more than that address.
 *
 * @module
 */
import { HttpException, HttpStatus, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import type { Request } from 'express'

@Injectable()
export class OneBoatGuard implements CanActivate {
  readonly #moored = new Set<string>()

  canActivate(context: ExecutionContext): boolean {
    const { ip = '' } = context.switchToHttp().getRequest<Request>()
    if (this.#moored.has(ip)) throw new HttpException('You have a berth', HttpStatus.TOO_MANY_REQUESTS)
    this.#moored.add(ip)
    return true
  }
}
