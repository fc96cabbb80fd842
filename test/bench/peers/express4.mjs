// An Express 4 server as one commonly is: the middleware everyone uses, sessions in a Map, answers that are made up.
// node express4.mjs <file with the tools> <file with a forecast> <log file>
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import cors from "cors";
import express from "express";
import rateLimit from "express-rate-limit";
import helmet from "helmet";
import jwt from "jsonwebtoken";
import winston from "winston";

const [toolsFile, forecastFile, logFile] = process.argv.slice(2);
const { tools } = JSON.parse(readFileSync(toolsFile, "utf8"));
const forecast = JSON.parse(readFileSync(forecastFile, "utf8"));
const secret = randomUUID() + randomUUID();
const sessions = new Map();
const log = winston.createLogger({
  level: "info",
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.File({ filename: logFile })],
});

const app = express();
app.use(helmet());
app.use(cors({ origin: ["http://localhost:3000"], credentials: true }));
app.use(rateLimit({ windowMs: 900_000, limit: 1_000_000_000, standardHeaders: true, legacyHeaders: false }));
app.use(express.json({ limit: "10mb" }));
app.use((req, res, next) => {
  const started = performance.now();
  req.id = randomUUID();
  res.on("finish", () =>
    log.info("request", {
      method: req.method,
      path: req.path,
      status: res.statusCode,
      ms: Math.round(performance.now() - started),
      request_id: req.id,
    }),
  );
  next();
});

app.post("/api/v1/auth/login", (req, res) => {
  const sessionId = randomUUID();
  sessions.set(sessionId, { userId: req.body.user_id, createdAt: new Date(), lastActivity: new Date() });
  const token = jwt.sign({ userId: req.body.user_id, sessionId }, secret, { expiresIn: "8h" });
  res.json({ success: true, session_id: token });
});

const authenticate = (req, res, next) => {
  try {
    const { sessionId } = jwt.verify((req.headers.authorization ?? "").replace("Bearer ", ""), secret);
    const session = sessions.get(sessionId);
    if (!session) throw new Error("no session");
    session.lastActivity = new Date();
    req.user = session.userId;
    next();
  } catch {
    res.status(401).json({ success: false, error: "Invalid authentication token" });
  }
};

app.get("/api/v1/mcp/tools", authenticate, (_req, res) => {
  const listed = tools.filter((tool) => tool.user_enabled).sort((a, b) => a.user_priority - b.user_priority);
  res.json({ success: true, tools: listed, total: listed.length, metadata: {} });
});

app.post("/api/v1/mcp/tools/:id/execute", authenticate, (req, res) => {
  const started = performance.now();
  const tool = tools.find(({ id }) => id === req.params.id);
  if (!tool) return res.status(404).json({ success: false, error: "Tool not found" });
  const { parameters = {} } = req.body;
  const missing = tool.parameters.filter(({ name, required }) => required && parameters[name] === undefined);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    return res.status(400).json({ success: false, error: `Missing required parameter: ${names}` });
  }
  log.info("tool executed", { tool: tool.id, user: req.user, request_id: req.id });
  const metadata = {
    tool: tool.id,
    request_id: req.id,
    provider: "mock",
    duration_ms: Math.round(performance.now() - started),
    timestamp: new Date().toISOString(),
  };
  return res.json({ success: true, data: { ...forecast, location: parameters.location }, metadata });
});

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
