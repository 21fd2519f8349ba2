import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isKnownField, objectType, objectTypes } from './catalog.ts'
import type { FieldType, Range } from './field-type.ts'
import { isA, isRunnable, type ObjectType } from './object-type.ts'
import { abstractTypeNames, concreteTypeNames } from './type-name.ts'

/** One field as the facts state it. */
type FieldFact = {
  readonly kind: string
  readonly slotType: string
  readonly list: boolean
  readonly refTo?: readonly string[]
  readonly enum?: readonly string[]
  readonly default?: string
  readonly min?: string | number
  readonly max?: string | number
  readonly maxCount?: number
  readonly notAllowed?: boolean
  readonly deprecated?: boolean
}

type TypeFact = {
  readonly category: string
  readonly abstractParents: readonly string[]
  readonly groups: Readonly<Record<string, { readonly members: readonly string[] }>>
  readonly fields: Readonly<Record<string, FieldFact>>
}

type Facts = {
  readonly types: Readonly<Record<string, TypeFact>>
  readonly abstractTypes: Readonly<Record<string, { readonly members: readonly string[] }>>
}

/** Where the catalogue says something else than the facts, or something more, and why. */
const deliberateDifferences: Readonly<Record<string, string>> = {
  'HttpProxy category': 'The guide lists it with the resources, but it is no machine and never runs.',
  'EmrCluster.terminateAfter slot': 'The table says hours, every real pipeline gives a period: both are read.',
  'EmrCluster.resourceRole default': 'The facts add a remark on a contradiction of the guide.',
  'EmrCluster.masterInstanceBidPrice slot': 'A price with a range is told from text.',
  'EmrCluster.taskInstanceBidPrice slot': 'A price with a range is told from text.',
  'EmrCluster.coreInstanceBidPrice slot': 'A price like the two others.',
  'EmrCluster.coreInstanceBidPrice max': 'It has the range of the two others.',
  'Ec2Resource.spotBidPrice slot': 'A price with a range is told from text.',
  'Ec2Resource.region default': 'Worded for readers of a form.',
  'EmrCluster.region default': 'Worded for readers of a form.',
  'Ec2Resource.instanceType default': 'Worded for readers of a form.',
  'Ec2Resource.imageId default': 'Worded for readers of a form.',
  'Ec2Resource.associatePublicIpAddress default': 'Worded for readers of a form.',
  'EbsConfiguration.@sphere slot': 'The same values as for every other type.',
  'EbsConfiguration.@sphere values': 'The same values as for every other type.',
  'EbsBlockDeviceConfig.@sphere slot': 'The same values as for every other type.',
  'EbsBlockDeviceConfig.@sphere values': 'The same values as for every other type.',
  'VolumeSpecification.@sphere slot': 'The same values as for every other type.',
  'VolumeSpecification.@sphere values': 'The same values as for every other type.',
  'Schedule.endDateTime default': 'Worded for readers of a form.',
  'Schedule.occurrences min': 'A schedule without an occurrence would never run.',
}

/** Fields that the facts do not have, and why the catalogue has them. */
const deliberateAdditions: Readonly<Record<string, string>> = {
  '@id': 'A runtime field that expressions read; the tables of the guide leave it out.',
  '@componentParent': 'A runtime field that QueryObjects selects by; the tables of the guide leave it out.',
  '@instanceParent': 'A runtime field that QueryObjects selects by; the tables of the guide leave it out.',
  '@attemptCount': 'Seen on instances of the live service.',
  '@triesLeft': 'Seen on instances of the live service.',
  '@headAttempt': 'Seen on instances of the live service.',
  '@resourceId': 'Seen on instances of the live service.',
  installHive: 'Printed by the live service in the definition of a cluster, so it was accepted.',
  generatedScriptsPath: 'Used by a sample of AWS, and described by an older guide.',
}

const factsFile = new URL('../../../../shared/spec/catalog.json', import.meta.url)
const hasFacts = existsSync(factsFile) || process.env.CI !== undefined

describe.skipIf(!hasFacts)(
  'the catalogue, held against the facts in shared/spec/catalog.json (skipped where it is missing)',
  () => {
    const facts: Facts = hasFacts ? JSON.parse(readFileSync(factsFile, 'utf8')) : { types: {}, abstractTypes: {} }

    it('has every type of the facts and no other', () => {
      expect(objectTypes.map((type) => type.name).sort()).toEqual(Object.keys(facts.types).sort())
      expect([...abstractTypeNames].sort()).toEqual(Object.keys(facts.abstractTypes).sort())
    })

    it('puts every type under the abstract types of the facts', () => {
      for (const [name, { members }] of Object.entries(facts.abstractTypes)) {
        const derived = objectTypes.filter((type) => type.parents.some((parent) => parent === name))
        expect(derived.map((type) => type.name).sort(), name).toEqual([...members].sort())
      }
    })

    it('differs from the facts only where the list of differences says so, and everywhere it says so', () => {
      const found = objectTypes.flatMap((type) => differences(type, factOf(facts, type.name)))
      expect(found.sort()).toEqual(Object.keys(deliberateDifferences).sort())
    })

    it('has fields beyond the facts only where the list of additions says so, and everywhere it says so', () => {
      const found = new Set<string>()
      for (const type of objectTypes) {
        const known = factOf(facts, type.name).fields
        for (const key of type.fields.keys()) if (known[key] === undefined) found.add(key)
      }
      expect([...found].sort()).toEqual(Object.keys(deliberateAdditions).sort())
    })

    it('has a rule for every group of the facts', () => {
      for (const [name, { groups }] of Object.entries(facts.types)) {
        const ruled = (objectType(name)?.rules ?? []).flatMap((rule) => ('fields' in rule ? rule.fields : []))
        const members = Object.values(groups).flatMap((group) => group.members)
        const staged = name === 'HiveActivity' ? ['input', 'output'] : []
        expect([...new Set([...ruled, ...staged])], name).toEqual(expect.arrayContaining(members))
      }
    })
  },
)

