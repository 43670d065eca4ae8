package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
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
 * {@code _HOST} beside its {@code _PORT}), in its command, and in its configuration.
 */
final class AskedNeighbours {
    static final int LARGEST = 256 * 1024;
    /** Below it a number after a colon is rather the version of an image. */
    static final int LOWEST_BARE = 80;

    /** What a service may be called. */
    static final String NAME = "([A-Za-z0-9_-]+)";

    private static final Pattern URL =
            Pattern.compile("(?:jdbc:|r2dbc:|(?:optional:)?configserver:)?[a-z][a-z0-9+.-]*://(?:[^@/\\s]*@)?" + NAME
                    + ":(\\d{1,5})(?:[/?#;].*)?");
    private static final Pattern ADDRESS = Pattern.compile("(?:\\d+@)?" + NAME + ":(\\d{1,5})(?:/.*)?");
    private static final Pattern HOST_VARIABLE = Pattern.compile("(.+[_-])(HOST|HOSTNAME|host)");
    private static final int LONGEST = 2_000;
    private static final Pattern BROWSERS = Pattern.compile(
            "(NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|VUE_APP|GATSBY|STORYBOOK)_\\w*(URL|API|HOST|ENDPOINT|SERVER|BASE|WS)\\w*");
    private static final Pattern LOCAL_URL =
            Pattern.compile("(?:https?|wss?)://(?:localhost|127\\.0\\.0\\.1):(\\d{1,5})(?:[/?#].*)?");

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

    /** How the own container is named as an upstream. */
    static final String OWN = "127.0.0.1";

    private static final Pattern OWN_URL = Pattern.compile(
            "(?:jdbc:|r2dbc:)?(?:rediss?|valkeys?|ecto|postgres(?:ql)?(?:\\+\\w+)?|mysql(?:\\+\\w+)?|mariadb(?:\\+\\w+)?|mongodb|amqps?"
                    + "|mqtts?|nats|kafka|bolt|neo4j|clickhouse|smtps?|ldaps?|memcached)://(?:[^@/\\s]*@)?(?:localhost|127\\.0\\.0\\.1):(\\d{1,5})(?:[/?#;].*)?");

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

    private final ConfiguredNeighbours configured;

    AskedNeighbours(ScannedTree tree) {
        this.configured = new ConfiguredNeighbours(tree);
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
                own(service, variable, value, into);
            }
            browser(service, variable, value, into);
        });
        ComposeFile.Build build = service.build();
        if (build != null) {
            new TreeMap<>(build.arguments()).forEach((variable, value) -> browser(service, variable, value, into));
            configured.routed(service, build, names, into);
        }
        configured.bundled(service, names, into);
        for (Invocation invocation : new Invocation[] {service.entrypoint(), service.command()}) {
            for (String word : invocation == null ? List.<String>of() : invocation.words()) {
                String value = word.startsWith("-") ? word.substring(word.indexOf('=') + 1) : word;
                addresses(service, names, "its command", value, into);
            }
        }
        for (ComposeFile.LedPort led : service.details().led()) {
            into.add(Upstream.in(led.file(), led.line(), service, service.name(), led.port(), led.text()));
        }
        String virtual = environment.get("VIRTUAL_PORT");
        if (virtual != null && virtual.matches("[0-9]{1,5}")) {
            into.add(Upstream.of(service, service.name(), Integer.parseInt(virtual), "VIRTUAL_PORT=" + virtual));
        }
        configured.mounted(service, names, into);
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
                into.add(Upstream.of(
                        service,
                        found.group(1),
                        Integer.parseInt(found.group(2)),
                        where + " asks " + scheme + found.group(1) + ":" + found.group(2)));
            } else if (found == null) {
                portless(service, names, where, part.strip(), into);
            }
        }
    }

    /** A server that is asked on the loopback, which is the container's own; web addresses may be for browsers. */
    private static void own(ComposeFile.Service service, String variable, String value, List<Upstream> into) {
        Matcher url = OWN_URL.matcher(value.length() > LONGEST ? "" : value.strip());
        if (url.matches() && !ASKED_ELSEWHERE.matcher(variable).matches()) {
            into.add(Upstream.of(
                    service,
                    OWN,
                    Integer.parseInt(url.group(1)),
                    variable + " asks "
                            + value.strip().substring(0, value.strip().indexOf("://") + 3) + "localhost:"
                            + url.group(1)));
        }
    }

    /** A URL of a neighbour without a port, which asks the usual one of its protocol. */
    private static void portless(
            ComposeFile.Service service, Set<String> names, String where, String value, List<Upstream> into) {
        Matcher url = PORTLESS.matcher(value);
        if (!url.matches()
                || !names.contains(url.group(2))
                || value.contains("+srv:")
                || ASKED_ELSEWHERE.matcher(where).matches()
                || service.environment().known().containsKey("PGPORT")) {
            return;
        }
        String scheme = url.group(1);
        String port = scheme.equals("http") ? "80" : scheme.equals("https") ? "443" : USUAL.get(scheme);
        if (port != null) {
            into.add(Upstream.of(
                    service, url.group(2), Integer.parseInt(port), where + " asks " + scheme + "://" + url.group(2)));
        }
    }

    /** What a page tells the browser to ask, which asks the host and not the network of the services. */
    private static void browser(
            ComposeFile.Service service, String variable, @Nullable String value, List<Upstream> into) {
        Matcher url = LOCAL_URL.matcher(value == null || value.length() > LONGEST ? "" : value.strip());
        if (BROWSERS.matcher(variable).matches() && url.matches()) {
            into.add(Upstream.of(
                    service,
                    "localhost",
                    Integer.parseInt(url.group(1)),
                    variable + " asks localhost:" + url.group(1)));
        }
    }

    /**
     * A name without a dot that no service has, in a URL of a protocol that servers speak or in a {@code _HOST} beside its {@code _PORT}.
     * Of a file with one service nothing says where the other is.
     */
    private static void strangers(
            ComposeFile.Service service,
            Set<String> names,
            String variable,
            String value,
            Map<String, String> environment,
            List<Upstream> into) {
        if (value.length() > LONGEST || ASKED_ELSEWHERE.matcher(variable).matches()) {
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
            port = portBeside(named, environment);
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
            into.add(Upstream.of(
                    service, host, Integer.parseInt(port), variable + " asks " + scheme + host + ":" + port));
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
        String port = named.matches() && names.contains(host) ? portBeside(named, environment) : null;
        if (port != null && port.matches("[0-9]{1,5}")) {
            into.add(Upstream.of(service, host, Integer.parseInt(port), variable + " asks " + host + ":" + port));
        }
    }

    /** What the {@code _PORT} says beside a {@code _HOST}; null where there is none. */
    private static @Nullable String portBeside(Matcher named, Map<String, String> environment) {
        return environment.get(named.group(1) + (named.group(2).equals("host") ? "port" : "PORT"));
    }
}
