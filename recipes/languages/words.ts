/**
 * What is said on the pages, three times.
 *
 * @module
 */

/** A light of the coast. */
export interface Light {
  readonly slug: string
  readonly name: string
  readonly character: string
  readonly text: string
}

/** All words of one language. */
export interface Words {
  /** As in `lang` and in the path. */
  readonly code: string
  readonly name: string
  readonly title: string
  readonly lead: string
  /** Under which path the lights are. */
  readonly lightsPath: string
  readonly lights: readonly Light[]
  readonly character: string
  readonly all: string
  readonly missing: string
}

export const words: readonly Words[] = [
  {
    code: 'en',
    name: 'English',
    title: 'Three lights',
    lead: 'A short coast, and three reasons not to run into it.',
    lightsPath: 'lights',
    lights: [
      {
        slug: 'skerry',
        name: 'Skerry',
        character: 'Two flashes every ten seconds',
        text: 'On the outermost rock. The keeper’s bread arrives wet, or not at all.',
      },
      {
        slug: 'old-mole',
        name: 'Old Mole',
        character: 'Green, on and off every four seconds',
        text: 'At the end of the harbour wall, where everybody has waited for somebody.',
      },
      {
        slug: 'abbey',
        name: 'Abbey',
        character: 'White, red and green sectors',
        text: 'In the window of a ruin. Follow the white, and you are among friends.',
      },
    ],
    character: 'Character',
    all: 'All three lights',
    missing: 'There is no such page.',
  },
  {
    code: 'de',
    name: 'Deutsch',
    title: 'Drei Feuer',
    lead: 'Eine kurze Küste und drei Gründe, nicht auf sie aufzulaufen.',
    lightsPath: 'leuchttürme',
    lights: [
      {
        slug: 'skerry',
        name: 'Skerry',
        character: 'Zwei Blitze alle zehn Sekunden',
        text: 'Auf dem äußersten Felsen. Das Brot des Wärters kommt nass an oder gar nicht.',
      },
      {
        slug: 'old-mole',
        name: 'Alte Mole',
        character: 'Grün, Gleichtakt von vier Sekunden',
        text: 'Am Ende der Hafenmauer, wo jeder schon auf jemanden gewartet hat.',
      },
      {
        slug: 'abbey',
        name: 'Abtei',
        character: 'Sektoren in Weiß, Rot und Grün',
        text: 'Im Fenster einer Ruine. Wer im Weißen bleibt, ist unter Freunden.',
      },
    ],
    character: 'Kennung',
    all: 'Alle drei Feuer',
    missing: 'Diese Seite gibt es nicht.',
  },
  {
    code: 'fr',
    name: 'Français',
    title: 'Trois feux',
    lead: 'Une petite côte, et trois raisons de ne pas s’y échouer.',
    lightsPath: 'phares',
    lights: [
      {
        slug: 'skerry',
        name: 'Skerry',
        character: 'Deux éclats toutes les dix secondes',
        text: 'Sur le dernier rocher. Le pain du gardien arrive mouillé, ou n’arrive pas.',
      },
      {
        slug: 'old-mole',
        name: 'Le Vieux Môle',
        character: 'Vert, isophase de quatre secondes',
        text: 'Au bout de la jetée, où chacun a déjà attendu quelqu’un.',
      },
      {
        slug: 'abbey',
        name: 'L’Abbaye',
        character: 'Secteurs blanc, rouge et vert',
        text: 'À la fenêtre d’une ruine. Dans le blanc, on est entre amis.',
      },
    ],
    character: 'Caractère',
    all: 'Les trois feux',
    missing: 'Cette page n’existe pas.',
  },
]
