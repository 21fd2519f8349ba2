import { objectFields } from '../field/object-fields.ts'
import { choice, dateTime, inGroup, integer, period, required, system } from '../field-type.ts'
import { defineType } from '../object-type.ts'

/**
 * When objects run.
 *
 * @source guide: dp-object-schedule; guide: dp-limits
 */
export const schedule = defineType({
  name: 'Schedule',
  category: 'schedule',
  parents: ['PipelineObject'],
  summary:
    'When objects run: from a start, once in every period, until an end or for ever. A start in the past is caught up.',
  fields: {
    ...objectFields,
    period: period('How often objects run, such as 1 day.', {
      ...required,
      range: { min: '15 minutes', max: '3 years', ground: 'serviceMin' },
      word: 'ONDEMAND_PERIOD',
    }),
    startDateTime: dateTime(
      'When the first interval starts, such as 2026-01-01T00:00:00, UTC: a literal date, or the name of a parameter that holds one. Alternative to startAt.',
      inGroup,
    ),
    startAt: choice(
      ['FIRST_ACTIVATION_DATE_TIME', 'ONDEMAND_ACTIVATION_TIME'],
      'That the first interval starts when the pipeline is first activated. Alternative to startDateTime.',
      inGroup,
    ),
    endDateTime: dateTime(
      'When the schedule ends; no interval starts at this time or later. Alternative to occurrences.',
      {
        default: 'none: the schedule goes on until it is stopped',
      },
    ),
    occurrences: integer('How many intervals there are. Alternative to endDateTime.', {
      range: { min: 1, ground: 'meaning' },
    }),
    '@firstActivationTime': dateTime('When the pipeline was first activated.', system),
  },
  rules: [
    { kind: 'exactlyOneOf', fields: ['startDateTime', 'startAt'] },
    { kind: 'atMostOneOf', fields: ['endDateTime', 'occurrences'] },
  ],
})
