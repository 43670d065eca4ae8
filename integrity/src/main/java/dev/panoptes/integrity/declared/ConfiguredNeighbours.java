package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which services of its own project a service names with a port in files: in the configuration that it mounts (targets of Prometheus,
 * data sources of Grafana, servers of HAProxy and the like), and in that of its bundler.
 */
final class ConfiguredNeighbours {
    private static final int MOST_FILES = 60;
    private static final int MOST = 400;
    private static final int DEEPEST = 3;

    private static final Pattern WRITTEN =
            Pattern.compile("(?<![\\w.@$/{:-])(?:[a-z][a-z0-9+.-]*://(?:[^@/\\s\"']*@)?)?" + AskedNeighbours.NAME
                    + ":(\\d{2,5})(?![\\w.:-])");
    private static final Pattern CONFIGURATION =
            Pattern.compile("(?i).*\\.(ya?ml|toml|json|conf|cfg|ini|properties|river|alloy|hcl|vcl)|Caddyfile");
    private static final Pattern WRITTEN_URL =
            Pattern.compile("[\"'`](?:https?|wss?)://" + AskedNeighbours.NAME + ":(\\d{2,5})(?=[/\"'`])");
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
    private static final List<String> SPRING = List.of("application.yml", "application.yaml", "application.properties");
    private static final Pattern ROUTE =
            Pattern.compile("\\s*(?:-\\s+|[\\w.-]*routes\\[\\d+]\\.)?uri\\s*[:=]\\s*[\"']?(?:lb:)?(?:https?|wss?)://"
                    + AskedNeighbours.NAME + ":(\\d{2,5})(?:/\\S*?)?[\"']?\\s*(?:#.*)?");
    private static final Pattern MAY_ROUTE =
            Pattern.compile("(?i)SPRING_(?!APPLICATION_NAME|DATASOURCE).*|.*ROUTES.*|JAVA_.*|JDK_.*");
    /** Another document of the file, or an import, may hold for what is started. */
    private static final Pattern PROFILED =
            Pattern.compile("(?m)^---|spring\\.profiles|^[ \\t]*(?:profiles|import|on-profile)\\s*:|config\\.import");

    private static final Pattern HOST =
            Pattern.compile("\\s*(?:-\\s+)?[\"']?(?:host|hostname|address)[\"']?\\s*[:=]\\s*[\"']?"
                    + AskedNeighbours.NAME + "[\"']?\\s*,?");
    private static final Pattern PORT =
            Pattern.compile("\\s*(?:-\\s+)?[\"']?port(?:_value)?[\"']?\\s*[:=]\\s*[\"']?([0-9]{1,5})[\"']?\\s*,?");
    /** Folders of a container that hold a server's configuration, and not code. */
    private static final Pattern CONFIGURED =
            Pattern.compile("(?i)/etc(/.*)?|.*(conf|provision|rules|prometheus|haproxy).*");

    private static final Pattern RUNS =
            Pattern.compile("\\b(npm|npx|yarn|pnpm|pnpx|bun|bunx|deno|node|vite|webpack|ng)\\b");
    private static final Pattern FROM =
            Pattern.compile("(?mi)^[ \\t]*FROM[ \\t][^\\n]*?(?:[ \\t]AS[ \\t]+([\\w.-]+))?[ \\t\\r]*$");

    private final ScannedTree tree;

    ConfiguredNeighbours(ScannedTree tree) {
        this.tree = tree;
    }

    /** Servers of bundlers lead to neighbours by their own configuration, which is code: where a container runs one of them. */
    void bundled(ComposeFile.Service service, Set<String> names, List<Upstream> into) {
        String context = bundler(service);
        if (context == null) {
            return;
        }
        for (String name : BUNDLERS) {
            String file = PathNames.join(context, name);
            if (!(tree.read(file, AskedNeighbours.LARGEST) instanceof Content.Text(String text, String digest))) {
                continue;
            }
            String[] lines = Lines.of(text);
            for (int i = 0; i < lines.length && into.size() < MOST; i++) {
                Matcher url = WRITTEN_URL.matcher(lines[i].strip().startsWith("//") ? "" : lines[i]);
                while (url.find()) {
                    if (names.contains(url.group(1))) {
                        into.add(Upstream.in(
                                file,
                                i + 1,
                                service,
                                url.group(1),
                                Integer.parseInt(url.group(2)),
                                url.group(1) + ":" + url.group(2)));
                    }
                }
            }
        }
    }

