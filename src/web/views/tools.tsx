import { useState } from "preact/hooks";
import type { ListedTool } from "../../core/listing.ts";
import { Empty } from "../empty.tsx";
import { labelOf } from "../form/field-kind.ts";
import { Icon, signOf } from "../icons.tsx";
import { toolsChanged } from "../live.ts";
import { Loaded, useAnswer } from "../loaded.tsx";
import { linkTo } from "../route.ts";
import { Ask } from "./ask.tsx";

/** All tools by category, with what each needs. */
export function Tools() {
  const { answer, again } = useAnswer<{ tools: ListedTool[] }>("/mcp/tools?include=all", toolsChanged.value);
  const [words, setWords] = useState("");
  return (
    <>
      <h1>Tools</h1>
      <Ask examples={answer?.ok && words === "" ? examplesOf(answer.value.tools) : []} />
      <div class="field find">
        <label for="tool-search">Find a tool</label>
        <Icon of="search" size={20} />
        <input
          id="tool-search"
          type="search"
          autocomplete="off"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <Loaded answer={answer} again={again}>
        {({ tools }) => <ByCategory tools={tools.filter((tool) => isFound(tool, words))} />}
      </Loaded>
    </>
  );
}

function isFound({ id, name, description, category, examples, actions }: ListedTool, words: string): boolean {
  const about = actions.map((action) => action.description);
  const text = [id, name, description, category, ...examples, ...about].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A sentence for each of the first tools that would run now. */
const examplesOf = (tools: readonly ListedTool[]): string[] =>
  tools
    .filter(({ status }) => status === "available")
    .flatMap(({ examples }) => examples.slice(0, 1))
    .slice(0, 3);

function ByCategory({ tools }: { tools: ListedTool[] }) {
  if (tools.length === 0) {
    return (
      <div role="status">
        <Empty sign="search" title="No tool is about that">
          Try fewer words, or say above what you want.
        </Empty>
      </div>
    );
  }
  const groups = Map.groupBy(tools, ({ category }) => category);
  return (
    <div class="categories">
      {[...groups].map(([category, these]) => (
        <section key={category} aria-labelledby={`category-${category}`}>
          <h2 id={`category-${category}`}>{labelOf(category)}</h2>
          <ul class="rows">
            {these.map((tool) => (
              <li key={tool.id}>
                <a class="tool-row" href={linkTo("tool", tool.id)}>
                  <span class="tile">
                    <Icon of={signOf(category)} />
                  </span>
                  <span>
                    <strong>{tool.name}</strong> <Need tool={tool} />
                    <span class="dim">{tool.description}</span>
                  </span>
                  <Icon of="chevron" size={18} />
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const needs: Record<string, string> = {
  needs_login: "needs login",
  not_configured: "needs a key",
  disabled: "switched off",
};

/** What keeps a tool from running now. */
export function Need({ tool }: { tool: ListedTool }) {
  const need = needs[tool.status];
  return need ? <span class="state needs">{need}</span> : null;
}
