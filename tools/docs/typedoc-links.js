/**
 * A plugin of typedoc: finds the targets of links such as `@throws {@link OptionError}` by name, in all packages.
 *
 * TypeScript takes the braces after `@throws` for a type, and so typedoc looks in the same module only.
 *
 * @module
 */
import { Application, ReflectionKind } from 'typedoc'

/** @param {Application} app */
export function load(app) {
  app.on(Application.EVENT_PROJECT_REVIVE, (project) => {
    const named = new Map(project.getReflectionsByKind(ReflectionKind.SomeExport).map((found) => [found.name, found]))
    for (const { comment } of Object.values(project.reflections)) {
      for (const part of comment?.blockTags.flatMap(({ content }) => content) ?? []) {
        if (part.kind === 'inline-tag' && part.tag === '@link') part.target ??= named.get(part.text)
      }
    }
  })
}
