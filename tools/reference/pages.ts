import { objectTypes } from '../../src/core/catalog/catalog.ts'
import { isA, type ObjectType } from '../../src/core/catalog/object-type.ts'
import { abstractTypeNames } from '../../src/core/catalog/type-name.ts'
import { ruleSentence } from './rule-sentence.ts'
import { statusSections } from './statuses.ts'
import { fieldTables } from './tables.ts'

/** What stands at the top of every page, so that nobody edits one. */
const notice = '<!-- Generated from src/core/catalog by `npm run reference`. -->'

const statusNotice = '<!-- Generated from tools/reference/statuses.ts by `npm run reference`. -->'

/** The pages of the reference: file name and text. */
export const referencePages = (): ReadonlyMap<string, string> =>
  new Map([
    ['README.md', indexPage()],
    ['statuses.md', page('Statuses', statusSections(), statusNotice)],
    ...objectTypes.map((type) => [`${type.name}.md`, typePage(type)] as const),
  ])

function indexPage(): string {
  const categories = [...new Set(objectTypes.map(({ category }) => category))]
  const sections = categories.map((category) => {
    const types = objectTypes.filter((type) => type.category === category)
    return [`## ${headings[category]}`, '', ...types.map((type) => `- ${typeLink(type)}: ${type.summary}`)].join('\n')
  })
  return page('Object types', [
    'Every object of a pipeline definition has one of these types. A field that refers to an object says which types it takes; some names there stand for several types.',
    ...sections,
    'What becomes of objects when they run is told by their [statuses](statuses.md).',
    `## Names for several types\n\n${abstractTypeNames.map(abstractEntry).join('\n')}`,
  ])
}

const headings: Readonly<Record<ObjectType['category'], string>> = {
  activity: 'Activities',
  dataNode: 'Data nodes',
  resource: 'Resources',
  precondition: 'Preconditions',
  action: 'Actions',
  schedule: 'Schedules',
  database: 'Databases',
  dataFormat: 'Data formats',
  utility: 'Settings',
}

const abstractEntry = (name: (typeof abstractTypeNames)[number]): string =>
  `- <a id="${name.toLowerCase()}"></a>${name}: ${objectTypes
    .filter((type) => isA(type, name))
    .map(typeLink)
    .join(', ')}`

function typePage(type: ObjectType): string {
  const deprecated = type.deprecated === undefined ? [] : [`**No longer recommended.** Use ${type.deprecated} instead.`]
  const rules = type.rules.map((rule) => `- ${ruleSentence(rule)}`)
  return page(type.name, [
    type.summary,
    ...deprecated,
    `A ${type.name} can stand where these are asked for: ${type.parents.map(abstractLink).join(', ')}.`,
    ...(rules.length === 0 ? [] : [rules.join('\n')]),
    ...fieldTables(type),
  ])
}

const typeLink = ({ name }: ObjectType): string => `[${name}](${name}.md)`

const abstractLink = (name: string): string => `[${name}](README.md#${name.toLowerCase()})`

const page = (title: string, parts: readonly string[], origin = notice): string =>
  `${[origin, `# ${title}`, ...parts].join('\n\n')}\n`
