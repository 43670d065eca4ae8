package dev.panoptes.integrity.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.checks.Checks;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.Dockerfile;
import dev.panoptes.integrity.declared.HostProxy;
import dev.panoptes.integrity.declared.NamedPlaces;
import dev.panoptes.integrity.judging.Scanner;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every place of every project under {@code src/test/projects} and {@code src/test/projects-blind} that names a port of something
 * ends in a verdict: passed, failed or unknown, but never in nothing. Places are found in what was read, and by a search of the
 * texts that knows nothing of the readers.
 */
class NamedPortsTest {
    private static final String CONTAINER = "port-mismatch-compose-container";
    private static final Pattern EXPOSE = Pattern.compile("(?m)^EXPOSE\\s+\\d+(?:/tcp)?\\s*$");
    private static final Pattern FLY = Pattern.compile("(?m)^\\s*internal_port\\s*=\\s*(\\d+)");
    private static final Pattern PROXIED = Pattern.compile(
            "(?m)^[^#\\n"
                    + "]*(?:proxy_pass\\s+https?://|fastcgi_pass\\s+|reverse_proxy\\s+|server\\s+\\w+\\s+)[a-z][\\w-]*:(\\d{4,5})\\b");
    private static final Pattern ASKED =
            Pattern.compile("(?m)^[^#\\n]*(?:curl|wget)[^\\n]*https?://(?:localhost|127\\.0\\.0\\.1):(\\d{2,5})\\b");

    /** A URL, whatever it stands in; the host is looked at afterwards. */
    private static final Pattern NAMED = Pattern.compile(
            "(?m)^(?!\\s*(?:#|//|;|\\*))[^\\n]*?://(?:[^@/\\s\"']*@)?([a-z][\\w-]*):(\\d{2,5})(?![\\w:.-])");

    /** What names nothing of a fleet as it runs. */
    private static final Pattern APART =
            Pattern.compile("(?i)(.*/)?(tests?|docs?|examples?|\\.github)/.*|.*(\\.md|\\.example|[._]test\\.\\w+"
                    + "|\\.test\\.yml|launchSettings\\.json)");

    /** A program's own default of what somebody may set, a listing of callers, and what is only said. */
    private static final Pattern NO_PLACE = Pattern.compile(
            "(?i).*(environ|getenv|process\\.env|env\\.get|env\\(|configuration\\[|\\$\\{|origin|cors|allow|listen|bind|echo|\\bssh\\b|-b ).*");

    @TempDir
    private Path directory;

    private final List<String> silent = new ArrayList<>();
    private int places;

    @Test
    void noPlaceThatNamesAPortIsPassedInSilence() throws IOException, InterruptedException {
        for (String folder : List.of("projects", "projects-blind")) {
            for (Path file : files(folder)) {
                Path root = directory.resolve(
                        folder + "-" + file.getFileName().toString().replace(".txt", ""));
                Map<String, String> texts = write(file, root);
                World world = world(root);
                Map<String, Set<String>> judged = judged(world);
                read(root, world, judged);
                texts.forEach((path, text) -> written(root, path, text, judged));
                Set<String> names = names(world);
                texts.forEach((path, text) -> named(root, path, text, names, judged));
            }
        }
        assertThat(silent).as("of %s places", places).isEmpty();
        assertThat(places).isGreaterThan(1_400);
    }

    /** The subjects of all results, by check. */
    private static Map<String, Set<String>> judged(World world) throws InterruptedException {
        Map<String, Set<String>> judged = new HashMap<>();
        for (Scanner.Judged each : new Scanner(Checks.all(), Duration.ofMinutes(2)).scan(world)) {
            judged.computeIfAbsent(each.check().id(), check -> new HashSet<>())
                    .add(each.result().subject());
        }
        return judged;
    }

    private void place(Path root, Map<String, Set<String>> judged, String check, String subject) {
        places++;
        if (!judged.getOrDefault(check, Set.of()).contains(subject)) {
            silent.add(root.getFileName() + ": " + check + " " + subject);
        }
    }

