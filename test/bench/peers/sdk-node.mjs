// The MCP SDK's own server for Node as its documentation has it: streamable HTTP, no sessions, the guards of the package.
// node sdk-node.mjs <file with a forecast>
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";

const forecast = JSON.parse(readFileSync(process.argv[2], "utf8"));

function makeServer() {
  const server = new McpServer({ name: "peer", version: "1.0.0" });
  server.registerTool(
    "get_weather",
    {
      title: "Get Weather",
      description: "Current conditions and forecast for a place.",
      inputSchema: z.object({ location: z.string().min(1), units: z.enum(["metric", "imperial"]).optional() }),
    },
    async () => ({ content: [{ type: "text", text: JSON.stringify(forecast) }], structuredContent: forecast }),
  );
  return server;
}

const validateHost = localhostHostValidation();
const validateOrigin = localhostOriginValidation();
const handle = toNodeHandler(createMcpHandler(makeServer));
const server = createServer((req, res) => {
  if (validateHost(req, res) && validateOrigin(req, res)) void handle(req, res);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
