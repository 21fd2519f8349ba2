/**
 * The definitions of the corpus in which an error is found, each with the reason why the original would refuse it as well. A file that
 * is not listed must have none.
 */
export const refusals: ReadonlyMap<string, string> = new Map([
  [
    'awslabs__data-pipeline-samples/39-json-to-dynamodb__definition.json',
    'Default refers to a schedule that does not exist.',
  ],
  ['awslabs__data-pipeline-samples/40-kinesis__kinesis-to-s3.json', 'The period is "15 Period".'],
  [
    'awslabs__data-pipeline-samples/51-old__SampleSqoopRDSToRedshift.json',
    'A password has lost its asterisk by hand; the order of the keys is that of *password.',
  ],
  ['shazam__pipeline-builder/2-pipeline2.json', 'Part of a pipeline: what it refers to is missing.'],
  ['shazam__pipeline-builder/3-pipeline3.json', 'Two activities run on a machine that does not exist.'],
  [
    'harrystech__arthur-redshift-etl/1-extraction_pipeline.json',
    'A template: a placeholder of another tool stands where a number must be.',
  ],
  [
    'harrystech__arthur-redshift-etl/2-ondemand_rebuild_pipeline.json',
    'A template: a placeholder of another tool stands where a number must be.',
  ],
  [
    'harrystech__arthur-redshift-etl/4-rebuild_pipeline.json',
    'A template: a placeholder of another tool stands where a number must be.',
  ],
  [
    'harrystech__arthur-redshift-etl/5-refresh_pipeline.json',
    'A template: a placeholder of another tool stands where a number must be.',
  ],
  [
    'harrystech__arthur-redshift-etl/13-old__refresh_pipeline.json',
    'A template: a placeholder of another tool stands where a number must be.',
  ],
  ['harrystech__arthur-redshift-etl/10-old__validate_pipeline.json', 'An activity depends on one that does not exist.'],
  [
    'harrystech__arthur-redshift-etl/11-old__empty_run_pipeline.json',
    'Default refers to a schedule that does not exist.',
  ],
  [
    'cloudposse__terraform-aws-efs-backup/2-datapipeline.DataPipelineEFSBackup.derived.json',
    'A template: placeholders of CloudFormation stand where periods must be.',
  ],
  [
    'flow-lab__aws-cloudformation/2-datapipeline-template.DynamoDBToDynamoDB.derived.json',
    'A template: placeholders of CloudFormation stand where numbers must be.',
  ],
  ['krux__hyperion/5-ExamplePipelineGroupWithSchedulerDelay.json', 'Pieces of a test: three objects share an id.'],
  ['krux__hyperion/10-AdpObjects.json', 'Pieces of a test: objects share ids and refer to objects that are not there.'],
  ['shazam__scala-datapipeline-dsl/1-AwsDataPipelineSpec.json', 'Pieces of a test: preconditions are not there.'],
])

/** The files listed as definitions that are none, with the reason why the AWS CLI refuses them as well. */
export const unusable: ReadonlyMap<string, string> = new Map([
  [
    'awslabs__data-pipeline-samples/14-OnDemandWithLamdaFunctions__ondemand.json',
    'A string goes over the end of a line.',
  ],
  ['awslabs__data-pipeline-samples/25-ShellCommandWithFTP__pipeline.json', 'A string goes over the end of a line.'],
  ['awslabs__data-pipeline-samples/33-dynamo-db-export__example-parameters.json', 'It has values only.'],
  ['awslabs__data-pipeline-samples/42-oracle-backup__parameters.json', 'It has parameters only.'],
  ['awslabs__data-pipeline-samples/43-oracle-backup__values.json', 'It has values only.'],
  ['awslabs__data-pipeline-samples/47-old__RDSToS3EDPPipelineDefinition.json', 'Nothing follows a comma.'],
  ['awslabs__data-pipeline-samples/52-old__SampleSqoopRDSToS3.json', 'A brace is missing.'],
  ['harrystech__arthur-redshift-etl/12-old__pizza_load_pipeline.json', 'Nothing follows a comma.'],
  ['swipely__pipely-generators/1-pipeline.json.erb.tt', 'A template in the language of another tool.'],
])
