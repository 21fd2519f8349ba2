/** What kind of thing an object type is; decides whether it runs and how. */
export type Category =
  | 'activity'
  | 'dataNode'
  | 'resource'
  | 'precondition'
  | 'action'
  | 'schedule'
  | 'database'
  | 'dataFormat'
  | 'utility'
