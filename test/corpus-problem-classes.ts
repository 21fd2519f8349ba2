/**
 * The classes of problems that real definitions have. Every line of `vectors/corpus-problems.txt` was held against the definition that it is
 * about: that what it says is so, and whether AWS Data Pipeline said it, refused the definition, or left its author to find out at run time.
 * A line belongs to exactly one class; a change of a count is a change to review in the same way.
 */
export type ProblemClass = {
  readonly pattern: RegExp
  /** How many lines of the report belong to it. */
  readonly count: number
  /** Why it is right to say so. */
  readonly reason: string
}

/** Said by the original, in these words. */
const saidByTheOriginal: readonly ProblemClass[] = [
  {
    pattern: /^warning: 'pipelineLogUri'is missing/,
    count: 19,
    reason: 'Default has no pipelineLogUri, or there is no Default.',
  },
  {
    pattern: /^warning: 'terminateAfter' is missing/,
    count: 12,
    reason: 'A resource has no terminateAfter, neither of its own nor inherited.',
  },
  {
    pattern: /^warning: {2}It is recommended to set 'failureAndRerunMode'/,
    count: 12,
    reason: 'Default does not cascade; the original said so at every activity.',
  },
  {
    pattern: /^warning: 'failureAndRerunMode' is '.*' and runs are caught up/,
    count: 4,
    reason: 'The guide promises the warning where a backfill and cascading failures meet; its words are not known.',
  },
]

/** Accepted by the original without a word, and worth one: what is said is so in each of the definitions. */
const toldByMillrace: readonly ProblemClass[] = [
  {
    pattern: /^warning: Parameter '.*' has no value\./,
    count: 122,
    reason:
      'Declared, neither optional nor with a default, and not in the values: it has to be given with the put or at activation.',
  },
  {
    pattern: /^warning: '.*' uses \S+, but there is no such parameter/,
    count: 60,
    reason:
      'The parameters of these samples lie in files of their own, or were forgotten. Once it is an asterisk that is missing.',
  },
  {
    pattern: /^warning: Parameter '.*' is not used/,
    count: 10,
    reason: 'No expression names it, mostly since a template was cut down.',
  },
  {
    pattern: /^warning: Parameter '.*' has a value, but is not declared/,
    count: 10,
    reason: 'Values of parameters that have been removed, which the service was seen to accept.',
  },
  {
    pattern: /^warning: 'scriptArgument' does not go with 'scriptUri'/,
    count: 10,
    reason: 'The guide calls it an error; the service took it, also in the samples of AWS.',
  },
  {
    pattern: /^warning: \w+ has no field '(logUri|maxActiveInstances|password)'/,
    count: 4,
    reason: 'Meant for another type, or misspelt: emrLogUri, and a password without its asterisk.',
  },
  {
    pattern: /^warning: Parameter 's3ScriptLocation' should have an id that starts with my/,
    count: 1,
    reason: 'The guide asks for it, but the definition is in use.',
  },
  {
    pattern: /^warning: Parameter 'myInsertMode' must be one of 'TRUNCATE'/,
    count: 1,
    reason: 'The service printed the definition; of several allowed values an old console exported the last.',
  },
  {
    pattern: /^warning: 'startDateTime' is .*, more than a day ago/,
    count: 6,
    reason: 'So many runs would be caught up; counted by hand from start, period, end and occurrences.',
  },
  {
    pattern: /^warning: 'actionOnTaskFailure' is 'retryAll'/,
    count: 1,
    reason: 'A word of actionOnResourceFailure. No source says that the original refused it.',
  },
  {
    pattern: /^warning: 'output' refers to 'S3Folder_dataNodeId', which is an input as well/,
    count: 1,
    reason: 'An example of a tool reads the folder that it writes. No source says that the original refused it.',
  },
]

/** Pieces of templates: placeholders of other tools stand where a value must be. */
const placeholders: readonly ProblemClass[] = [
  {
    pattern: /^warning: 'region' is '\$\{/,
    count: 9,
    reason: 'No region, until the other tool has put one there.',
  },
  {
    pattern: /^error: '.*' must be (a whole number|a period) .* but is '\$\{/,
    count: 7,
    reason: 'No number and no period, until the other tool has put one there.',
  },
  {
    pattern: /^error: Parameter '.*' must be a Double, but is '\$\{/,
    count: 2,
    reason: 'Said once, at the parameter, and not again at the fields that use it.',
  },
]

/** Refused by the original as well; `corpus-refusals.ts` says why for each definition. */
const refused: readonly ProblemClass[] = [
  {
    pattern: /^error: '.*' refers to '.*', but there is no object with this id/,
    count: 37,
    reason: 'Parts of definitions, mostly of the tests of other tools: the object is not there.',
  },
  {
    pattern: /^error: \d+ objects have the id/,
    count: 3,
    reason: 'Several parts of tests in one file. Only the first of the objects is judged further.',
  },
  {
    pattern: /^error: 'schedule' is missing/,
    count: 8,
    reason: 'Activities of a file without Default and without a schedule.',
  },
  {
    pattern: /^error: '(role|resourceRole|\*password)' is missing/,
    count: 3,
    reason: 'Required by the table of the type, and given nowhere.',
  },
  {
    pattern: /^error: One of 'runsOn', 'workerGroup' must be given/,
    count: 1,
    reason: 'An activity that nobody would ever do.',
  },
  {
    pattern: /^error: '(stdout|stderr)' must be an S3 path with 'runsOn'/,
    count: 2,
    reason: 'The guide says so; the file would go with the machine.',
  },
  {
    pattern: /^error: 'period' must be a period .* but is '15 Period'/,
    count: 1,
    reason: 'There is no such unit.',
  },
]

/** Every class of problems in the corpus. */
export const problemClasses: readonly ProblemClass[] = [
  ...saidByTheOriginal,
  ...toldByMillrace,
  ...placeholders,
  ...refused,
]
