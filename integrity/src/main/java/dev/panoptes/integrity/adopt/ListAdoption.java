package dev.panoptes.integrity.adopt;

import dev.panoptes.core.registry.Protocol;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.integrity.adopt.AdoptedAgent.Spoken;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Agents out of a file that lists them for another program: servers of the Model Context Protocol as its clients are
 * configured with them ({@code mcpServers}, {@code servers}) or as its registry describes them ({@code remotes}), an agent card
 * of A2A, service definitions of Consul. Environments, arguments and headers are never taken over: they hold secrets.
 */
public final class ListAdoption {
    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);
    private static final int LARGEST_PORT = 65_535;

    private final List<AdoptedAgent> agents = new ArrayList<>();
    private final List<String> unexplained = new ArrayList<>();

    private ListAdoption() {}

    /**
     * What a file holds.
     *
     * @param kind what it is, such as {@code a list of MCP servers}
     * @param unexplained one sentence for each entry that is no agent here
     */
    public record Found(String kind, List<AdoptedAgent> agents, List<String> unexplained) {}

    /** Empty where it is none of the lists that are known. */
    public static Optional<Found> of(YamlNode.Mapping top) {
        ListAdoption adoption = new ListAdoption();
        return adoption.read(top).map(kind -> new Found(kind, adoption.agents, adoption.unexplained));
    }

    private Optional<String> read(YamlNode.Mapping top) {
        YamlNode named = value(top, "mcpServers") == null ? value(top, "servers") : value(top, "mcpServers");
        if (named instanceof YamlNode.Mapping servers) {
            servers.entries().forEach(entry -> clientsServer(entry.key(), entry.value()));
            return Optional.of("a list of MCP servers");
        }
        if (named instanceof YamlNode.Sequence servers) {
            servers.items().forEach(this::describedServer);
            return Optional.of("a list of MCP servers");
        }
        if (value(top, "remotes") instanceof YamlNode.Sequence || value(top, "packages") instanceof YamlNode.Sequence) {
            describedServer(top);
            return Optional.of("the description of an MCP server");
        }
        if (value(top, "skills") instanceof YamlNode.Sequence skills && text(top, "name") != null) {
            card(top, skills);
            return Optional.of("an A2A agent card");
        }
        if (value(top, "services") instanceof YamlNode.Sequence services) {
            services.items().forEach(this::consulService);
            return Optional.of("a list of Consul services");
        }
        if (value(top, "service") instanceof YamlNode.Mapping service) {
            consulService(service);
            return Optional.of("a Consul service");
        }
        return Optional.empty();
    }

    /** As a client is configured with it: by URL, or as a command that the client starts and talks to by pipes. */
    private void clientsServer(String name, YamlNode server) {
        if (!(server instanceof YamlNode.Mapping map)) {
            unexplained.add(name + " is no map");
            return;
        }
        String url = text(map, "url") == null ? text(map, "serverUrl") : text(map, "url");
        String command = text(map, "command");
        if (url != null) {
            reached(name, null, null, url, Protocol.MCP, List.of());
        } else if (command != null) {
            agents.add(portless(name, "its client starts it: " + lastPart(command)));
        } else {
            unexplained.add(name + " has neither url nor command");
        }
    }

    private void describedServer(YamlNode node) {
        if (!(node instanceof YamlNode.Mapping map)) {
            unexplained.add("an entry is no map");
            return;
        }
        String full = text(map, "name", "server");
        String name = lastPart(full);
        List<String> urls = new ArrayList<>();
        if (value(map, "remotes") instanceof YamlNode.Sequence remotes) {
            for (YamlNode remote : remotes.items()) {
                String url = remote instanceof YamlNode.Mapping one ? text(one, "url") : null;
                if (url != null) {
                    urls.add(url);
                }
            }
        }
        if (urls.isEmpty()) {
            agents.add(portless(name, "described as " + full + " without an address of its own"));
        } else {
            reached(name, null, text(map, "version"), urls.getFirst(), Protocol.MCP, List.of());
        }
    }

    /** Since 1.0 its interfaces are listed, the preferred one first; before, it had one URL. */
    private void card(YamlNode.Mapping card, YamlNode.Sequence skills) {
        String name = String.valueOf(text(card, "name"));
        String url = text(card, "url");
        if (value(card, "supportedInterfaces") instanceof YamlNode.Sequence interfaces
                && !interfaces.items().isEmpty()
                && interfaces.items().getFirst() instanceof YamlNode.Mapping first) {
            url = text(first, "url") == null ? url : text(first, "url");
        }
        List<String> offers = new ArrayList<>();
        for (YamlNode skill : skills.items()) {
            String id = skill instanceof YamlNode.Mapping one ? text(one, "id") : null;
            if (id != null) {
                offers.add(id);
            }
        }
        if (url == null) {
            unexplained.add(name + " has no url");
        } else {
            reached(name, name, text(card, "version"), url, Protocol.A2A, offers);
        }
    }

    private void consulService(YamlNode node) {
        String name = node instanceof YamlNode.Mapping map ? text(map, "name") : null;
        if (!(node instanceof YamlNode.Mapping map) || name == null) {
            unexplained.add("an entry has no name");
            return;
        }
        String id = text(map, "id", name);
        Integer port = port(text(map, "port"));
        if (port == null) {
            agents.add(portless(id, "it has no port"));
            return;
        }
        String key = AdoptedAgent.key(id);
        String address = text(map, "address");
        String path = checkedPath(map);
        agents.add(new AdoptedAgent(
                key,
                null,
                null,
                port,
                path == null ? "tcp" : "http",
                address == null ? key : address,
                path,
                path != null,
                null,
                null,
                null,
                null));
    }

    /** The path of its check by HTTP; null where it has none. */
    private static @Nullable String checkedPath(YamlNode.Mapping service) {
        List<YamlNode> checks = new ArrayList<>();
        if (value(service, "check") instanceof YamlNode one) {
            checks.add(one);
        }
        if (value(service, "checks") instanceof YamlNode.Sequence several) {
            checks.addAll(several.items());
        }
        for (YamlNode check : checks) {
            String url = check instanceof YamlNode.Mapping map ? text(map, "http") : null;
            if (url == null) {
                continue;
            }
            try {
                String path = new URI(url).getRawPath();
                return path == null || path.isEmpty() ? "/" : path;
            } catch (URISyntaxException e) {
                return null;
            }
        }
        return null;
    }

    private void reached(
            String written,
            @Nullable String name,
            @Nullable String version,
            String url,
            Protocol protocol,
            List<String> offers) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            unexplained.add(written + " has a url that is none");
            return;
        }
        Integer usual = uri.getScheme() == null ? null : PORTS.get(uri.getScheme());
        if (usual == null || uri.getHost() == null || uri.getPort() > LARGEST_PORT) {
            unexplained.add(written + " has a url that is not reached by http or https");
            return;
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        boolean taken = protocol == Protocol.MCP && !path.isEmpty() && !path.equals("/") && !path.equals("/mcp");
        agents.add(new AdoptedAgent(
                AdoptedAgent.key(written),
                name,
                version,
                uri.getPort() < 0 ? usual : uri.getPort(),
                uri.getScheme(),
                uri.getHost(),
                taken ? path : null,
                false,
                null,
                null,
                null,
                null,
                new Spoken(protocol, offers)));
    }

    private static AdoptedAgent portless(String written, String comment) {
        return new AdoptedAgent(
                AdoptedAgent.key(written), null, null, null, "tcp", "local", null, false, null, null, null, comment);
    }

    private static @Nullable Integer port(@Nullable String text) {
        if (text == null || !text.matches("\\d{1,5}")) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port >= 1 && port <= LARGEST_PORT ? port : null;
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static @Nullable YamlNode value(YamlNode.Mapping map, String key) {
        return map.find(key).map(YamlNode.Entry::value).orElse(null);
    }

    private static String text(YamlNode.Mapping map, String key, String without) {
        String text = text(map, key);
        return text == null ? without : text;
    }

    private static @Nullable String text(YamlNode.Mapping map, String key) {
        return value(map, key) instanceof YamlNode.Scalar scalar
                        && !scalar.text().isBlank()
                ? scalar.text().strip()
                : null;
    }
}
