package dev.panoptes.cli.client;

import dev.panoptes.cli.shell.UsageException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a server is.
 *
 * @param base scheme, host, port, and the path that a proxy puts before the server's own; without a slash at its end
 */
public record ServerUrl(URI base) {
    /** @throws UsageException where it is none, or would show or send more than it should */
    public static ServerUrl of(String text) throws UsageException {
        try {
            return of(new URI(text));
        } catch (URISyntaxException e) {
            throw refused(text);
        }
    }

    public static ServerUrl of(URI given) throws UsageException {
        String scheme = String.valueOf(given.getScheme()).toLowerCase(Locale.ROOT);
        if (given.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw refused(given.toString());
        }
        if (given.getRawUserInfo() != null) {
            throw new UsageException(
                    "the URL of the server must not hold a name or a password",
                    "Every user of this machine could read it; give a token by --token-file");
        }
        if (given.getRawQuery() != null || given.getRawFragment() != null) {
            throw refused(given.toString());
        }
        String path = given.getRawPath();
        String port = given.getPort() < 0 ? "" : ":" + given.getPort();
        return new ServerUrl(URI.create(scheme + "://" + given.getHost() + port + path.replaceAll("/+$", "")));
    }

    private static UsageException refused(String text) {
        return new UsageException("no URL of a server: " + Line.of(text), "For example: https://panoptes.example:8022");
    }

    /** @param path begins with a slash; may hold a query */
    URI at(String path) {
        return URI.create(base + path);
    }

    public boolean encrypted() {
        return "https".equals(base.getScheme());
    }

    /** True for a loopback address and for {@code localhost}. No other name is: what it stands for may change at any time. */
    public boolean loopback() {
        String host = base.getHost();
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