describe('the catalogue', () => {
  it('names a type exactly, not in another case', () => {
    expect(objectType('ShellCommandActivity')?.category).toBe('activity')
    expect(objectType('shellcommandactivity')).toBeUndefined()
    expect(objectTypes.map((type) => type.name)).toEqual(concreteTypeNames)
  })

  it('ends every summary with a full stop', () => {
    for (const type of objectTypes) {
      const summaries = [type.summary, ...[...type.fields.values()].map((field) => field.summary)]
      for (const summary of summaries) expect(summary).toMatch(/^[#A-Z].*\.$/s)
    }
  })

  it('refers only to fields that the type has in its rules', () => {
    for (const type of objectTypes) {
      for (const rule of type.rules) {
        const fields = 'fields' in rule ? rule.fields : [rule.field, rule.other]
        for (const field of fields) expect([...type.fields.keys()], type.name).toContain(field)
      }
    }
  })

  it('runs activities, data nodes, machines and preconditions, and nothing else', () => {
    const running = new Set(objectTypes.filter(isRunnable).map((type) => type.category))
    expect([...running].sort()).toEqual(['activity', 'dataNode', 'precondition', 'resource'])
  })

  it('knows a type as itself and as each of its parents', () => {
    const cluster = objectType('EmrCluster')
    expect(cluster && isA(cluster, 'EmrCluster') && isA(cluster, 'Resource') && isA(cluster, 'PipelineObject')).toBe(
      true,
    )
    expect(cluster && isA(cluster, 'Activity')).toBe(false)
  })

  it('knows the fields that Default may hold for any type', () => {
    expect(isKnownField('workerGroup')).toBe(true)
    expect(isKnownField('workergroup')).toBe(false)
  })
})

function factOf(facts: Facts, name: string): TypeFact {
  const fact = facts.types[name]
  if (fact === undefined) throw new Error(`The facts have no type ${name}.`)
  return fact
}

/** What the catalogue says otherwise than the facts about one type, as `Type.field aspect`. */
function differences(type: ObjectType, fact: TypeFact): string[] {
  const category = fact.category.toLowerCase() === type.category.toLowerCase() ? [] : [`${type.name} category`]
  const parents = String(type.parents) === String(fact.abstractParents) ? [] : [`${type.name} parents`]
  const fields = Object.entries(fact.fields).flatMap(([key, fieldFact]) => {
    const field = type.fields.get(key)
    const aspects = field === undefined ? ['missing'] : fieldDifferences(field, fieldFact)
    return aspects.map((aspect) => `${type.name}.${key} ${aspect}`)
  })
  return [...category, ...parents, ...fields]
}

function fieldDifferences(field: FieldType, fact: FieldFact): string[] {
  const { slot } = field
  const range: Range<number | string> | undefined = 'range' in slot ? slot.range : undefined
  const targets = slot.kind === 'reference' ? slot.targets : []
  const values = slot.kind === 'enumeration' ? slot.values : []
  const isBoolean = fact.slotType === 'Boolean'
  const checks: Readonly<Record<string, boolean>> = {
    kind: field.kind === fact.kind,
    slot: slotOf(fact) === slot.kind,
    list: field.isList === fact.list,
    targets: [...targets].sort().join() === [...(fact.refTo ?? [])].sort().join(),
    values: isBoolean || [...values].sort().join() === [...(fact.enum ?? [])].sort().join(),
    default: fact.default === undefined || fact.default === field.default,
    min: bound(fact.min) === bound(range?.min) || (fact.min === undefined && range?.min === 0),
    max: bound(fact.max) === bound(range?.max),
    count: fact.maxCount === field.countMax,
    forbidden: (fact.notAllowed ?? false) === (field.isForbidden ?? false),
    deprecated: (fact.deprecated ?? false) === false || field.deprecated !== undefined,
  }
  return Object.entries(checks).flatMap(([aspect, holds]) => (holds ? [] : [aspect]))
}

/** `20.00 (exclusive)` in the facts is the number 20 in the catalogue. */
const bound = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value).replace(/(\.0+)? \(exclusive\)$/, '')

function slotOf({ slotType, enum: values }: FieldFact): string {
  if (slotType === 'String' && values !== undefined) return 'enumeration'
  return slotType.charAt(0).toLowerCase() + slotType.slice(1)
}
