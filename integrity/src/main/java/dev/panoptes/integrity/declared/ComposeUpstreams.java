package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which neighbours the services of a project ask: by the configuration of nginx that a service mounts or is built with
 * (ngx_http_proxy_module, ngx_http_upstream_module), and as {@link AskedNeighbours} says.
 */
final class ComposeUpstreams {
    private static final int LARGEST = 256 * 1024;
    private static final int MOST = 500;
    private static final Pattern NAMED =
            Pattern.compile("^\\s*upstream\\s+([\\w.-]+)\\s*\\{|[;{}]\\s*upstream\\s+([\\w.-]+)\\s*\\{");
    private static final Pattern PASSED = Pattern.compile(
            "\\b(?:proxy_pass|grpc_pass)\\s+(https?|grpcs?)://([A-Za-z0-9_-]+)(?::(\\d{1,5}))?(?=[/;\\s?])"
                    + "|\\b(fastcgi_pass|uwsgi_pass|scgi_pass)\\s+([A-Za-z0-9_-]+):(\\d{1,5})\\s*;"
                    + "|(?:^|[;{])\\s*(server)\\s+([A-Za-z0-9_-]+):(\\d{1,5})(?=[\\s;])");

    /** nginx looks such a name up when it is asked, and starts without it. */
    private static final Pattern VARIABLE = Pattern.compile(
            "\\bset\\s+\\$\\w+\\s+[\"']?(?:(?:https?|grpcs?)://)?([A-Za-z][A-Za-z0-9_-]*):(\\d{2,5})(?=[/;\\s\"'])");

    private static final Pattern LOCAL =
            Pattern.compile("\\b(?:proxy_pass|grpc_pass)\\s+(?:https?|grpcs?)://127\\.0\\.0\\.1:(\\d{1,5})(?=[/;\\s?])"
                    + "|(?:^|[;{])\\s*server\\s+127\\.0\\.0\\.1:(\\d{1,5})(?=[\\s;])");

    private final ScannedTree tree;
    private final List<DeclarationFiles.Found> configurations;

    private ComposeUpstreams(ScannedTree tree, List<DeclarationFiles.Found> configurations) {
        this.tree = tree;
        this.configurations = configurations;
    }

    /** The same files, each with what its services ask. */
    static List<ComposeFile> with(
            List<ComposeFile> files, ScannedTree tree, List<DeclarationFiles.Found> configurations)
            throws InterruptedException {
        ComposeUpstreams upstreams = new ComposeUpstreams(tree, configurations);
        AskedNeighbours neighbours = new AskedNeighbours(tree);
        List<ComposeFile> result = new ArrayList<>();
        for (ComposeFile file : files) {
            List<Upstream> found = new ArrayList<>();
            for (ComposeFile.Service service : file.services()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while reading what services ask");
                }
                if (!service.hostNetwork() && found.size() < MOST) {
                    neighbours.add(file, service, found);
                    upstreams.mounted(service, found);
                    upstreams.built(service, found);
                }
            }
            result.add(found.isEmpty() ? file : file.asking(found.subList(0, Math.min(found.size(), MOST))));
        }
        return result;
    }

    private void mounted(ComposeFile.Service service, List<Upstream> into) {
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.target().startsWith("/etc/nginx") ? mount.sourceInTree() : null;
            if (place == null) {
                continue;
            }
            for (DeclarationFiles.Found each : configurations) {
                boolean seen = each.rootPath().equals(place)
                        || ContainerPath.below("/" + place, "/" + each.rootPath()) != null;
                if (seen && tree.read(each.targetPath(), LARGEST) instanceof Content.Text(String text, String digest)) {
                    read(service, each.rootPath(), text, into);
                }
            }
        }
    }

    /** A configuration that the Dockerfile of the service copies to where nginx looks for it. */
    private void built(ComposeFile.Service service, List<Upstream> into) {
        ComposeFile.Build build = service.build();
        String context = build == null ? null : build.contextInTree();
        if (build == null
                || context == null
                || !(tree.read(
                                (context.isEmpty() ? "" : context + "/")
                                        + (build.dockerfile() == null ? "Dockerfile" : build.dockerfile()),
                                LARGEST)
                        instanceof Content.Text(String dockerfile, String digest))
                || !dockerfile.contains("/etc/nginx")) {
            return;
        }
        for (DeclarationFiles.Found each : configurations) {
            String below =
                    context.isEmpty() ? each.rootPath() : ContainerPath.below("/" + context, "/" + each.rootPath());
            Pattern copied =
                    Pattern.compile("(?m)^[ \\t]*(?i:copy|add)\\s[^\n]*\\Q" + below + "\\E\\s[^\n]*/etc/nginx");
            if (below != null
                    && copied.matcher(dockerfile).find()
                    && tree.read(each.targetPath(), LARGEST) instanceof Content.Text(String text, String unused)) {
                read(service, each.rootPath(), text, into);
            }
        }
    }

    private static void read(ComposeFile.Service service, String file, String text, List<Upstream> into) {
        String[] lines = Lines.of(text);
        Set<String> groups = new HashSet<>();
        for (String line : lines) {
            Matcher named = NAMED.matcher(uncommented(line));
            while (named.find()) {
                groups.add(named.group(1) == null ? named.group(2) : named.group(1));
            }
        }
        for (int i = 0; i < lines.length && into.size() < MOST; i++) {
            Matcher local = LOCAL.matcher(uncommented(lines[i]));
            while (local.find()) {
                inside(
                        service,
                        file,
                        i + 1,
                        Integer.parseInt(first(local, 1, 2)),
                        local.group().strip(),
                        into);
            }
            Matcher variable = VARIABLE.matcher(uncommented(lines[i]));
            while (variable.find()) {
                if (!variable.group(1).equals("localhost")) {
                    into.add(Upstream.in(
                            file,
                            i + 1,
                            service,
                            variable.group(1),
                            Integer.parseInt(variable.group(2)),
                            variable.group().strip()));
                }
            }
            Matcher passed = PASSED.matcher(uncommented(lines[i]));
            while (passed.find()) {
                String host = first(passed, 2, 5, 8);
                String port = first(passed, 3, 6, 9);
                boolean group = passed.group(2) != null && groups.contains(host) && port.isEmpty();
                int number = port.isEmpty() ? passed.group(1).endsWith("s") ? 443 : 80 : Integer.parseInt(port);
                if (!group && host.toLowerCase(Locale.ROOT).equals("localhost") && !port.isEmpty()) {
                    inside(service, file, i + 1, number, passed.group().strip(), into);
                } else if (!group && !host.toLowerCase(Locale.ROOT).equals("localhost") && !host.matches("\\d+")) {
                    into.add(new Upstream(
                            service.id(),
                            host,
                            number,
                            true,
                            file,
                            i + 1,
                            passed.group().strip()));
                }
            }
        }
    }

    /** What nginx asks of its own container. */
    private static void inside(
            ComposeFile.Service service, String file, int line, int port, String text, List<Upstream> into) {
        if (service.networkOf() == null) {
            into.add(Upstream.in(file, line, service, service.name(), port, text));
        }
    }

    private static String first(Matcher matcher, int... groups) {
        for (int group : groups) {
            if (matcher.group(group) != null) {
                return matcher.group(group);
            }
        }
        return "";
    }

    private static String uncommented(String line) {
        int hash = line.indexOf('#');
        return hash < 0 ? line : line.substring(0, hash);
    }
}
