import { AppError } from "../../src/core/errors.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import type { ListedToolProvider } from "../../src/core/provider-listing.ts";
import { suggestion } from "../../src/core/suggestion.ts";
import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import { findTool } from "../tools.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .argument("<tool>", "id of the tool, as mcqueen list prints it")
    .argument("[action]", "one thing that it does, with its parameters alone")
    .addHelpText("after", "\nExamples:\n  mcqueen show get_weather\n  mcqueen show email_personal send")
    .action(async (id: string, action: string | undefined) => {
      const { out, backend } = cli();
      const found = await findTool(await backend(), id);
      const tool = action === undefined ? found : narrowed(found, action);
      out.data({ success: true, tool, metadata: {} }, (paint, here) => describe(tool, paint, here, action));
    });
};

/** The tool as if it did that alone. @throws AppError not_found */
function narrowed(tool: ListedTool, id: string): ListedTool {
  const action = tool.actions.find((each) => each.id === id);
  if (!action) {
    const ids = tool.actions.map((each) => each.id);
    throw new AppError("not_found", `${tool.id} has no action ${id}`, {
      hint: `${suggestion(id, ids)}Run: mcqueen show ${tool.id}`,
    });
  }
  const { properties, required = [] } = action.input_schema;
  const parameters = tool.parameters.filter(({ name }) => Object.hasOwn(properties, name));
  const isRequired = (name: string): boolean => required.includes(name) && properties[name]?.default === undefined;
  return {
    ...tool,
    description: action.description,
    parameters: parameters.map((each) => ({ ...each, required: isRequired(each.name) })),
    voice_confirmations: [...action.voice_confirmations],
    actions: [action],
  };
}

const clean = sanitiseLine;

function describe(tool: ListedTool, paint: Paint, here: Here, action?: string): string {
  const heading = (text: string): string => `\n${paint.bold(text)}`;
  const lines = [
    `${paint.bold(sanitiseLine(tool.name))}  ${paint.dim(sanitiseLine(tool.id))}`,
    sanitise(tool.description),
    `${tool.category}, ${tool.access_level.replace("_", " ")}, ${tool.status.replace("_", " ")}`,
    ...(tool.hint ? [here(sanitise(tool.hint))] : []),
    heading("Parameters"),
    table(tool.parameters.map((parameter) => parameterRow(parameter).map(clean))),
  ];
  if (tool.actions.length > 1) {
    lines.push(
      heading("Actions"),
      table(tool.actions.map((a) => [`  ${a.id}`, `[${a.effect}]`, a.description].map(clean))),
    );
  }
  if (tool.voice_confirmations.length > 0)
    lines.push(heading("Confirmed first"), clean(`  ${tool.voice_confirmations.join(", ")}`));
  const settings = Object.entries(tool.settings_schema?.properties ?? {});
  if (settings.length > 0) {
    lines.push(
      heading("Settings"),
      table(settings.map(([name, schema]) => [`  ${name}`, String(schema.description ?? "")].map(clean))),
      paint.dim(here(`  Run: mcqueen config ${tool.id} set ${settings[0]?.[0]}=…`)),
    );
  }
  if (tool.providers)
    lines.push(heading("Providers"), table(tool.providers.map((each) => providerRow(each).map(clean))));
  lines.push(
    heading("Quota"),
    tool.quota ? `  ${tool.quota.limit} calls an hour, ${tool.quota.remaining} left` : "  none",
  );
  lines.push(heading("Examples"), ...tool.examples.map((example) => clean(`  “${example}”`)));
  lines.push(paint.dim(here(`\nRun: mcqueen run ${tool.id} ${action === undefined ? "" : `${action} `}--help`)));
  return lines.join("\n");
}

const providerRow = ({ id, name, part, ready, why }: ListedToolProvider): string[] => [
  `  ${ready ? "✓" : "–"} ${name}`,
  id,
  part ?? "",
  why,
];

function parameterRow(parameter: ListedTool["parameters"][number]): string[] {
  const { name, type, required, options, description } = parameter;
  const fallback = parameter.default === undefined ? "" : ` (default ${JSON.stringify(parameter.default)})`;
  return [`  ${name}`, options ? options.join(" | ") : type, required ? "required" : "", `${description}${fallback}`];
}
