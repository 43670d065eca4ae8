package dev.panoptes.core.registry;

import dev.panoptes.core.AddressText;
import dev.panoptes.core.yaml.Located;
import dev.panoptes.core.yaml.Problems;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code connection.url} (RFC 3986) and decides which host an agent belongs to. Resolves no name. */
final class Endpoints {
    /** What agents are reached by, and the port that each means where none is written; 0 where it means none. */
    private static final Map<String, Integer> SCHEMES = Map.ofEntries(
            Map.entry("http", 80),
            Map.entry("https", 443),
            Map.entry("ws", 80),
            Map.entry("wss", 443),
            Map.entry("grpc", 0),
            Map.entry("grpcs", 443),
            Map.entry("tcp", 0),
            Map.entry("tls", 0),
            Map.entry("nats", 4222),
            Map.entry("mqtt", 1883),
            Map.entry("mqtts", 8883),
            Map.entry("amqp", 5672),
            Map.entry("amqps", 5671),
            Map.entry("redis", 6379),
            Map.entry("rediss", 6379));

    /** RFC 3986 section 3.2.2: what a registered name may hold. */
    private static final Pattern NAME =
            Pattern.compile("(?:[\\p{L}\\p{N}._~!$&'()*+,;=-]|%[0-9a-f]{2}){1,253}", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_NAME = 253;
    private static final Pattern PORT = Pattern.compile("\\d{1,9}");

    private final Map<String, DeclaredHost> hosts;

    /** @param hosts those that the registry declares, by name */
    Endpoints(Map<String, DeclaredHost> hosts) {
        this.hosts = hosts;
    }

    /** The parts of an agent's URL; null where it has none. */
    static @Nullable UrlText url(DeclaredAgent agent) {
        Connection connection = agent.connection();
        Located<String> url = connection == null ? null : connection.url();
        return url == null ? null : UrlText.of(url.value());
    }

    /** @param url {@link #url} of the agent */
    DeclaredEndpoint of(DeclaredAgent agent, @Nullable UrlText url) {
        if (agent.portless()) {
            return new DeclaredEndpoint.None();
        }
        if (url == null && agent.unread() != null) {
            return new DeclaredEndpoint.Unresolved(
                    "its entry stands behind " + agent.unread() + ", which is not followed");
        }
        if (url == null) {
            return new DeclaredEndpoint.Absent();
        }
        if (url.isUnresolved()) {
            return new DeclaredEndpoint.Unresolved("the URL holds a placeholder where its host or port would stand");
        }
        String scheme = url.scheme();
        if (scheme == null || url.authority() == null) {
            return new DeclaredEndpoint.Invalid("the URL has no scheme and host, such as http://host:port");
        }
        Integer standard = SCHEMES.get(scheme);
        if (standard == null) {
            return new DeclaredEndpoint.Invalid(
                    "nothing can be reached by the scheme " + Problems.quote(scheme) + "; http and https are usual");
        }
        String host = url.host();
        if (host.isEmpty()) {
            return new DeclaredEndpoint.Invalid("the URL has no host");
        }
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            return new DeclaredEndpoint.Invalid("the URL's host holds a colon; an IPv6 address stands in brackets");
        }
        if (host.startsWith("[") ? address(host).isEmpty() : !isName(host)) {
            return new DeclaredEndpoint.Invalid("the URL's host is neither a name nor an address");
        }
        String port = url.portPart();
        if (!port.isEmpty() && !port.startsWith(":")) {
            return new DeclaredEndpoint.Invalid("the URL has text between its host and its port");
        }
        return at(agent, url, port.isEmpty() ? "" : port.substring(1), standard);
    }

