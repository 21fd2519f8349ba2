import type { HclValue, TemplatePart } from './hcl.ts'
import type { Fault } from './json-tree.ts'

/** What the names of a configuration stand for, such as `var.bucket`: templates in turn. */
export type TerraformNames = ReadonlyMap<string, readonly TemplatePart[]>

/** How many names may stand for one another before it is a circle. */
const chainMax = 32

/** Values that are given for names, as names. */
export const givenNames = (values: ReadonlyMap<string, string>): TerraformNames =>
  new Map([...values].map(([name, text]) => [name, [{ kind: 'literal', text, offset: 0 }]]))

/** The text of a template; where only Terraform could work it out, a fault. */
export function templateText(
  { parts }: Pick<HclValue, 'parts'>,
  { names, faults }: { readonly names: TerraformNames; readonly faults: Fault[] },
): string {
  const textOf = ({ kind, text, offset }: TemplatePart, chain: readonly string[]): string => {
    if (kind === 'literal') return text
    const found = chain.includes(text) || chain.length === chainMax ? undefined : names.get(text)
    if (found !== undefined) {
      // What is wrong behind a name is shown where the name is used.
      return found.map((part) => textOf({ ...part, offset }, [...chain, text])).join('')
    }
    faults.push({ offset, message: complaint(text) })
    return ''
  }
  return parts.map((part) => textOf(part, [])).join('')
}

const shown = "Or read what 'terraform show -json' prints of the plan or the state, in place of the configuration."

function complaint(expression: string): string {
  if (isName(expression)) {
    return `Only Terraform can tell what '${expression}' is. Give its value with --template-value ${expression}=value. ${shown}`
  }
  const [line = ''] = expression.split('\n')
  const short = line.length < expression.length ? `${line} …` : line
  return `Only Terraform can work out '${short}'. Write what it gives. ${shown}`
}

const isName = (expression: string): boolean => /^[A-Za-z_][\w-]*(\.[\w-]+|\[("[^"]*"|\d+)\])+$/.test(expression)
