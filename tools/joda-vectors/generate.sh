#!/bin/sh
# Writes what Joda-Time answers into test/vectors/joda, and its names of time zones into src/core/expression/zone-names.ts.
# Needs Java 17 and Maven.
set -eu
tool=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$tool/../.." && pwd)

# The names of months, eras and zones as the Java of the original had them, before version 9 changed their source.
export MAVEN_OPTS="-Djava.locale.providers=COMPAT -Duser.timezone=UTC -Duser.language=en -Duser.country=US"
mvn --quiet --file "$tool/pom.xml" compile exec:java -Dexec.args="$root"
