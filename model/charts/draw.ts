/** The page that draws the charts, made from the machines: Mermaid diagrams with the states and arrows as they are. */
import { CHARTS } from './index.js';

const FILE_HEAD = `# Statecharts

The life cycles that the checks follow, drawn from the machines in \`model/charts\`, which are their definition; what watches a run is a table compiled from them. A run may end in a state with a thick frame. This page is made by \`node dist/model/charts/publish.js\`.
`;

/** The whole page. */
export function chartsPage(): string {
  return [FILE_HEAD, ...CHARTS.map(({ table, about }) => section(table, about))].join('\n');
}

type Table = (typeof CHARTS)[number]['table'];

function section(table: Table, about: string): string {
  const lines = [`## ${table.id}`, '', about, '', '```mermaid', 'stateDiagram-v2'];
  lines.push('    classDef rest stroke-width:3px', `    [*] --> ${table.states[table.initial]}`);
  for (const { from, event, to } of table.transitions)
    lines.push(`    ${table.states[from]} --> ${table.states[to]}: ${table.events[event]}`);
  table.states.forEach((state, index) => {
    if (table.rest[index] === 1) lines.push(`    class ${state} rest`);
  });
  return `${[...lines, '```'].join('\n')}\n`;
}
