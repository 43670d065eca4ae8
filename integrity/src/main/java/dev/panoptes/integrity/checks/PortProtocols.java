package dev.panoptes.integrity.checks;

import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What servers speak that listen on several ports, from their documentation: another protocol is not understood there. */
final class PortProtocols {
    /** @param image what the image's name holds; @param schemes what is not spoken there; @param is what the port is */
    private record Rule(String image, List<Integer> ports, Pattern schemes, String is) {}

    private static final Pattern WEB = Pattern.compile("https?");
    private static final List<Rule> RULES = List.of(
            new Rule(
                    "rabbitmq",
                    List.of(15672, 15671),
                    Pattern.compile("amqps?"),
                    "that of its management, which speaks HTTP"),
            new Rule("rabbitmq", List.of(5672, 5671), WEB, "that of AMQP"),
            new Rule("clickhouse", List.of(9000, 9440), WEB, "that of its native protocol"),
            new Rule("emqx", List.of(18083, 8083, 8084), Pattern.compile("mqtts?"), "one that speaks HTTP"),
            new Rule("nats", List.of(8222), Pattern.compile("nats|tls"), "that of its monitoring, which speaks HTTP"),
            new Rule("nats", List.of(6222), Pattern.compile("nats|tls"), "that between its servers"),
            new Rule("nats", List.of(4222), WEB, "that of its clients, which do not speak HTTP"),
            new Rule("qdrant", List.of(6335), WEB, "that between its nodes"),
            new Rule("neo4j", List.of(7474, 7473), Pattern.compile("(bolt|neo4j)(\\+s+c?)?"), "one that speaks HTTP"),
            new Rule("neo4j", List.of(7687), WEB, "that of Bolt"),
            new Rule("elasticsearch", List.of(9300), WEB, "that between its nodes"),
            new Rule("opensearch", List.of(9300), WEB, "that between its nodes"),
            new Rule("mailpit", List.of(8025), Pattern.compile("smtps?"), "that of its pages"),
            new Rule("mailhog", List.of(8025), Pattern.compile("smtps?"), "that of its pages"),
            new Rule("consul", List.of(8300, 8301, 8302), WEB, "that between its agents"));

    /** Of NATS and Qdrant, between their servers. */
    private static final List<Integer> PEERS = List.of(6222, 6335);

    /** What names the other servers of a cluster, and what a server's own command asks. */
    private static final Pattern BETWEEN =
            Pattern.compile("(?i)\\S*(?:route|cluster|peer|seed|gateway|leaf|bootstrap|command)\\S* asks .*");

    private static final Pattern SCHEME = Pattern.compile(".* asks (?:jdbc:)?([a-z][a-z0-9+]*)://.*");
    /** A variable that is called like the protocol and holds the host, with its port in one beside it. */
    private static final Pattern HOST = Pattern.compile(
            "(?i)(?:\\w*_)?(?:(amqp|smtp|mqtt)|mail|mailer|email)_?(?:host|hostname|server|addr|address) asks [^:/]+:\\d+");

    private static final Pattern OBJECTS = Pattern.compile("(?i)(?:\\w*_)?(s3|aws|minio)(_\\w*)? asks .*");
    private static final Pattern PAGES = Pattern.compile("(?i)\\w*(console|browser|dashboard|ui|redirect)\\w* asks .*");
    private static final Pattern CONSOLE = Pattern.compile("--console-address[= ][\"']?[\\w.]*:(\\d{2,5})");

    private PortProtocols() {}

    /** What leaves open whether a client is understood on the port, where both sorts write one address: a clause; null where nothing does. */
    static @Nullable String doubt(ComposeFile.Service target, Upstream upstream) {
        return target.image() != null
                        && target.build() == null
                        && target.image().toLowerCase(Locale.ROOT).contains("qdrant")
                        && upstream.port() == 6334
                        && WEB.matcher(String.valueOf(protocol(upstream.text())))
                                .matches()
                ? "6334 is the port of gRPC, and clients in Python and JavaScript speak HTTP unless they are told otherwise"
                : null;
    }

    /** What the address says that is spoken there, else the variable of the host; null where neither does. */
    private static @Nullable String protocol(String text) {
        Matcher scheme = SCHEME.matcher(text);
        Matcher host = HOST.matcher(text);
        return scheme.matches()
                ? scheme.group(1)
                : !host.matches()
                        ? null
                        : host.group(1) == null ? "smtp" : host.group(1).toLowerCase(Locale.ROOT);
    }

    /** What the port of a server is, where it does not speak this protocol; null where nothing speaks against it. */
    static @Nullable String otherThan(ComposeFile.Service server, int port, String scheme) {
        String image = image(server);
        return RULES.stream()
                .filter(rule -> image.contains(rule.image())
                        && !image.contains("exporter")
                        && rule.ports().contains(port)
                        && rule.schemes().matcher(scheme).matches())
                .findFirst()
                .map(Rule::is)
                .orElse(null);
    }

    private static String image(ComposeFile.Service server) {
        return server.image() == null || server.build() != null
                ? ""
                : server.image().toLowerCase(Locale.ROOT);
    }

    /** What the asked port is, where it is not that of the address's protocol; null where nothing speaks against it. */
    static @Nullable String otherThan(ComposeFile.Service asking, ComposeFile.Service target, Upstream upstream) {
        String image = image(target);
        String scheme = protocol(upstream.text());
        // Servers of one kind ask each other where clients do not.
        boolean peers = PEERS.contains(upstream.port())
                && (BETWEEN.matcher(upstream.text()).matches() || image.equals(image(asking)));
        String spoken = scheme == null || peers ? null : otherThan(target, upstream.port(), scheme);
        if (spoken != null) {
            return spoken;
        }
        // Targets of Prometheus are written without a protocol, which is HTTP.
        if (image.contains("alertmanager")
                && upstream.port() == 9094
                && upstream.file().toLowerCase(Locale.ROOT).matches("(.*[/.-])?prom(etheus)?[\\w.-]*\\.ya?ml")) {
            return "that between its own instances; its API has 9093";
        }
        boolean objects = image.contains("minio")
                && OBJECTS.matcher(upstream.text()).matches()
                && !PAGES.matcher(upstream.text()).matches();
        Matcher console = CONSOLE.matcher(
                target.command() == null
                        ? ""
                        : String.join(" ", target.command().words()));
        return objects && console.find() && Integer.parseInt(console.group(1)) == upstream.port()
                ? "that of its console"
                : null;
    }
}
