#!/bin/sh
# Reports the traffic of a web server from its archived logs, in Apache's combined format.
# usage: traffic-report.sh ARCHIVE REPORT FIRST END
#   ARCHIVE  s3:// prefix of folders that are named after their day, such as 2026-01-04
#   REPORT   s3:// prefix to put report.txt under
#   FIRST    the first day, END the day after the last one
# It needs nothing but a POSIX shell, awk, sort and `aws s3`, so it runs on an EMR cluster as well.
set -eu

archive=$1 report=$2 first=$3 end=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

main() {
  # Not in one pipe, which would hide that the list could not be had.
  list=$(aws s3 ls "$archive/")
  days=$(echo "$list" | awk -v first="$first" -v end="$end" '
    $1 == "PRE" { day = substr($2, 1, length($2) - 1); if (day >= first && day < end) print day }')
  fetch $days
  {
    echo "Traffic from $first to the day before $end"
    each_day $days
    cat "$folder"/logs/*/* | totals
    cat "$folder"/logs/*/* | top 'Status codes' 20 '$9'
    cat "$folder"/logs/*/* | top 'Top pages' 10 '$7'
    cat "$folder"/logs/*/* | top 'Top visitors' 5 '$1'
  } > "$folder/report.txt"
  aws s3 cp --only-show-errors "$folder/report.txt" "$report/report.txt"
}

# fetch DAY...: downloads the days' logs.
fetch() {
  for day; do
    set -- "$@" --include "$day/*"
    shift
  done
  aws s3 cp --only-show-errors --recursive "$archive/" "$folder/logs/" --exclude '*' "$@"
}

# each_day DAY...: a line for each day.
each_day() {
  printf '\n%-12s %8s %14s %9s\n' Day Hits Bytes Visitors
  for day; do
    awk -v day="$day" '
      { hits++; bytes += $10; if (!seen[$1]++) visitors++ }
      END { printf "%-12s %8d %14.0f %9d\n", day, hits, bytes, visitors }' "$folder/logs/$day"/*
  done
}

totals() {
  awk '
    { hits++; bytes += $10; if (!seen[$1]++) visitors++ }
    END { printf "%-12s %8d %14.0f %9d\n", "Total", hits, bytes, visitors }'
}

# top TITLE COUNT FIELD: the most frequent values of a field.
top() {
  printf '\n%s\n' "$1"
  awk "{ count[$3]++ } END { for (value in count) printf \"%8d  %s\\n\", count[value], value }" |
    LC_ALL=C sort -k 1,1nr -k 2 | head -n "$2"
}

main