    /** rootPath of the folder in which the container may run a bundler's server; null where it runs something else. */
    private @Nullable String bundler(ComposeFile.Service service) {
        ComposeFile.Build build = service.build();
        String own = said(service.entrypoint()) + said(service.command());
        if (build == null) {
            String workdir = service.workingDirectory();
            return workdir == null || !RUNS.matcher(own).find()
                    ? null
                    : service.mounts().stream()
                            .filter(mount -> ContainerPath.resolve("/", mount.target())
                                    .equals(ContainerPath.resolve("/", workdir)))
                            .map(ComposeFile.Mount::sourceInTree)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null);
        }
        String context = build.contextInTree();
        String name = build.dockerfile() == null ? "Dockerfile" : build.dockerfile();
        String text = context != null
                        && tree.read(PathNames.join(context, name), AskedNeighbours.LARGEST)
                                instanceof Content.Text(String read, String digest)
                ? read
                : null;
        if (context == null || text == null || !own.isEmpty()) {
            return own.isEmpty() || RUNS.matcher(own).find() ? context : null;
        }
        // The last stage that is built counts; what others run builds files only.
        Matcher stage = FROM.matcher(text);
        int from = -1;
        int to = text.length();
        while (stage.find()) {
            boolean target = build.target() != null && build.target().equalsIgnoreCase(stage.group(1));
            if (from < 0 || build.target() == null || target) {
                from = stage.end();
                to = text.length();
            } else if (to == text.length()) {
                to = stage.start();
            }
        }
        return from < 0 || RUNS.matcher(text.substring(from, to)).find() ? context : null;
    }

    private static String said(@Nullable Invocation invocation) {
        return invocation == null ? "" : String.join(" ", invocation.words()) + " ";
    }

    /**
     * Where a gateway of Spring leads, by the configuration of the jar that every profile has ({@code uri} of a route). A profile or
     * a variable may say another.
     */
    void routed(ComposeFile.Service service, ComposeFile.Build build, Set<String> names, List<Upstream> into) {
        String context = build.contextInTree();
        boolean moved = service.environment().incomplete() != null
                || Stream.concat(
                                service.environment().known().keySet().stream(),
                                service.environment().unclear().stream())
                        .anyMatch(variable -> MAY_ROUTE.matcher(variable).matches());
        if (context == null || moved) {
            return;
        }
        for (String name : SPRING) {
            String file = PathNames.join(context, "src/main/resources/" + name);
            if (!(tree.read(file, AskedNeighbours.LARGEST) instanceof Content.Text(String text, String digest))
                    || !text.contains("gateway")
                    || PROFILED.matcher(text).find()) {
                continue;
            }
            String[] lines = Lines.of(text);
            for (int i = 0; i < lines.length && into.size() < MOST; i++) {
                Matcher route = ROUTE.matcher(lines[i]);
                if (route.matches() && names.contains(route.group(1))) {
                    String asked = route.group(1) + ":" + route.group(2);
                    into.add(Upstream.in(
                            file, i + 1, service, route.group(1), Integer.parseInt(route.group(2)), "uri " + asked));
                }
            }
        }
    }

    /** Adds what the configuration asks that it mounts; nginx has a reader of its own. */
    void mounted(ComposeFile.Service service, Set<String> names, List<Upstream> into) {
        List<String> files = new ArrayList<>();
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.target().startsWith("/etc/nginx") ? null : mount.sourceInTree();
            boolean file = place != null && tree.look(place) instanceof Place.Here here && here.regular();
            if (place != null
                    && !place.isEmpty()
                    && (file || CONFIGURED.matcher(mount.target()).matches())) {
                list(place, 0, files);
            }
        }
        for (String file : files) {
            if (tree.read(file, AskedNeighbours.LARGEST) instanceof Content.Text(String text, String digest)) {
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
        String[] lines = Lines.of(text);
        for (int i = 0; i < lines.length && into.size() < MOST; i++) {
            apart(service, names, file, lines, i, into);
            Matcher written = WRITTEN.matcher(uncommented(lines[i]));
            while (written.find()) {
                int port = Integer.parseInt(written.group(2));
                boolean url = written.group().contains("://");
                if (names.contains(written.group(1)) && (url || port >= AskedNeighbours.LOWEST_BARE)) {
                    into.add(Upstream.in(file, i + 1, service, written.group(1), port, written.group(1) + ":" + port));
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
                into.add(Upstream.in(
                        file, near + 1, service, host.group(1), Integer.parseInt(port.group(1)), lines[near].strip()));
                return;
            }
        }
    }

    private static String uncommented(@Nullable String line) {
        String text = line == null || line.length() > AskedNeighbours.LARGEST ? "" : line;
        int hash = text.startsWith("#") || text.startsWith("//") || text.startsWith(";") ? 0 : text.indexOf(" #");
        return hash < 0 ? text : text.substring(0, hash);
    }
}
