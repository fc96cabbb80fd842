import { AppError } from "../core/errors.ts";

/** What the operating system is to start. */
export interface ServicePlan {
  /** Program and arguments, absolute. */
  command: readonly string[];
  /** What the program needs of the environment, such as MCQUEEN_HOME. */
  environment: Readonly<Record<string, string>>;
  /** Where what it prints outside its log goes; launchd only, for systemd keeps a journal. */
  outputFile: string;
}

/**
 * A unit of the user's systemd. https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
 * @throws AppError invalid_parameters for a path of the program that systemd starts under no spelling
 */
export function systemdUnit({ command, environment }: ServicePlan): string {
  if (/["'\\\p{Cc}]/u.test(command[0] ?? "")) {
    throw new AppError("invalid_parameters", `systemd starts no program whose path has quotes in it: ${command[0]}`, {
      hint: "Install mcqueen elsewhere: PREFIX=$HOME/.local ./install.sh",
    });
  }
  const lines = Object.entries(environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`);
  return `[Unit]
Description=mcqueen, your tools and accounts over REST
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=exec
ExecStart=${command.map((word, at) => (at === 0 ? quoted(word) : unexpanded(quoted(word)))).join(" ")}
${lines.join("\n")}
Restart=on-failure
RestartSec=2
# Wrong settings, a second daemon, a taken port: starting again changes nothing.
RestartPreventExitStatus=2 6 8 10
TimeoutStopSec=10
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=default.target
`;
}

/** Arguments have variables in them, the program has not. */
const unexpanded = (text: string): string => text.replaceAll("$", "$$$$");

/** In systemd a percent sign begins a specifier, also within quotes. */
const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("\n", "\\n")}"`;

/** An agent of the user's launchd. https://www.manpagez.com/man/5/launchd.plist/ */
export function launchdAgent({ command, environment, outputFile }: ServicePlan, label: string): string {
  const text = (value: string): string => `<string>${escaped(value)}</string>`;
  const pairs = Object.entries(environment).map(([name, value]) => `    <key>${escaped(name)}</key>${text(value)}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>${text(label)}
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    ${text(word)}`).join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${pairs.join("\n")}
  </dict>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key>
  <dict><key>SuccessfulExit</key><false/></dict>
  <key>ThrottleInterval</key><integer>10</integer>
  <key>Umask</key><integer>63</integer>
  <key>ProcessType</key>${text("Background")}
  <key>StandardOutPath</key>${text(outputFile)}
  <key>StandardErrorPath</key>${text(outputFile)}
</dict>
</plist>
`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