    private static boolean isName(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
                return NAME.matcher(host).matches();
            }
        }
        return !host.isEmpty() && host.length() <= LONGEST_NAME;
    }

    private DeclaredEndpoint at(DeclaredAgent agent, UrlText url, String port, int standard) {
        int number = standard;
        if (!port.isEmpty()) {
            if (!PORT.matcher(port).matches()) {
                return new DeclaredEndpoint.InvalidPort("the URL's port is not a number");
            }
            number = Integer.parseInt(port);
            if (number < 1 || number > 65_535) {
                return new DeclaredEndpoint.InvalidPort("the URL's port " + number + " is not within 1 to 65535");
            }
        }
        if (number == 0) {
            return new DeclaredEndpoint.InvalidPort("the URL has no port, and its scheme means none");
        }
        String host = url.host();
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String path = url.path();
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        Connection connection = agent.connection();
        String written = Objects.requireNonNullElse(url.scheme(), "");
        String scheme = connection == null || connection.protocol().isAsked()
                ? asked(written, connection)
                : connection.protocol().word();
        return new DeclaredEndpoint.At(hostOf(agent, url), scheme, address, number, path);
    }

    /** gRPC is asked over HTTP, whatever its URL calls it. */
    private static String asked(String scheme, @Nullable Connection connection) {
        return connection == null || connection.protocol() != Protocol.GRPC
                ? scheme
                : scheme.equals("https") || scheme.equals("grpcs") ? "https" : "http";
    }

    /** @param url {@link #url} of the agent */
    String hostOf(DeclaredAgent agent, @Nullable UrlText url) {
        if (agent.host() != null) {
            return known(agent.host()).orElse(agent.host());
        }
        String host = url == null ? "" : withoutRoot(url.host());
        if (host.isEmpty() || host.indexOf(UrlText.PLACEHOLDER) >= 0) {
            return DeclaredHost.LOCAL;
        }
        return known(host)
                .orElseGet(() -> address(host)
                        .map(literal -> AddressText.of(literal.getAddress()))
                        .orElse(host.contains(".") ? host : DeclaredHost.LOCAL));
    }

    /** @param host {@link #hostOf} of the agent */
    List<String> hostsOf(DeclaredAgent agent, String host) {
        Placement placement = agent.placement();
        List<String> placed = new ArrayList<>();
        if (agent.host() == null) {
            for (String named : placement.hosts()) {
                placed.add(known(named).orElse(named));
            }
            if (placed.isEmpty() && !placement.selector().isEmpty()) {
                hosts.values().stream()
                        .filter(one -> one.labels()
                                .entrySet()
                                .containsAll(placement.selector().entrySet()))
                        .map(DeclaredHost::name)
                        .sorted()
                        .forEach(placed::add);
            }
        }
        return placed.isEmpty() ? List.of(host) : placed.stream().distinct().toList();
    }

    /** The declared host of this name or address, or the host being scanned where the name means it. */
    Optional<String> known(String written) {
        String name = withoutRoot(written);
        InetAddress ip = address(name).orElse(null);
        if (isLocal(name, ip)) {
            return Optional.of(DeclaredHost.LOCAL);
        }
        if (hosts.containsKey(name)) {
            return Optional.of(name);
        }
        for (DeclaredHost host : hosts.values()) {
            String address = host.address();
            boolean sameAddress = address != null && (address.equalsIgnoreCase(name) || isSameIpv6(ip, address));
            if (sameAddress || host.name().equalsIgnoreCase(name)) {
                return Optional.of(host.name());
            }
        }
        return Optional.empty();
    }

    private static boolean isSameIpv6(@Nullable InetAddress ip, String address) {
        return ip instanceof Inet6Address
                && address.indexOf(':') >= 0
                && address(address).filter(ip::equals).isPresent();
    }

    /** True for the literal of an IP address, which names a machine without a declaration of it. */
    static boolean isAddress(String written) {
        return address(written).isPresent();
    }

    static boolean isLoopback(String written) {
        String name = withoutRoot(written);
        if (isIpv4(name)) {
            return name.startsWith("127.");
        }
        return isLoopbackName(name)
                || address(name).filter(InetAddress::isLoopbackAddress).isPresent();
    }

    private static boolean isLoopbackName(String name) {
        return name.equalsIgnoreCase("localhost")
                || name.toLowerCase(Locale.ROOT).endsWith(".localhost");
    }

    /** Four numbers of at most 255 without a zero before them, with dots between. */
    private static boolean isIpv4(String text) {
        int dots = 0;
        int number = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && number != 0) {
                number = Math.max(number, 0) * 10 + c - '0';
            } else if (c == '.' && number >= 0) {
                dots++;
                number = -1;
            } else {
                return false;
            }
            if (number > 255 || dots > 3) {
                return false;
            }
        }
        return dots == 3 && number >= 0;
    }

    /** Loopback, the unspecified address, {@code local}, and the names that RFC 6761 keeps for loopback. */
    private static boolean isLocal(String name, @Nullable InetAddress ip) {
        return (ip != null && (ip.isLoopbackAddress() || ip.isAnyLocalAddress()))
                || name.equalsIgnoreCase(DeclaredHost.LOCAL)
                || isLoopbackName(name);
    }

    /**
     * The address that this text is the literal of: IPv4, or IPv6 with or without brackets; a zone ({@code %25eth0}) is left
     * out. Asks no resolver.
     */
    private static Optional<InetAddress> address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean ipv4 = !bracketed && isIpv4(literal);
        boolean ipv6 = literal.indexOf(':') != literal.lastIndexOf(':');
        if (!ipv4 && !ipv6) {
            return Optional.empty();
        }
        try {
            int zone = literal.indexOf('%');
            return Optional.of(InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A name without the dot that stands for the root of the name tree. */
    private static String withoutRoot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
