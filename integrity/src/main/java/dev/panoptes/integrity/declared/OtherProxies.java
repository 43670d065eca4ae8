package dev.panoptes.integrity.declared;

import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.HostProxy.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which ports of their own host Caddy ({@code reverse_proxy}), HAProxy ({@code server}) and Apache ({@code ProxyPass},
 * {@code BalancerMember}) ask, as their documentation says.
 */
final class OtherProxies {
    private static final int MOST = 500;
    private static final Pattern CADDY_CALLED = Pattern.compile("caddyfile(\\.[\\w-]+)?|.*\\.caddy(file)?");
    private static final Pattern HAPROXY_CALLED = Pattern.compile("haproxy[\\w.-]*\\.cfg");

    private static final Pattern CADDY_ASKS =
            Pattern.compile("^\\s*(?:reverse_proxy|php_fastcgi|forward_auth|to)\\s+([^#{]{1,2000})");
    private static final Pattern CADDY_UPSTREAM =
            Pattern.compile("(?<!\\S)(?:https?://|h2c://)?(?:" + HostProxies.HERE + ")?:(\\d{1,5})(?=[/\\s]|$)");
    private static final Pattern CADDY_PATH =
            Pattern.compile("^(?:handle|handle_path|route|reverse_proxy)\\s+/([\\w-]+)");
    private static final Pattern CADDY_SITE =
            Pattern.compile("^(?:https?://)?([\\w-]+)\\.[\\w.-]+(?::\\d+)?\\s*[,{].*");

    private static final Pattern HAPROXY_SERVER =
            Pattern.compile("^\\s*server\\s+([\\w.-]+)\\s+" + HostProxies.HERE + ":(\\d{1,5})(?=\\s|$)");
    private static final Pattern HAPROXY_SECTION = Pattern.compile("^(?:backend|listen)\\s+([\\w.-]+).*");

    private static final Pattern APACHE_ASKS = Pattern.compile(
            "(?i)^\\s*(?:ProxyPass|ProxyPassMatch|BalancerMember)\\s+(?:\"?\\^?/?([\\w-]*)[^\\s]*\\s+)?\"?(?:https?|h2c?|wss?|ajp|fcgi|scgi|uwsgi)://"
                    + HostProxies.HERE + ":(\\d{1,5})(?=[/\"\\s]|$)");
    private static final Pattern APACHE_NAME = Pattern.compile("(?i)^\\s*ServerName\\s+([\\w-]+)\\..*");
    private static final Pattern APACHE = Pattern.compile("(?im)^[ \\t]*(ProxyPass|ProxyPassMatch|BalancerMember)\\s");

    private OtherProxies() {}

    /** Null for a file that is of none of them. */
    static @Nullable List<Asked> asked(String fileName, String text) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        String[] lines = Lines.of(text);
        if (CADDY_CALLED.matcher(lower).matches()) {
            return caddy(lines);
        }
        if (HAPROXY_CALLED.matcher(lower).matches()) {
            return read(lines, HAPROXY_SECTION, HAPROXY_SERVER);
        }
        return APACHE.matcher(text).find() ? read(lines, APACHE_NAME, APACHE_ASKS) : null;
    }

    private static List<Asked> caddy(String[] lines) {
        List<Asked> asked = new ArrayList<>();
        String site = "";
        String path = "";
        for (int i = 0; i < lines.length && asked.size() < MOST; i++) {
            Matcher named = CADDY_SITE.matcher(lines[i]);
            if (named.matches()) {
                site = named.group(1);
                path = "";
            }
            String line = lines[i].strip();
            Matcher below = CADDY_PATH.matcher(line);
            String here = below.find() ? below.group(1) : "";
            if (line.startsWith("handle") || line.startsWith("route") || line.equals("}")) {
                path = here;
            }
            Matcher asks = CADDY_ASKS.matcher(lines[i]);
            Matcher upstream = CADDY_UPSTREAM.matcher(asks.find() ? asks.group(1) : "");
            while (upstream.find()) {
                HostProxies.add(
                        asked,
                        upstream.group(1),
                        HostProxies.names(here.isEmpty() ? path.isEmpty() ? site : path : here),
                        i,
                        line);
            }
        }
        return asked;
    }

    /** @param section its one group is what the place is called; @param asks a name or path, and the port */
    private static List<Asked> read(String[] lines, Pattern section, Pattern asks) {
        List<Asked> asked = new ArrayList<>();
        String place = "";
        for (int i = 0; i < lines.length && asked.size() < MOST; i++) {
            Matcher named = section.matcher(lines[i]);
            place = named.matches() ? named.group(1) : place;
            Matcher found = asks.matcher(lines[i]);
            if (found.find()) {
                String name = found.group(1) == null ? "" : found.group(1);
                // Of Apache the path says more than the host; of HAProxy the server may only be numbered.
                String where = asks == APACHE_ASKS && !name.isEmpty() ? "" : place;
                HostProxies.add(
                        asked,
                        found.group(2),
                        HostProxies.names(name, where),
                        i,
                        found.group().strip());
            }
        }
        return asked;
    }
}
