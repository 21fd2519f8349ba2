import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { importFindings } from './import-law.ts'
import { rules } from './rules.ts'
import { formatFinding, parseFile } from './source-file.ts'

/** Checks every TypeScript file that git knows or could add, prints what breaks a rule, and sets the exit status. */
function check(): void {
  const findings = sourcePaths().flatMap((path) => {
    const file = parseFile(path, readFileSync(path, 'utf8'))
    if (file === undefined) return [`${path}:1:1 This is not TypeScript.`]
    return [importFindings, ...rules].flatMap((rule) => rule(file).map((finding) => formatFinding(file, finding)))
  })
  for (const finding of findings) console.error(finding)
  if (findings.length > 0) process.exitCode = 1
}

function sourcePaths(): readonly string[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'])
  return listing
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && existsSync(path))
}

check()
