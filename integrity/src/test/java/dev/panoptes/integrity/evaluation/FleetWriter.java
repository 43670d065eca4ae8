package dev.panoptes.integrity.evaluation;

import dev.panoptes.integrity.evaluation.Fleet.Action;
import dev.panoptes.integrity.evaluation.Fleet.Agent;
import dev.panoptes.integrity.evaluation.Fleet.Chain;
import dev.panoptes.integrity.evaluation.Fleet.Compose;
import dev.panoptes.integrity.evaluation.Fleet.Dir;
import dev.panoptes.integrity.evaluation.Fleet.Docker;
import dev.panoptes.integrity.evaluation.Fleet.Published;
import dev.panoptes.integrity.evaluation.Fleet.Service;
import dev.panoptes.integrity.evaluation.Fleet.Step;
import dev.panoptes.integrity.evaluation.Fleet.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes a fleet below a root, with its registry as {@code agent-registry.yaml}. */
final class FleetWriter {
    private final Path root;

    FleetWriter(Path root) {
        this.root = root;
    }

    void write(Fleet fleet) throws IOException {
        write("agent-registry.yaml", registry(fleet));
        for (Dir dir : fleet.dirs) {
            String home = fleet.agentsPath + "/" + dir.name + "/";
            for (Map.Entry<String, String> file : dir.files.entrySet()) {
                write(home + file.getKey(), file.getValue());
            }
            if (dir.docker != null) {
                write(home + "Dockerfile", dockerfile(dir.docker));
            }
        }
        for (Unit unit : fleet.units) {
            write(unit.path(), unit(unit, fleet));
        }
        for (Map.Entry<String, String> file : fleet.extraFiles.entrySet()) {
            write(file.getKey(), file.getValue());
        }
        for (Compose compose : fleet.composeFiles) {
            write(compose.path(), compose(compose, fleet));
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    static String dockerfile(Docker docker) {
        StringBuilder text = new StringBuilder("FROM python:3.13\n" + docker.copies());
        text.append(
                docker.command().contains("/usr/local/bin/agent") ? "RUN go build -o /usr/local/bin/agent .\n" : "");
        text.append(docker.sets() == null ? "" : "ENV PORT=" + docker.sets() + "\n");
        text.append(docker.expose() == null ? "" : "EXPOSE " + docker.expose() + "\n");
        return text.append(docker.command()).append('\n').toString();
    }

    static String unit(Unit unit, Fleet fleet) {
        StringBuilder text =
                new StringBuilder("[Unit]\nDescription=" + unit.name() + "\nAfter=network.target\n\n[Service]\n");
        if (unit.directory() != null) {
            text.append("WorkingDirectory=%s/%s/%s\n".formatted(fleet.deployedAt, fleet.agentsPath, unit.directory()));
        }
        if (unit.sets() != null) {
            text.append("Environment=\"PORT=" + unit.sets() + "\" LOG_LEVEL=info\n");
        }
        if (unit.name().startsWith("nightly-")) {
            return text.append("Type=oneshot\nExecStart=" + unit.command() + "\n")
                    .toString();
        }
        return text.append(
                        "ExecStart=" + unit.command() + "\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n")
                .toString();
    }

    private static String compose(Compose compose, Fleet fleet) {
        StringBuilder text = new StringBuilder("services:\n");
        for (Service service : compose.services()) {
            text.append("  ").append(service.name).append(":\n");
            if (service.image != null) {
                text.append("    image: ").append(service.image).append('\n');
            }
            if (service.builds != null) {
                String up = "../".repeat(compose.path().split("/").length - 1);
                String context = (up.isEmpty() ? "./" : up) + fleet.agentsPath + "/" + service.builds;
                if (service.fromRoot) {
                    text.append("    build:\n      context: ")
                            .append(up.isEmpty() ? "." : up)
                            .append("\n      dockerfile: ");
                    text.append(fleet.agentsPath)
                            .append('/')
                            .append(service.builds)
                            .append("/Dockerfile\n");
                } else {
                    text.append(
                            service.name.length() % 2 == 0
                                    ? "    build: " + context + "\n"
                                    : "    build:\n      context: " + context + "\n      dockerfile: Dockerfile\n");
                }
            }
            if (service.profile != null) {
                text.append("    profiles: [").append(service.profile).append("]\n");
            }
            if (service.hostNetwork) {
                text.append("    network_mode: host\n");
            }
            if (!service.ports.isEmpty()) {
                text.append("    ports:\n");
                for (Published port : service.ports) {
                    text.append(port.text() == null ? "" : "      - " + port.text() + "\n");
                }
            }
            if (!service.environment.isEmpty()) {
                text.append("    environment:\n");
                service.environment.forEach((name, value) -> text.append("      ")
                        .append(name)
                        .append(": \"")
                        .append(value)
                        .append("\"\n"));
            }
            if (service.command != null) {
                text.append("    command: ").append(service.command).append('\n');
            }
            if (service.health != null) {
                String url = "http://localhost:" + service.health + "/health";
                text.append("    healthcheck:\n      test: ");
                text.append(
                        service.health % 2 == 0
                                ? "[\"CMD\", \"curl\", \"-f\", \"" + url + "\"]"
                                : "wget -qO- " + url + " || exit 1");
                text.append("\n      interval: 30s\n");
            }
            text.append("    restart: unless-stopped\n");
        }
        return text.toString();
    }

    private static String address(Agent agent, Fleet fleet) {
        if (agent.host != null) {
            return fleet.hosts.get(agent.host);
        }
        return switch (agent.port % 3) {
            case 0 -> "localhost";
            case 1 -> "127.0.0.1";
            default -> agent.key.replace('_', '-');
        };
    }

    private static String registry(Fleet fleet) {
        StringBuilder text = new StringBuilder("version: '1.0'\nhosts:\n");
        fleet.hosts.forEach((name, address) -> text.append("  ")
                .append(name)
                .append(": {address: ")
                .append(address)
                .append("}\n"));
        text.append("agents:\n");
        for (Agent agent : fleet.agents) {
            text.append("  ").append(agent.key).append(":\n");
            text.append("    name: \"").append(agent.name).append("\"\n");
            text.append("    version: '1.0'\n    category: worker\n");
            String url = agent.url != null
                    ? agent.url
                    : agent.port == null ? null : "http://" + address(agent, fleet) + ":" + agent.port;
            if (url != null) {
                text.append("    connection:\n      url: \"")
                        .append(url)
                        .append("\"\n      health_endpoint: /health\n");
            }
            text.append(agent.path == null ? "" : "    path: " + agent.path + "\n");
            text.append(agent.host == null || agent.port % 2 == 0 ? "" : "    host: " + agent.host + "\n");
            text.append(agent.exe == null ? "" : "    exe: " + agent.exe + "\n");
            text.append(agent.unit == null ? "" : "    unit: " + agent.unit + "\n");
            text.append(agent.core ? "    core: true\n" : "");
            if (!agent.actions.isEmpty()) {
                text.append("    actions:\n");
            }
            for (Action action : agent.actions) {
                text.append("      ").append(action.name()).append(":\n        description: what it does\n");
                text.append(action.endpoint() == null ? "" : "        endpoint: " + action.endpoint() + "\n");
                text.append(action.method() == null ? "" : "        method: " + action.method() + "\n");
            }
        }
        text.append("chains:\n");
        for (Chain chain : fleet.chains) {
            text.append("  ").append(chain.name()).append(":\n    steps:\n");
            for (Step step : chain.steps()) {
                text.append("      - id: ").append(step.id()).append('\n');
                text.append(step.agent() == null ? "" : "        agent: " + step.agent() + "\n");
                text.append(step.action() == null ? "" : "        action: " + step.action() + "\n");
                text.append(step.chain() == null ? "" : "        chain: " + step.chain() + "\n");
            }
        }
        text.append("intent_patterns:\n  agents:\n");
        fleet.intentAgents.forEach(agent -> text.append("    ").append(agent).append(": ['.*help.*']\n"));
        text.append("  chains:\n");
        fleet.intentChains.forEach(chain -> text.append("    - pattern: '.*go.*'\n      chain: ")
                .append(chain)
                .append('\n'));
        return text.toString();
    }
}
