package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
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
    private static final String HERE = "(?:localhost|127\\.0\\.0\\.1|\\[::1])";
    private static final Pattern ASKS = Pattern.compile("\\b(?:proxy_pass|grpc_pass)\\s+(?:https?|grpcs?)://" + HERE
            + ":(\\d{1,5})(?=[/;\\s?])|\\b(?:fastcgi_pass|uwsgi_pass|scgi_pass)\\s+" + HERE + ":(\\d{1,5})\\s*;");
    private static final Pattern MEMBER =
            Pattern.compile("(?:^|[;{])\\s*server\\s+" + HERE + ":(\\d{1,5})(?=[\\s;])([^;]*)");
    private static final Pattern UPSTREAM = Pattern.compile("(?:^|[;{}])\\s*upstream\\s+([\\w.-]+)\\s*\\{");
    private static final Pattern LOCATION = Pattern.compile("\\blocation\\s+(?:[=~^*]+\\s*)?\\^?/([\\w-]*)");
    private static final Pattern NAME = Pattern.compile("\\bserver_name\\s+([\\w-]+)\\.");
    private static final Pattern LISTENS = Pattern.compile(
            "(?:^|[;{])\\s*listen\\s+(?:([\\d.]+|\\[[0-9a-fA-F:]+]|\\*|localhost):)?(\\d{1,5})(?=[\\s;])");

    private final ScannedTree tree;
    private final List<ComposeFile> composeFiles;
    private final List<String> dockerfiles;

    private HostProxies(ScannedTree tree, List<ComposeFile> composeFiles, List<String> dockerfiles) {
        this.tree = tree;
        this.composeFiles = composeFiles;
        this.dockerfiles = dockerfiles;
    }

    static List<HostProxy> read(
            ScannedTree tree,
            List<DeclarationFiles.Found> configurations,
            List<ComposeFile> composeFiles,
            List<Dockerfile> dockerfiles)
            throws InterruptedException {
        List<String> texts = new ArrayList<>();
        List<HostProxy> found = new ArrayList<>();
        for (DeclarationFiles.Found each : configurations) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading configurations of web servers");
            }
            if (found.size() >= MOST_FILES
                    || !(tree.read(each.targetPath(), LARGEST) instanceof Content.Text(String text, String digest))
                    || !(text.contains("127.0.0.1") || text.contains("localhost") || text.contains("[::1]"))) {
                continue;
            }
            if (texts.isEmpty()) {
                for (Dockerfile dockerfile : dockerfiles) {
                    texts.add(
                            tree.read(dockerfile.rootPath(), LARGEST) instanceof Content.Text(String copies, String d)
                                    ? copies
                                    : "");
                }
            }
            HostProxies reader = new HostProxies(tree, composeFiles, texts);
            HostProxy proxy = reader.isInContainer(each.rootPath()) ? null : of(each.rootPath(), text);
            if (proxy != null && !proxy.asked().isEmpty()) {
                found.add(proxy);
            }
        }
        return found;
    }

    /** True where a service mounts it or an image may copy it: there the loopback is the container's. */
    private boolean isInContainer(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        String folder = HostProcessReader.folder(file);
        String last = folder.substring(folder.lastIndexOf('/') + 1);
        for (String dockerfile : dockerfiles) {
            if (dockerfile.contains(name)
                    || (!last.isEmpty() && dockerfile.contains(last + "/") && dockerfile.contains("/etc/nginx"))) {
                return true;
            }
        }
        for (ComposeFile compose : composeFiles) {
            for (ComposeFile.Service service : compose.services()) {
                for (ComposeFile.Mount mount : service.mounts()) {
                    String place = mount.sourceInTree();
                    if (place != null
                            && !place.isEmpty()
                            && (place.equals(file) || ContainerPath.below("/" + place, "/" + file) != null)) {
                        return true;
                    }
                }
            }
            if (compose.directory().equals(folder)
                    && tree.read(compose.rootPath(), LARGEST) instanceof Content.Text(String text, String digest)
                    && text.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static HostProxy of(String file, String text) {
        List<Asked> asked = new ArrayList<>();
        List<Listen> listens = new ArrayList<>();
        String[] lines = text.split("\r\n|\n|\r", -1);
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

    private static void add(List<Asked> into, String port, Set<String> names, int line, String text) {
        into.add(new Asked(Integer.parseInt(port), names, line + 1, text));
    }

    private static Set<String> names(String... written) {
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
