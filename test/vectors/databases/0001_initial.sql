begin;
CREATE TABLE attempts (
  pipeline_id text not null,
  instance_id text not null,
  number integer not null,
  component_id text not null,
  scheduled_start integer not null,
  scheduled_end integer not null,
  worker_group text,
  queued_at integer not null,
  status text not null,
  started_at integer,
  ended_at integer,
  record text not null,
  fields text not null,
  primary key (pipeline_id, instance_id, number)
) strict;
insert into attempts values ('df-0740625452IUS0XBD1XU', '@A_2026-01-01T00:00:00', 1, 'A', 1767225600000, 1767312000000, 'wg', 1767225600000, 'WAITING_FOR_RUNNER', null, null, '{"handOuts":0}', '[]');
insert into attempts values ('df-07419441TP7BDPWHZU2Q', '@Running_2026-01-01T00:00:00', 1, 'Running', 1767225600000, 1767312000000, 'running', 1767225600000, 'RUNNING', 1767225600000, null, '{"handOuts":1,"hostname":"test"}', '[]');
insert into attempts values ('df-01832391EZ2S3BEL7GXS', '@Retried_2026-01-01T00:00:00', 1, 'Retried', 1767225600000, 1767312000000, 'retried', 1767225600000, 'FAILED', 1767225600000, 1767225600000, '{"handOuts":1,"hostname":"test","error":{"id":"TaskFailed","message":"it failed"}}', '[]');
insert into attempts values ('df-01022653FCZ8H6DI3O8M', '@Failed_2026-01-01T00:00:00', 1, 'Failed', 1767225600000, 1767312000000, 'failed', 1767225600000, 'FAILED', 1767225600000, 1767225600000, '{"handOuts":1,"hostname":"test","error":{"id":"TaskFailed","message":"it failed"}}', '[]');
insert into attempts values ('df-03745652GT572FH1ZBEQ', '@Before_2026-01-01T00:00:00', 1, 'Before', 1767225600000, 1767312000000, 'wg', 1767225600000, 'WAITING_FOR_RUNNER', null, null, '{"handOuts":0}', '[]');
insert into attempts values ('df-06091248Z6MYIV43H2LZ', '@OnMachine_2026-01-01T00:00:00', 1, 'OnMachine', 1767225600000, 1767312000000, 'resource:df-06091248Z6MYIV43H2LZ_@Machine_2026-01-01T00:00:00', 1767225600000, 'WAITING_FOR_RUNNER', null, null, '{"handOuts":0}', '[]');
insert into attempts values ('df-06091248Z6MYIV43H2LZ', '@Machine_2026-01-01T00:00:00', 1, 'Machine', 1767225600000, 1767312000000, null, 1767225600000, 'RUNNING', 1767225600000, null, '{"handOuts":0,"hostname":"i-df-06091248Z6MYIV43H2LZ-a11309310896c263-11"}', '[]');
insert into attempts values ('df-04945781H3C8UX50FHWW', '@Canceled_2026-01-01T00:00:00', 1, 'Canceled', 1767225600000, 1767312000000, 'wg', 1767225600000, 'CANCELED', null, 1767225600000, '{"handOuts":0}', '[]');
insert into attempts values ('df-01325897UYX7ZT7TBTEG', '@Done_2026-01-01T00:00:00', 1, 'Done', 1767225600000, 1767312000000, 'done', 1767225600000, 'FINISHED', 1767225600000, 1767225600000, '{"handOuts":1,"hostname":"test"}', '[]');
insert into attempts values ('df-0062384374OACC1T6L75', '@OnDemand_2026-01-01T00:00:00', 1, 'OnDemand', 1767225600000, 1767225600000, 'onDemand', 1767225600000, 'WAITING_FOR_RUNNER', null, null, '{"handOuts":0}', '[]');
insert into attempts values ('df-08717936L8YZTTIDEJB3', '@Key_2026-01-01T00:00:00', 1, 'Key', 1767225600000, 1767312000000, null, 1767225600000, 'RUNNING', 1767225600000, null, '{"handOuts":0}', '[]');
insert into attempts values ('df-05101179TVKIC3OFLIV8', '@Alarming_2026-01-01T00:00:00', 1, 'Alarming', 1767225600000, 1767312000000, 'alarming', 1767225600000, 'FINISHED', 1767225600000, 1767225600000, '{"handOuts":1,"hostname":"test"}', '[]');
CREATE TABLE components (
  pipeline_id text not null,
  id text not null,
  is_paused integer not null,
  next_index integer not null,
  active_instances integer not null,
  health text,
  health_instance_id text,
  health_updated_at integer,
  latest_run_at integer,
  latest_completed_run_at integer,
  primary key (pipeline_id, id)
) strict, without rowid;
insert into components values ('df-0062384374OACC1T6L75', 'OnDemand', 0, 0, 1, null, null, null, 1767225600000, null);
insert into components values ('df-01022653FCZ8H6DI3O8M', 'Dependent', 0, 1, 0, null, null, null, 1767225600000, null);
insert into components values ('df-01022653FCZ8H6DI3O8M', 'Failed', 0, 1, 0, 'ERROR', '@Failed_2026-01-01T00:00:00', 1767225600000, 1767225600000, null);
insert into components values ('df-01325897UYX7ZT7TBTEG', 'Done', 0, 1, 0, 'HEALTHY', '@Done_2026-01-01T00:00:00', 1767225600000, 1767225600000, 1767225600000);
insert into components values ('df-01832391EZ2S3BEL7GXS', 'Retried', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-03745652GT572FH1ZBEQ', 'Before', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-03745652GT572FH1ZBEQ', 'Paused', 1, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-04945781H3C8UX50FHWW', 'Canceled', 0, 1, 0, 'ERROR', '@Canceled_2026-01-01T00:00:00', 1767225600000, 1767225600000, null);
insert into components values ('df-05101179TVKIC3OFLIV8', 'Alarming', 0, 1, 0, 'HEALTHY', '@Alarming_2026-01-01T00:00:00', 1767225600000, 1767225600000, 1767225600000);
insert into components values ('df-06091248Z6MYIV43H2LZ', 'Machine', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-06091248Z6MYIV43H2LZ', 'OnMachine', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-0740625452IUS0XBD1XU', 'A', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-0740625452IUS0XBD1XU', 'B', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-07419441TP7BDPWHZU2Q', 'Running', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-08717936L8YZTTIDEJB3', 'Guarded', 0, 1, 1, null, null, null, 1767225600000, null);
insert into components values ('df-08717936L8YZTTIDEJB3', 'Key', 0, 0, 1, null, null, null, 1767225600000, null);
CREATE TABLE definitions (
  pipeline_id text not null,
  version integer not null,
  definition text not null,
  is_valid integer not null,
  primary key (pipeline_id, version)
) strict;
insert into definitions values ('df-0740625452IUS0XBD1XU', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"A","name":"A","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]},{"id":"B","name":"B","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"dependsOn","value":{"kind":"reference","target":"A"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-07419441TP7BDPWHZU2Q', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Running","name":"Running","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"running"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-01832391EZ2S3BEL7GXS', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Retried","name":"Retried","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"retried"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"retryDelay","value":{"kind":"string","text":"9 hours"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-01022653FCZ8H6DI3O8M', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Failed","name":"Failed","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"failed"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"maximumRetries","value":{"kind":"string","text":"0"}}]},{"id":"Dependent","name":"Dependent","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"dependsOn","value":{"kind":"reference","target":"Failed"}},{"key":"failureAndRerunMode","value":{"kind":"string","text":"cascade"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-03745652GT572FH1ZBEQ', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Paused","name":"Paused","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"dependsOn","value":{"kind":"reference","target":"Before"}}]},{"id":"Before","name":"Before","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-06091248Z6MYIV43H2LZ', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Machine","name":"Machine","fields":[{"key":"type","value":{"kind":"string","text":"Ec2Resource"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"terminateAfter","value":{"kind":"string","text":"20 hours"}},{"key":"role","value":{"kind":"string","text":"role"}},{"key":"resourceRole","value":{"kind":"string","text":"role"}}]},{"id":"OnMachine","name":"OnMachine","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"runsOn","value":{"kind":"reference","target":"Machine"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-04945781H3C8UX50FHWW', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Canceled","name":"Canceled","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-01325897UYX7ZT7TBTEG', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"1"}}]},{"id":"Done","name":"Done","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"done"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-0062384374OACC1T6L75', 1, '{"objects":[{"id":"Default","name":"Default","fields":[{"key":"scheduleType","value":{"kind":"string","text":"ondemand"}}]},{"id":"OnDemand","name":"OnDemand","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"onDemand"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-08717936L8YZTTIDEJB3', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Key","name":"Key","fields":[{"key":"type","value":{"kind":"string","text":"S3KeyExists"}},{"key":"s3Key","value":{"kind":"string","text":"s3://bucket/key"}},{"key":"role","value":{"kind":"string","text":"role"}}]},{"id":"Guarded","name":"Guarded","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"precondition","value":{"kind":"reference","target":"Key"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-09564954PMEGBD96QW9A', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"New","name":"New","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"wg"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
insert into definitions values ('df-05101179TVKIC3OFLIV8', 1, '{"objects":[{"id":"Daily","name":"Daily","fields":[{"key":"type","value":{"kind":"string","text":"Schedule"}},{"key":"period","value":{"kind":"string","text":"1 day"}},{"key":"startDateTime","value":{"kind":"string","text":"2026-01-01T00:00:00"}},{"key":"occurrences","value":{"kind":"string","text":"2"}}]},{"id":"Alarm","name":"Alarm","fields":[{"key":"type","value":{"kind":"string","text":"SnsAlarm"}},{"key":"topicArn","value":{"kind":"string","text":"arn:aws:sns:us-east-1:000000000000:topic"}},{"key":"subject","value":{"kind":"string","text":"done"}},{"key":"message","value":{"kind":"string","text":"It is done."}},{"key":"role","value":{"kind":"string","text":"role"}}]},{"id":"Alarming","name":"Alarming","fields":[{"key":"type","value":{"kind":"string","text":"ShellCommandActivity"}},{"key":"command","value":{"kind":"string","text":"true"}},{"key":"workerGroup","value":{"kind":"string","text":"alarming"}},{"key":"schedule","value":{"kind":"reference","target":"Daily"}},{"key":"onSuccess","value":{"kind":"reference","target":"Alarm"}}]}],"parameterObjects":[],"parameterValues":[]}', 1);
CREATE TABLE dependencies (
  sequence integer primary key,
  pipeline_id text not null,
  dependent_id text not null,
  target_id text not null,
  kind text not null,
  state text not null
) strict;
insert into dependencies values (1, 'df-0740625452IUS0XBD1XU', '@B_2026-01-01T00:00:00', '@A_2026-01-01T00:00:00', 'dependsOn', 'open');
insert into dependencies values (2, 'df-01022653FCZ8H6DI3O8M', '@Dependent_2026-01-01T00:00:00', '@Failed_2026-01-01T00:00:00', 'dependsOn', 'failed');
insert into dependencies values (3, 'df-03745652GT572FH1ZBEQ', '@Paused_2026-01-01T00:00:00', '@Before_2026-01-01T00:00:00', 'dependsOn', 'open');
insert into dependencies values (4, 'df-06091248Z6MYIV43H2LZ', '@OnMachine_2026-01-01T00:00:00', '@Machine_2026-01-01T00:00:00', 'runsOn', 'open');
insert into dependencies values (5, 'df-08717936L8YZTTIDEJB3', '@Guarded_2026-01-01T00:00:00', '@Key_2026-01-01T00:00:00', 'precondition', 'open');
CREATE TABLE instances (
  pipeline_id text not null,
  id text not null,
  name text not null,
  component_id text not null,
  kind text not null,
  status text not null,
  is_open integer not null,
  canceled_by text,
  scheduled_start integer not null,
  scheduled_end integer not null,
  started_at integer not null,
  ended_at integer,
  record text not null,
  primary key (pipeline_id, id)
) strict;
insert into instances values ('df-0740625452IUS0XBD1XU', '@A_2026-01-01T00:00:00', '@A_2026-01-01T00:00:00', 'A', 'task', 'WAITING_FOR_RUNNER', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"queued","attempt":{"number":1,"status":"WAITING_FOR_RUNNER","handOuts":0}}}');
insert into instances values ('df-0740625452IUS0XBD1XU', '@B_2026-01-01T00:00:00', '@B_2026-01-01T00:00:00', 'B', 'task', 'WAITING_ON_DEPENDENCIES', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":1,"failedDependencies":0,"attemptCount":0,"triesFailed":0,"state":{"kind":"waiting"}}');
insert into instances values ('df-07419441TP7BDPWHZU2Q', '@Running_2026-01-01T00:00:00', '@Running_2026-01-01T00:00:00', 'Running', 'task', 'RUNNING', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"running","attempt":{"number":1,"status":"RUNNING","handOuts":1,"startedAt":1767225600000,"hostname":"test"},"taskId":"WyJkZi0wNzQxOTQ0MVRQN0JEUFdIWlUyUSIsIkBSdW5uaW5nXzIwMjYtMDEtMDFUMDA6MDA6MDAiXQ==:jhhj5rPdu9/ox1J/DwZpUN1YNM48UTls","handedOutAt":1767225600000,"reportedAt":1767225600000}}');
insert into instances values ('df-01832391EZ2S3BEL7GXS', '@Retried_2026-01-01T00:00:00', '@Retried_2026-01-01T00:00:00', 'Retried', 'task', 'WAITING_FOR_RUNNER', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":1,"state":{"kind":"retrying","retryAt":1767258000000}}');
insert into instances values ('df-01022653FCZ8H6DI3O8M', '@Failed_2026-01-01T00:00:00', '@Failed_2026-01-01T00:00:00', 'Failed', 'task', 'FAILED', 0, null, 1767225600000, 1767312000000, 1767225600000, 1767225600000, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"ended","endedAt":1767225600000,"status":"FAILED","error":{"id":"TaskFailed","message":"it failed"}}}');
insert into instances values ('df-01022653FCZ8H6DI3O8M', '@Dependent_2026-01-01T00:00:00', '@Dependent_2026-01-01T00:00:00', 'Dependent', 'task', 'CASCADE_FAILED', 0, null, 1767225600000, 1767312000000, 1767225600000, 1767225600000, '{"version":1,"openDependencies":1,"failedDependencies":1,"attemptCount":0,"triesFailed":0,"state":{"kind":"ended","endedAt":1767225600000,"status":"CASCADE_FAILED","cascadeFailedOn":"@Failed_2026-01-01T00:00:00"}}');
insert into instances values ('df-03745652GT572FH1ZBEQ', '@Paused_2026-01-01T00:00:00', '@Paused_2026-01-01T00:00:00', 'Paused', 'task', 'WAITING_ON_DEPENDENCIES', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":1,"failedDependencies":0,"attemptCount":0,"triesFailed":0,"state":{"kind":"waiting"}}');
insert into instances values ('df-03745652GT572FH1ZBEQ', '@Before_2026-01-01T00:00:00', '@Before_2026-01-01T00:00:00', 'Before', 'task', 'WAITING_FOR_RUNNER', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"queued","attempt":{"number":1,"status":"WAITING_FOR_RUNNER","handOuts":0}}}');
insert into instances values ('df-06091248Z6MYIV43H2LZ', '@Machine_2026-01-01T00:00:00', '@Machine_2026-01-01T00:00:00', 'Machine', 'resource', 'RUNNING', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"up","attempt":{"number":1,"status":"RUNNING","startedAt":1767225600000,"handOuts":0,"hostname":"i-df-06091248Z6MYIV43H2LZ-a11309310896c263-11"},"machineNumber":11,"resourceId":"i-df-06091248Z6MYIV43H2LZ-a11309310896c263-11"},"openUsers":1,"dueUsers":1}');
insert into instances values ('df-06091248Z6MYIV43H2LZ', '@OnMachine_2026-01-01T00:00:00', '@OnMachine_2026-01-01T00:00:00', 'OnMachine', 'task', 'WAITING_FOR_RUNNER', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"queued","attempt":{"number":1,"status":"WAITING_FOR_RUNNER","handOuts":0}}}');
insert into instances values ('df-04945781H3C8UX50FHWW', '@Canceled_2026-01-01T00:00:00', '@Canceled_2026-01-01T00:00:00', 'Canceled', 'task', 'CANCELED', 0, 'deactivation', 1767225600000, 1767312000000, 1767225600000, 1767225600000, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"ended","endedAt":1767225600000,"status":"CANCELED","canceledBy":"deactivation"}}');
insert into instances values ('df-01325897UYX7ZT7TBTEG', '@Done_2026-01-01T00:00:00', '@Done_2026-01-01T00:00:00', 'Done', 'task', 'FINISHED', 0, null, 1767225600000, 1767312000000, 1767225600000, 1767225600000, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"ended","endedAt":1767225600000,"status":"FINISHED"}}');
insert into instances values ('df-0062384374OACC1T6L75', '@OnDemand_2026-01-01T00:00:00', '@OnDemand_2026-01-01T00:00:00', 'OnDemand', 'task', 'WAITING_FOR_RUNNER', 1, null, 1767225600000, 1767225600000, 1767225600000, null, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"queued","attempt":{"number":1,"status":"WAITING_FOR_RUNNER","handOuts":0}}}');
insert into instances values ('df-08717936L8YZTTIDEJB3', '@Guarded_2026-01-01T00:00:00', '@Guarded_2026-01-01T00:00:00', 'Guarded', 'task', 'WAITING_ON_DEPENDENCIES', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"openDependencies":1,"failedDependencies":0,"attemptCount":0,"triesFailed":0,"state":{"kind":"waiting"}}');
insert into instances values ('df-08717936L8YZTTIDEJB3', '@Key_2026-01-01T00:00:00', '@Key_2026-01-01T00:00:00', 'Key', 'check', 'RUNNING', 1, null, 1767225600000, 1767312000000, 1767225600000, null, '{"version":1,"nodeId":"@Guarded_2026-01-01T00:00:00","openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"checking","attempt":{"number":1,"status":"RUNNING","startedAt":1767225600000,"handOuts":0},"checkCount":1,"checkedAt":1767225600000,"message":"no such key"}}');
insert into instances values ('df-05101179TVKIC3OFLIV8', '@Alarming_2026-01-01T00:00:00', '@Alarming_2026-01-01T00:00:00', 'Alarming', 'task', 'FINISHED', 0, null, 1767225600000, 1767312000000, 1767225600000, 1767225600000, '{"version":1,"openDependencies":0,"failedDependencies":0,"attemptCount":1,"triesFailed":0,"state":{"kind":"ended","endedAt":1767225600000,"status":"FINISHED"}}');
CREATE TABLE migrations (number integer primary key, name text not null) strict;
insert into migrations values (1, '0001_initial.sql');
CREATE TABLE notifications (
  sequence integer primary key autoincrement,
  pipeline_id text not null,
  instance_id text not null,
  topic_arn text not null,
  subject text not null,
  message text not null,
  sent_at integer not null
) strict;
CREATE TABLE outbox (
  sequence integer primary key autoincrement,
  pipeline_id text not null,
  instance_id text not null,
  command text not null
) strict;
insert into outbox values (3, 'df-05101179TVKIC3OFLIV8', '@Alarming_2026-01-01T00:00:00', '{"kind":"act","action":"Alarm","cause":"success"}');
CREATE TABLE pipelines (
  id text not null primary key,
  name text not null,
  unique_id text not null,
  description text,
  user_id text not null,
  account_id text not null,
  tags text not null,
  state text not null,
  created_at integer not null,
  latest_version integer not null,
  active_version integer,
  first_activated_at integer,
  last_activated_at integer,
  last_deactivated_at integer,
  deletion_requested_at integer,
  finished_at integer,
  start_at integer,
  latest_on_demand_at integer,
  open_instances integer not null,
  health text,
  health_updated_at integer,
  latest_run_at integer,
  next_run_at integer
) strict;
insert into pipelines values ('df-0740625452IUS0XBD1XU', 'waits for runners', 'waits for runners', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 2, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-07419441TP7BDPWHZU2Q', 'runs', 'runs', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 1, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-01832391EZ2S3BEL7GXS', 'between two tries', 'between two tries', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 1, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-01022653FCZ8H6DI3O8M', 'has failed', 'has failed', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 0, 'ERROR', 1767225600000, 1767225600000, 1767312000000);
insert into pipelines values ('df-03745652GT572FH1ZBEQ', 'is paused', 'is paused', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 2, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-06091248Z6MYIV43H2LZ', 'has a machine', 'has a machine', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 2, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-04945781H3C8UX50FHWW', 'is inactive', 'is inactive', null, 'user', 'account', '[]', 'INACTIVE', 1767225600000, 1, 1, 1767225600000, 1767225600000, 1767225600000, null, null, null, null, 0, 'ERROR', 1767225600000, 1767225600000, null);
insert into pipelines values ('df-01325897UYX7ZT7TBTEG', 'is over', 'is over', null, 'user', 'account', '[]', 'FINISHED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, 1767225600000, null, null, 0, 'HEALTHY', 1767225600000, 1767225600000, null);
insert into pipelines values ('df-0062384374OACC1T6L75', 'on demand', 'on demand', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, 1767225600000, 1, null, null, 1767225600000, null);
insert into pipelines values ('df-08717936L8YZTTIDEJB3', 'waits for a key', 'waits for a key', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 2, null, null, 1767225600000, 1767312000000);
insert into pipelines values ('df-09564954PMEGBD96QW9A', 'was never activated', 'was never activated', null, 'user', 'account', '[]', 'PENDING', 1767225600000, 1, null, null, null, null, null, null, null, null, 0, null, null, null, null);
insert into pipelines values ('df-02635350LROZBDWN2SNB', 'is deleted', 'is deleted', null, 'user', 'account', '[]', 'DELETED', 1767225600000, 1, null, null, null, null, 1767225600000, null, null, null, 0, null, null, null, null);
insert into pipelines values ('df-05101179TVKIC3OFLIV8', 'has something to say', 'has something to say', null, 'user', 'account', '[]', 'SCHEDULED', 1767225600000, 1, 1, 1767225600000, 1767225600000, null, null, null, null, null, 0, 'HEALTHY', 1767225600000, 1767225600000, 1767312000000);
CREATE TABLE timers (
  pipeline_id text not null,
  subject_id text not null,
  kind text not null,
  due_at integer not null,
  primary key (pipeline_id, subject_id, kind)
) strict, without rowid;
insert into timers values ('df-08717936L8YZTTIDEJB3', '@Key_2026-01-01T00:00:00', 'recheckDue', 1767225610000);
insert into timers values ('df-07419441TP7BDPWHZU2Q', '@Running_2026-01-01T00:00:00', 'leaseExpired', 1767226500000);
insert into timers values ('df-01832391EZ2S3BEL7GXS', '@Retried_2026-01-01T00:00:00', 'retryDue', 1767258000000);
insert into timers values ('df-06091248Z6MYIV43H2LZ', '@Machine_2026-01-01T00:00:00', 'lifetimeOver', 1767297600000);
insert into timers values ('df-01022653FCZ8H6DI3O8M', '', 'schedule', 1767312000000);
insert into timers values ('df-01832391EZ2S3BEL7GXS', '', 'schedule', 1767312000000);
insert into timers values ('df-03745652GT572FH1ZBEQ', '', 'schedule', 1767312000000);
insert into timers values ('df-05101179TVKIC3OFLIV8', '', 'schedule', 1767312000000);
insert into timers values ('df-06091248Z6MYIV43H2LZ', '', 'schedule', 1767312000000);
insert into timers values ('df-0740625452IUS0XBD1XU', '', 'schedule', 1767312000000);
insert into timers values ('df-07419441TP7BDPWHZU2Q', '', 'schedule', 1767312000000);
insert into timers values ('df-08717936L8YZTTIDEJB3', '', 'schedule', 1767312000000);
CREATE INDEX deactivated_instances on instances (pipeline_id, id) where canceled_by = 'deactivation';
CREATE UNIQUE INDEX dependencies_by_dependent on dependencies (pipeline_id, dependent_id, target_id, kind);
CREATE INDEX dependencies_by_target on dependencies (pipeline_id, target_id, dependent_id);
CREATE INDEX instances_by_start on instances (pipeline_id, started_at, id);
CREATE INDEX notifications_by_pipeline on notifications (pipeline_id, sequence);
CREATE INDEX open_instances on instances (pipeline_id, component_id, scheduled_start, id) where is_open = 1;
CREATE INDEX open_resources on instances (pipeline_id, id) where is_open = 1 and kind = 'resource';
CREATE UNIQUE INDEX pipelines_by_unique_id on pipelines (account_id, user_id, name, unique_id)
where state not in ('DELETING', 'DELETED');
CREATE INDEX queued_attempts on attempts (worker_group, queued_at, scheduled_start, pipeline_id, instance_id)
where status = 'WAITING_FOR_RUNNER';
CREATE INDEX timers_by_due_at on timers (due_at, pipeline_id, subject_id, kind);
commit;
