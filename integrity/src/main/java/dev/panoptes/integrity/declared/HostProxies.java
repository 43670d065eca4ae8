package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.HostProxy.Asked;
import dev.panoptes.integrity.declared.HostProxy.Listen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the configuration of nginx that no container has: what asks ports of its own host (ngx_http_proxy_module,
 * ngx_http_upstream_module), and on which ports it listens (ngx_http_core_module).
 */
final class HostProxies {
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_FILES = 500;
    private static final int MOST = 500;
    private static final int NEAREST = 40;
    static final String HERE = "(?:localhost|127\\.0\\.0\\.1|\\[::1])";
    private static final Pattern ASKS = Pattern.compile("\\b(?:proxy_pass|grpc_pass)\\s+(?:https?|grpcs?)://" + HERE
            + ":(\\d{1,5})(?=[/;\\s?])|\\b(?:fastcgi_pass|uwsgi_pass|scgi_pass)\\s+" + HERE + ":(\\d{1,5})\\s*;");
    private static final Pattern MEMBER =
            Pattern.compile("(?:^|[;{])\\s*server\\s+" + HERE + ":(\\d{1,5})(?=[\\s;])([^;]*)");
    private static final Pattern UPSTREAM = Pattern.compile("(?:^|[;{}])\\s*upstream\\s+([\\w.-]+)\\s*\\{");
    private static final Pattern LOCATION = Pattern.compile("\\blocation\\s+(?:[=~^*]+\\s*)?\\^?/([\\w-]*)");
    private static final Pattern NAME = Pattern.compile("\\bserver_name\\s+([\\w-]+)\\.");
    private static final Pattern LISTENS = Pattern.compile(
            "(?:^|[;{])\\s*listen\\s+(?:([\\d.]+|\\[[0-9a-fA-F:]+]|\\*|localhost):)?(\\d{1,5})(?=[\\s;])");

    private HostProxies() {}

    static List<HostProxy> read(
            ScannedTree tree, List<DeclarationFiles.Found> configurations, ContainerFiles containers)
            throws InterruptedException {
        List<HostProxy> found = new ArrayList<>();
        for (DeclarationFiles.Found each : configurations) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading configurations of web servers");
            }
            if (found.size() >= MOST_FILES
                    || !(tree.read(each.targetPath(), LARGEST) instanceof Content.Text(String text, String digest))) {
                continue;
            }
            List<Asked> others = OtherProxies.asked(each.name(), text);
            HostProxy proxy =
                    others == null ? of(each.rootPath(), text) : new HostProxy(each.rootPath(), others, List.of());
            if (!proxy.asked().isEmpty() && !containers.holds(each.rootPath())) {
                found.add(proxy);
            }
        }
        return found;
    }

    private static HostProxy of(String file, String text) {
        List<Asked> asked = new ArrayList<>();
        List<Listen> listens = new ArrayList<>();
        String[] lines = Lines.of(text);
        String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\..*", "");
        String upstream = "";
        String location = "";
        String server = "";
        int since = 0;
        for (int i = 0; i < lines.length && asked.size() + listens.size() < MOST; i++) {
            String line = lines[i].indexOf('#') < 0 ? lines[i] : lines[i].substring(0, lines[i].indexOf('#'));
            upstream = last(UPSTREAM, line, upstream);
            server = last(NAME, line, line.matches("\\s*server\\s*\\{.*") ? "" : server);
            if (LOCATION.matcher(line).find()) {
                location = last(LOCATION, line, location);
                since = i;
            }
            Matcher member = MEMBER.matcher(line);
            while (member.find()) {
                if (!member.group(2).contains("backup") && !member.group(2).contains("down")) {
                    add(
                            asked,
                            member.group(1),
                            names(upstream),
                            i,
                            member.group().replaceFirst("^[;{]", "").strip());
                }
            }
            Matcher asks = ASKS.matcher(line);
            while (asks.find()) {
                Set<String> names = names(i - since < NEAREST ? location : "", server, name);
                add(
                        asked,
                        asks.group(1) == null ? asks.group(2) : asks.group(1),
                        names,
                        i,
                        asks.group().strip());
            }
            Matcher listen = LISTENS.matcher(line);
            while (listen.find()) {
                String address = listen.group(1) == null ? "" : listen.group(1).replaceAll("[\\[\\]]", "");
                listens.add(new Listen(
                        address.equals("*") ? "" : address,
                        Integer.parseInt(listen.group(2)),
                        i + 1,
                        listen.group().replaceFirst("^[;{]", "").strip()));
            }
        }
        return new HostProxy(file, asked, listens);
    }

    static void add(List<Asked> into, String port, Set<String> names, int line, String text) {
        into.add(new Asked(Integer.parseInt(port), names, line + 1, text));
    }

    /** What a place is called, as programs are: lower case, with dashes. */
    static Set<String> names(String... written) {
        Set<String> names = new HashSet<>();
        for (String each : written) {
            if (!each.isBlank()) {
                names.add(each.toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
        return names;
    }

    private static String last(Pattern pattern, String line, String before) {
        Matcher matcher = pattern.matcher(line);
        String found = before;
        while (matcher.find()) {
            found = matcher.group(1);
        }
        return found;
    }
}
