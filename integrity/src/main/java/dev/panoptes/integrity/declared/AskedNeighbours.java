package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which services of its own project a service names with a port: in its environment (a URL, {@code host:port}, a list of them, a
 * {@code _HOST} beside its {@code _PORT}), in its command, and in the configuration that it mounts (targets of Prometheus,
 * data sources of Grafana, servers of HAProxy and the like).
 */
final class AskedNeighbours {
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_FILES = 60;
    private static final int MOST = 400;
    private static final int DEEPEST = 3;
    /** Below it a number after a colon is rather the version of an image. */
    private static final int LOWEST_BARE = 80;

    private static final String NAME = "([A-Za-z0-9_-]+)";
    private static final Pattern URL =
            Pattern.compile("(?:jdbc:|r2dbc:)?[a-z][a-z0-9+.-]*://(?:[^@/\\s]*@)?" + NAME + ":(\\d{1,5})(?:[/?#;].*)?");
    private static final Pattern ADDRESS = Pattern.compile("(?:\\d+@)?" + NAME + ":(\\d{1,5})(?:/.*)?");
    private static final Pattern WRITTEN = Pattern.compile(
            "(?<![\\w.@$/{:-])(?:[a-z][a-z0-9+.-]*://(?:[^@/\\s\"']*@)?)?" + NAME + ":(\\d{2,5})(?![\\w.:-])");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?i).*\\.(ya?ml|toml|json|conf|cfg|ini|properties|river|alloy|hcl|vcl)|Caddyfile");
    private static final Pattern HOST_VARIABLE = Pattern.compile("(.+[_-])(HOST|HOSTNAME|host)");
    private static final int LONGEST = 2_000;
    private static final Pattern BROWSERS = Pattern.compile(
            "(NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|VUE_APP|GATSBY|STORYBOOK)_\\w*(URL|API|HOST|ENDPOINT|SERVER|BASE|WS)\\w*");
    private static final Pattern LOCAL_URL =
            Pattern.compile("(?:https?|wss?)://(?:localhost|127\\.0\\.0\\.1):(\\d{1,5})(?:[/?#].*)?");
    private static final Pattern WRITTEN_URL =
            Pattern.compile("[\"'`](?:https?|wss?)://" + NAME + ":(\\d{2,5})(?=[/\"'`])");
    private static final List<String> BUNDLERS = List.of(
            "vite.config.ts",
            "vite.config.js",
            "vite.config.mjs",
            "next.config.js",
            "next.config.mjs",
            "next.config.ts",
            "nuxt.config.ts",
            "vue.config.js",
            "proxy.conf.json",
            "src/setupProxy.js");
    private static final Pattern HOST = Pattern.compile(
            "\\s*(?:-\\s+)?[\"']?(?:host|hostname|address)[\"']?\\s*[:=]\\s*[\"']?" + NAME + "[\"']?\\s*,?");

    private static final Pattern PORT =
            Pattern.compile("\\s*(?:-\\s+)?[\"']?port(?:_value)?[\"']?\\s*[:=]\\s*[\"']?([0-9]{1,5})[\"']?\\s*,?");
    /** Folders of a container that hold a server's configuration, and not code. */
    private static final Pattern CONFIGURED =
            Pattern.compile("(?i)/etc(/.*)?|.*(conf|provision|rules|prometheus|haproxy).*");

    /** Variables that hold no address of a neighbour, whatever they look like. */
    private static final Pattern NO_ADDRESS = Pattern.compile("(?i).*(image|tag|version|listen|advertise|allowed).*");

    /** Variables whose address a browser or a person asks, from elsewhere. */
    private static final Pattern ASKED_ELSEWHERE = Pattern.compile(
            "(?i).*(public|origin|cors|external|vite|react_app|site|callback|redirect|front|domain|browser|hostname|self|root).*");
    /** Protocols that one server speaks with another; names of others are no hosts of a network. */
    private static final Pattern SPOKEN = Pattern.compile(
            "(?i)(?:jdbc:|r2dbc:)?(https?|grpcs?|wss?|tcp|rediss?|valkeys?|ecto|postgres(?:ql)?(?:\\+\\w+)?|mysql(?:\\+\\w+)?|mariadb(?:\\+\\w+)?"
                    + "|mongodb|amqps?|mqtts?|nats|kafka|bolt|neo4j|clickhouse|smtps?|ldaps?|memcached|elasticsearch)://.*");
    /** Names that are this machine, or written for the reader to replace. */
    private static final Pattern NO_NEIGHBOUR =
            Pattern.compile("(?i)localhost|ip6-localhost|host|hostname|your.*|example.*|changeme|none|null|[0-9]+");

    private static final Pattern PORTLESS =
            Pattern.compile("(?:jdbc:)?([a-z][a-z0-9]*)(?:\\+\\w+)?://(?:[^@/\\s]*@)?" + NAME + "(?:[/?#].*)?");
    /** Where servers listen whose protocol or own name says what they are. */
    private static final Map<String, String> USUAL = Map.ofEntries(
            Map.entry("postgres", "5432"),
            Map.entry("postgresql", "5432"),
            Map.entry("ecto", "5432"),
            Map.entry("mysql", "3306"),
            Map.entry("mariadb", "3306"),
            Map.entry("redis", "6379"),
            Map.entry("amqp", "5672"),
            Map.entry("rabbitmq", "5672"),
            Map.entry("mongodb", "27017"),
            Map.entry("mongo", "27017"),
            Map.entry("mqtt", "1883"),
            Map.entry("mosquitto", "1883"),
            Map.entry("nats", "4222"),
            Map.entry("memcached", "11211"),
            Map.entry("elasticsearch", "9200"));

    private final ScannedTree tree;

    AskedNeighbours(ScannedTree tree) {
        this.tree = tree;
    }

    /** Adds what a service asks; of names that no service has, only those in variables count. */
    void add(ComposeFile file, ComposeFile.Service service, List<Upstream> into) {
        Set<String> names = new HashSet<>();
        for (ComposeFile.Service each : file.services()) {
            if (!each.name().equals(service.name())) {
                names.add(each.name());
                names.addAll(each.details().names());
            }
        }
        Map<String, String> environment = service.environment().known();
        new TreeSet<>(environment.keySet()).forEach(variable -> {
            String value = environment.get(variable);
            if (value != null && !NO_ADDRESS.matcher(variable).matches()) {
                addresses(service, names, variable, value, into);
                strangers(service, names, variable, value, environment, into);
                pair(service, names, variable, value, environment, into);
            }
            browser(service, variable, value, into);
        });
        ComposeFile.Build build = service.build();
        if (build != null) {
            new TreeMap<>(build.arguments()).forEach((variable, value) -> browser(service, variable, value, into));
            configured(service, build, names, into);
        }
        for (Invocation invocation : new Invocation[] {service.entrypoint(), service.command()}) {
            for (String word : invocation == null ? List.<String>of() : invocation.words()) {
                String value = word.startsWith("-") ? word.substring(word.indexOf('=') + 1) : word;
                addresses(service, names, "its command", value, into);
            }
        }
        for (ComposeFile.LedPort led : service.details().led()) {
            into.add(new Upstream(service.id(), service.name(), led.port(), false, led.file(), led.line(), led.text()));
        }
        String virtual = environment.get("VIRTUAL_PORT");
        if (virtual != null && virtual.matches("[0-9]{1,5}")) {
            into.add(new Upstream(
                    service.id(),
                    service.name(),
                    Integer.parseInt(virtual),
                    false,
                    service.file(),
                    service.line(),
                    "VIRTUAL_PORT=" + virtual));
        }
        mounted(service, names, into);
    }

    private static void addresses(
            ComposeFile.Service service, Set<String> names, String where, String value, List<Upstream> into) {
        for (String part : value.length() > LARGEST ? new String[0] : value.split(",")) {
            Matcher url = URL.matcher(part.strip());
            Matcher bare = ADDRESS.matcher(part.strip());
            Matcher found = url.matches()
                    ? url
                    : bare.matches() && Integer.parseInt(bare.group(2)) >= LOWEST_BARE ? bare : null;
            if (found != null && names.contains(found.group(1))) {
                String scheme =
                        found == url ? part.strip().substring(0, part.strip().indexOf("://") + 3) : "";
                into.add(new Upstream(
                        service.id(),
                        found.group(1),
                        Integer.parseInt(found.group(2)),
                        false,
                        service.file(),
                        service.line(),
                        where + " asks " + scheme + found.group(1) + ":" + found.group(2)));
            }
        }
    }

    /** What a page tells the browser to ask, which asks the host and not the network of the services. */
    private static void browser(
            ComposeFile.Service service, String variable, @Nullable String value, List<Upstream> into) {
        Matcher url = LOCAL_URL.matcher(value == null || value.length() > LONGEST ? "" : value.strip());
        if (BROWSERS.matcher(variable).matches() && url.matches()) {
            into.add(new Upstream(
                    service.id(),
                    "localhost",
                    Integer.parseInt(url.group(1)),
                    false,
                    service.file(),
                    service.line(),
                    variable + " asks localhost:" + url.group(1)));
        }
    }

    /** Servers of bundlers lead to neighbours by their own configuration, which is code. */
    private void configured(
            ComposeFile.Service service, ComposeFile.Build build, Set<String> names, List<Upstream> into) {
        String context =
                build.contextUnclear() == null ? ContainerPath.belowRoot(build.directory(), build.context()) : null;
        if (context == null) {
            return;
        }
        for (String name : BUNDLERS) {
            String file = context.isEmpty() ? name : context + "/" + name;
            if (!(tree.read(file, LARGEST) instanceof Content.Text(String text, String digest))) {
                continue;
            }
            String[] lines = text.split("\r\n|\n|\r", -1);
            for (int i = 0; i < lines.length && into.size() < MOST; i++) {
                Matcher url = WRITTEN_URL.matcher(lines[i].strip().startsWith("//") ? "" : lines[i]);
                while (url.find()) {
                    if (names.contains(url.group(1))) {
                        into.add(new Upstream(
                                service.id(),
                                url.group(1),
                                Integer.parseInt(url.group(2)),
                                false,
                                file,
                                i + 1,
                                url.group(1) + ":" + url.group(2)));
                    }
                }
            }
        }
    }

    /**
     * A name without a dot that no service has, in a URL of a protocol that servers speak or in a {@code _HOST} beside its {@code _PORT}.
     * With few other services beside it nothing says that one of them is meant.
     */
    private static void strangers(
            ComposeFile.Service service,
            Set<String> names,
            String variable,
            String value,
            Map<String, String> environment,
            List<Upstream> into) {
        if (names.isEmpty()
                || value.length() > LONGEST
                || ASKED_ELSEWHERE.matcher(variable).matches()) {
            return;
        }
        Matcher named = HOST_VARIABLE.matcher(variable);
        Matcher url = URL.matcher(value.strip());
        Matcher portless = PORTLESS.matcher(value.strip());
        String host = null;
        String port = null;
        if (SPOKEN.matcher(value.strip()).matches() && url.matches()) {
            host = url.group(1);
            port = url.group(2);
        } else if (portless.matches() && USUAL.containsKey(portless.group(1))) {
            host = portless.group(2);
            port = USUAL.get(portless.group(1));
        } else if (named.matches() && value.matches(NAME)) {
            host = value;
            port = environment.get(named.group(1) + (named.group(2).equals("host") ? "port" : "PORT"));
            port = port == null ? USUAL.get(host.toLowerCase(Locale.ROOT)) : port;
        }
        if (host != null
                && port != null
                && port.matches("[0-9]{1,5}")
                && host.matches("[A-Za-z].*")
                && !host.equals(service.name())
                && !service.details().names().contains(host)
                && !names.contains(host)
                && !NO_NEIGHBOUR.matcher(host).matches()) {
            String scheme = url.matches() || portless.matches()
                    ? value.strip().substring(0, value.strip().indexOf("://") + 3)
                    : "";
            into.add(new Upstream(
                    service.id(),
                    host,
                    Integer.parseInt(port),
                    false,
                    service.file(),
                    service.line(),
                    variable + " asks " + scheme + host + ":" + port));
        }
    }

    /** {@code DB_HOST: db} beside {@code DB_PORT: 5432}. */
    private static void pair(
            ComposeFile.Service service,
            Set<String> names,
            String variable,
            String host,
            Map<String, String> environment,
            List<Upstream> into) {
        Matcher named = HOST_VARIABLE.matcher(variable);
        String port = named.matches() && names.contains(host)
                ? environment.get(named.group(1) + (named.group(2).equals("host") ? "port" : "PORT"))
                : null;
        if (port != null && port.matches("[0-9]{1,5}")) {
            into.add(asks(service, host, port, variable));
        }
    }

    private static Upstream asks(ComposeFile.Service service, String host, String port, String where) {
        return new Upstream(
                service.id(),
                host,
                Integer.parseInt(port),
                false,
                service.file(),
                service.line(),
                where + " asks " + host + ":" + port);
    }

    private void mounted(ComposeFile.Service service, Set<String> names, List<Upstream> into) {
        List<String> files = new ArrayList<>();
        for (ComposeFile.Mount mount : service.mounts()) {
            String source = mount.source();
            String place =
                    source == null || !source.startsWith(".") || mount.target().startsWith("/etc/nginx")
                            ? null
                            : ContainerPath.belowRoot(mount.directory(), source);
            boolean file = place != null && tree.look(place) instanceof Place.Here here && here.regular();
            if (place != null
                    && !place.isEmpty()
                    && (file || CONFIGURED.matcher(mount.target()).matches())) {
                list(place, 0, files);
            }
        }
        for (String file : files) {
            if (tree.read(file, LARGEST) instanceof Content.Text(String text, String digest)) {
                read(service, names, file, text, into);
            }
        }
    }

    private void list(String place, int depth, List<String> into) {
        if (into.size() >= MOST_FILES || !(tree.look(place) instanceof Place.Here here)) {
            return;
        }
        if (here.regular()) {
            String name = place.substring(place.lastIndexOf('/') + 1);
            if (CONFIGURATION.matcher(name).matches() && !name.contains("compose")) {
                into.add(place);
            }
            return;
        }
        Set<String> below = new TreeSet<>();
        if (here.directory() && depth < DEEPEST) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(here.file())) {
                for (Path child : children) {
                    if (below.size() >= MOST_FILES) {
                        break;
                    }
                    below.add(child.getFileName().toString());
                }
            } catch (IOException | DirectoryIteratorException e) {
                // The walk that looks for declarations has told it.
                below.clear();
            }
        }
        below.forEach(name -> list(place + "/" + name, depth + 1, into));
    }

    private static void read(
            ComposeFile.Service service, Set<String> names, String file, String text, List<Upstream> into) {
        String[] lines = text.split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length && into.size() < MOST; i++) {
            apart(service, names, file, lines, i, into);
            Matcher written = WRITTEN.matcher(uncommented(lines[i]));
            while (written.find()) {
                int port = Integer.parseInt(written.group(2));
                boolean url = written.group().contains("://");
                if (names.contains(written.group(1)) && (url || port >= LOWEST_BARE)) {
                    into.add(new Upstream(
                            service.id(), written.group(1), port, false, file, i + 1, written.group(1) + ":" + port));
                }
            }
        }
    }

    /** {@code host: db} in the line above or below {@code port: 5432}. */
    private static void apart(
            ComposeFile.Service service, Set<String> names, String file, String[] lines, int at, List<Upstream> into) {
        Matcher host = HOST.matcher(uncommented(lines[at]));
        if (!host.matches() || !names.contains(host.group(1))) {
            return;
        }
        for (int near : new int[] {at + 1, at - 1}) {
            Matcher port = PORT.matcher(near < 0 || near >= lines.length ? "" : uncommented(lines[near]));
            if (port.matches()) {
                into.add(new Upstream(
                        service.id(),
                        host.group(1),
                        Integer.parseInt(port.group(1)),
                        false,
                        file,
                        near + 1,
                        lines[near].strip()));
                return;
            }
        }
    }

    private static String uncommented(@Nullable String line) {
        String text = line == null || line.length() > LARGEST ? "" : line;
        int hash = text.startsWith("#") || text.startsWith("//") || text.startsWith(";") ? 0 : text.indexOf(" #");
        return hash < 0 ? text : text.substring(0, hash);
    }
}
