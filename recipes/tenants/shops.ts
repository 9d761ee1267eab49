/**
 * The shops of the street. Each has goods, and its own words for where they are found.
 *
 * @module
 */
import { respond } from '@outerware/core'
import { path, render, type Answer, type Routes } from '@outerware/core/inner'

/** Something that is sold. */
export interface Good {
  readonly slug: string
  readonly name: string
  readonly price: string
  readonly text: string
}

/** A tenant. */
export interface Shop {
  /** The first label of its host name, such as `bakery`. */
  readonly key: string
  /** Changes when the shop does, so that its routes are made anew. */
  readonly edition: number
  readonly name: string
  readonly line: string
  /** Under which path its goods are. */
  readonly shelf: string
  readonly goods: readonly Good[]
  /** Pages that this shop has and others have not. */
  readonly more?: Routes
}

/** The routes of one shop. */
export function routesOf(shop: Shop): Routes {
  const home = (): Answer => render('shop')
  const good = (_request: Request, { params }: { readonly params: { readonly slug: string } }): Answer => {
    const found = shop.goods.find(({ slug }) => slug === params.slug)
    return found === undefined ? render('missing', {}, { status: 404 }) : render('good', { good: found })
  }
  return [
    path('/', home, { name: 'shop' }),
    path(`/${shop.shelf}/:slug`, good, { name: 'good' }),
    path(`/${shop.shelf}`, () => respond(null, { status: 302, headers: { location: './' } })),
    ...(shop.more ?? []),
  ]
}

const bakery: Shop = {
  key: 'bakery',
  edition: 1,
  name: 'Crumb & Crust',
  line: 'Bread from four in the morning, until there is none.',
  shelf: 'bread',
  goods: [
    {
      slug: 'pilot-loaf',
      name: 'Pilot loaf',
      price: '4.20',
      text: 'Rye and barley, baked hard: it keeps for a crossing.',
    },
    {
      slug: 'gull',
      name: 'The gull',
      price: '1.10',
      text: 'A roll with two wings. Eaten quickly, outdoors, for obvious reasons.',
    },
    {
      slug: 'käsekranz',
      name: 'Käsekranz',
      price: '3.60',
      text: 'A ring with cheese, from a recipe that came in by ship and stayed.',
    },
  ],
}

const chandlery: Shop = {
  key: 'chandlery',
  edition: 1,
  name: 'Rowan & Daughter, Chandlers',
  line: 'Rope, lamps, paint, and an opinion on your knots.',
  shelf: 'stock',
  goods: [
    {
      slug: 'manila-12',
      name: 'Manila rope, 12 mm',
      price: '2.95 a metre',
      text: 'Three strands. It smells of what it is for.',
    },
    {
      slug: 'anchor-lamp',
      name: 'Anchor lamp',
      price: '48.00',
      text: 'Seen for two miles all round, and for longer by those who are late.',
    },
    {
      slug: 'bottom-paint',
      name: 'Bottom paint, red',
      price: '36.50',
      text: 'Two coats. The third is for the trousers.',
    },
  ],
  more: [path('/tides', () => render('tides', { turns: ['03:12', '09:25', '15:40', '21:51'] }), { name: 'tides' })],
}

const books: Shop = {
  key: 'books',
  edition: 1,
  name: 'The Dry Dock',
  line: 'Second-hand books, mostly about getting wet.',
  shelf: 'shelf',
  goods: [
    { slug: 'pilots-of-the-sound', name: 'Pilots of the Sound', price: '12.00', text: 'Foxed, and so are they.' },
    {
      slug: 'forty-knots',
      name: 'Forty Knots',
      price: '7.50',
      text: 'Thirty-nine are in it. The owner before us tied the last one around the page.',
    },
  ],
}

/** Those who have a door on the street today. */
export const tenants: ReadonlyMap<string, Shop> = new Map([bakery, chandlery, books].map((shop) => [shop.key, shop]))
