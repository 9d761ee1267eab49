/**
 * The application that is there already: berths of a harbour, one boat for each.
 *
 * @module
 */
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Req,
  UseGuards,
  type OnModuleDestroy,
} from '@nestjs/common'
import type { Request } from 'express'
import { OneBoatGuard } from './one-boat.guard.ts'

interface Boat {
  readonly name: string
  /** Where it was reported from. */
  readonly by: string
}

@Injectable()
export class Berths implements OnModuleDestroy {
  readonly #boats = new Map<number, Boat>([[1, { name: 'Mairi', by: 'the harbour' }]])
  isOpen = true

  all(): object[] {
    return Array.from(this.#boats, ([berth, boat]) => ({ berth, ...boat }))
  }

  at(berth: number): Boat {
    const boat = this.#boats.get(berth)
    if (boat === undefined) throw new NotFoundException(`Nobody lies at berth ${berth}`)
    return boat
  }

  moor(boat: Boat): object {
    const berth = this.#boats.size + 1
    this.#boats.set(berth, boat)
    return { berth, ...boat }
  }

  onModuleDestroy(): void {
    this.isOpen = false
  }
}

@Controller('berths')
export class BerthsController {
  readonly #berths: Berths

  constructor(@Inject(Berths) berths: Berths) {
    this.#berths = berths
  }

  @Get()
  all(): object[] {
    return this.#berths.all()
  }

  @Get(':berth')
  one(@Param('berth', ParseIntPipe) berth: number): Boat {
    return this.#berths.at(berth)
  }

  @Post()
  @UseGuards(OneBoatGuard)
  moor(@Body('name') name: unknown, @Req() request: Request): object {
    if (typeof name !== 'string' || name === '') throw new BadRequestException('A boat has a name')
    return this.#berths.moor({ name, by: `${request.protocol}://${request.ip}` })
  }
}

@Module({ controllers: [BerthsController], providers: [Berths, OneBoatGuard] })
export class HarbourModule {}