    private void read(Path root, World world, Map<String, Set<String>> judged) {
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return;
        }
        for (ComposeFile file : declarations.composeFiles()) {
            for (ComposeFile.Service service : file.services()) {
                boolean published = service.ports().stream()
                        .anyMatch(port ->
                                port.protocol().equals("tcp") && port.file().equals(service.file()));
                boolean started = service.build() != null || service.image() != null;
                if (published && started && !service.hostNetwork() && file.holds(service.file())) {
                    place(root, judged, CONTAINER, service.id());
                }
                if (service.healthcheck() != null
                        && file.holds(service.healthcheck().file())) {
                    place(root, judged, "port-mismatch-compose-healthcheck", service.id());
                }
            }
            file.project()
                    .upstreams()
                    .forEach(asked -> place(
                            root,
                            judged,
                            "compose-neighbour",
                            asked.service() + "-" + asked.host() + "-" + asked.port()));
        }
        for (Dockerfile dockerfile : declarations.dockerfiles()) {
            if (dockerfile.exposed().stream().anyMatch(each -> each.protocol().equals("tcp"))) {
                place(root, judged, "exposed-port", dockerfile.rootPath());
            }
        }
        for (HostProxy proxy : declarations.proxies()) {
            proxy.asked().forEach(asked -> place(root, judged, "proxy-asks-nobody", proxy.file() + "#" + asked.port()));
        }
        declarations.mentions().named().places().stream()
                .filter(place -> !place.isLocal() && !place.variable().equals(NamedPlaces.PORT))
                .forEach(place ->
                        place(root, judged, "named-port", place.file() + "#" + place.host() + ":" + place.port()));
        declarations
                .mentions()
                .local()
                .forEach(asked -> place(root, judged, "asked-port", asked.file() + "#" + asked.port()));
    }

    /** A search of the text alone. */
    private void written(Path root, String path, String text, Map<String, Set<String>> judged) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        // What is vendored is nobody's; this file is mounted by a misspelled name, which is told, and so belongs to
        // nothing.
        if (Pattern.compile("(^|/)(vendor|testdata|node_modules)/")
                        .matcher(path)
                        .find()
                || (root + "/" + path).endsWith("135-missing-mounts/nginx/nginx.conf")) {
            return;
        }
        if (name.matches("(.*\\.)?Dockerfile(\\..*)?") && EXPOSE.matcher(text).find()) {
            place(root, judged, "exposed-port", path);
        }
        for (Matcher port = FLY.matcher(name.equals("fly.toml") ? text : ""); port.find(); ) {
            place(root, judged, "fly-port", path + "#" + port.group(1));
        }
        boolean proxy = name.endsWith(".conf") || name.equals("Caddyfile") || name.endsWith(".cfg");
        for (Matcher port = PROXIED.matcher(proxy ? text : ""); port.find(); ) {
            somewhere(root, path, port.group(1), judged);
        }
        for (Matcher port = ASKED.matcher(name.endsWith(".sh") || name.equals("Makefile") ? text : ""); port.find(); ) {
            somewhere(root, path, port.group(1), judged);
        }
    }

    /** The services of compose, and this machine. */
    private static Set<String> names(World world) {
        Set<String> names = new HashSet<>(Set.of("localhost"));
        Declarations declarations = world.declarations();
        if (declarations != null) {
            declarations.composeFiles().stream()
                    .flatMap(file -> file.services().stream())
                    .forEach(service -> names.add(service.name()));
        }
        return names;
    }

    /** A search that knows no format at all: some check has judged the port. */
    private void named(Path root, String path, String text, Set<String> names, Map<String, Set<String>> judged) {
        if (APART.matcher(path).matches()
                || Pattern.compile("(?m)^agents:").matcher(text).find()) {
            return;
        }
        for (Matcher url = NAMED.matcher(text); url.find(); ) {
            String port = url.group(2);
            if (names.contains(url.group(1)) && !NO_PLACE.matcher(url.group()).matches()) {
                places++;
                boolean any = judged.values().stream()
                        .flatMap(Set::stream)
                        .anyMatch(subject -> subject.endsWith("-" + port)
                                || subject.endsWith("#" + port)
                                || subject.endsWith(":" + port));
                // A health check is judged by its container, and the machine's own Redis is none of the fleet.
                boolean local = url.group(1).equals("localhost");
                boolean asked = local
                        && Stream.of("healthcheck-port", "port-mismatch-compose-healthcheck")
                                .flatMap(check -> judged.getOrDefault(check, Set.of()).stream())
                                .anyMatch(subject -> path.endsWith("Dockerfile") || subject.startsWith(path + "#"));
                if (!any && !asked && !(local && port.equals("6379"))) {
                    silent.add(root.getFileName() + ": " + path + " names " + url.group(1) + ":" + port);
                }
            }
        }
    }

    private void somewhere(Path root, String path, String port, Map<String, Set<String>> judged) {
        places++;
        boolean any = Stream.of("compose-neighbour", "proxy-asks-nobody", "asked-port", "healthcheck-port")
                .flatMap(check -> judged.getOrDefault(check, Set.of()).stream())
                .anyMatch(subject -> subject.endsWith("-" + port) || subject.endsWith("#" + port));
        if (!any) {
            silent.add(root.getFileName() + ": " + path + " names " + port);
        }
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("basedir", "."), "src/test/" + folder))) {
            return files.sorted().toList();
        }
    }

    private static Map<String, String> write(Path file, Path root) throws IOException {
        Files.createDirectories(root.resolve(".git"));
        Map<String, String> texts = new HashMap<>();
        String path = null;
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(">>> ")) {
                put(root, path, text, texts);
                path = line.substring(4).strip();
                text.setLength(0);
            } else if (path != null) {
                text.append(line).append('\n');
            }
        }
        put(root, path, text, texts);
        return texts;
    }

    private static void put(Path root, @Nullable String path, StringBuilder text, Map<String, String> texts)
            throws IOException {
        if (path != null) {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), text);
            texts.put(path, text.toString());
        }
    }

    private static World world(Path root) throws InterruptedException {
        Path registry = Stream.of("agent-registry.yaml", "config/agent-registry.yaml", "agents.yaml")
                .map(root::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElse(root.resolve("agent-registry.yaml"));
        ScanRequest request = OfflineRequest.of(root, registry);
        Scan scan = new Scan(
                Checks.all(), InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")), new SplittableRandom(1));
        ScanOutcome outcome = Files.exists(registry) ? scan.run(request) : scan.runWithoutRegistry(request);
        if (outcome instanceof ScanOutcome.Completed(var report, World world)) {
            return world;
        }
        throw new AssertionError("the scan of " + root.getFileName() + " was refused: " + outcome);
    }
}
