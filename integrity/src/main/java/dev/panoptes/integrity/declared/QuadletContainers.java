package dev.panoptes.integrity.declared;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.command.Dollar;
import dev.panoptes.integrity.declared.UnitSettings.Setting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** What the {@code [Container]} section of a quadlet says of the container (podman-systemd.unit(5), "Container units"). */
final class QuadletContainers {
    private static final int LARGEST_ENVIRONMENT = 1 << 20;

    private final ScannedTree tree;
    private final DeployedPaths paths;
    private final Map<String, Quadlet> builds;
    private final BinaryOperator<@Nullable String> place;

    /**
     * @param builds {@code .build} files by path
     * @param place where the quadlet of a name lies that one of a folder names
     */
    QuadletContainers(
            ScannedTree tree,
            DeployedPaths paths,
            Map<String, Quadlet> builds,
            BinaryOperator<@Nullable String> place) {
        this.tree = tree;
        this.paths = paths;
        this.builds = builds;
        this.place = place;
    }

    /** @param ports those that it publishes itself; @param host true where its network is the host's */
    ComposeFile.Service read(Quadlet quadlet, List<ComposeFile.Published> ports, boolean host) {
        Setting image = quadlet.last("Image").orElse(null);
        Invocation entrypoint = quadlet.words("Entrypoint");
        String directory = quadlet.last("WorkingDir")
                .map(setting -> quadlet.filled(setting.value()))
                .filter(Quadlet.Text::known)
                .map(Quadlet.Text::value)
                .orElse(null);
        return new ComposeFile.Service(
                quadlet.unit(),
                quadlet.file(),
                quadlet.line(),
                host ? List.of() : ports,
                List.of(),
                host,
                null,
                image == null ? null : image.value(),
                image == null ? null : build(quadlet, image),
                entrypoint,
                quadlet.words("Exec"),
                directory,
                null,
                environment(quadlet),
                mounts(quadlet),
                new ComposeFile.Details(
                        1, names(quadlet), false, List.of(), null, 0, List.of(), false, List.of(), Set.of()));
    }

    /** What others call it on its networks: its name, which is {@code systemd-%N} unless it is said, and its aliases. */
    private static List<String> names(Quadlet quadlet) {
        List<String> names = new ArrayList<>();
        names.add(quadlet.last("ContainerName")
                .map(setting -> UnitWords.specifiers(setting.value(), quadlet.unit() + ".service"))
                .orElse("systemd-" + quadlet.unit()));
        quadlet.all("NetworkAlias").forEach(setting -> names.add(setting.value()));
        quadlet.last("HostName").ifPresent(setting -> names.add(setting.value()));
        return names;
    }

    private ComposeFile.@Nullable Build build(Quadlet quadlet, Setting image) {
        if (!image.value().endsWith(".build")) {
            return null;
        }
        String file = place.apply(image.value(), quadlet.folder());
        Quadlet build = file == null ? null : builds.get(file);
        if (build == null) {
            return unclear(quadlet, image, "the file " + image.value() + " that builds it is not read");
        }
        String dockerfile = build.last("File").map(Setting::value).orElse(null);
        String set = build.last("SetWorkingDirectory").map(Setting::value).orElse(null);
        boolean remote = dockerfile != null && dockerfile.contains("://");
        if (remote || (dockerfile != null && dockerfile.contains("%"))) {
            return unclear(quadlet, image, "its Containerfile is not in the scanned tree");
        }
        String context;
        String inside = dockerfile;
        if (set == null || set.equals("file")) {
            int slash = dockerfile == null ? -1 : dockerfile.lastIndexOf('/');
            context = slash < 0 || dockerfile == null ? "." : dockerfile.substring(0, slash);
            inside = dockerfile == null ? null : dockerfile.substring(slash + 1);
        } else {
            context = set.equals("unit") ? "." : set;
        }
        if (context.contains("%") || context.contains("$")) {
            return unclear(quadlet, image, "the folder that it is built in is computed");
        }
        return new ComposeFile.Build(
                context,
                null,
                inside,
                null,
                null,
                build.last("Target").map(Setting::value).orElse(null),
                Map.of(),
                Set.of(),
                build.folder(),
                build.file(),
                build.line());
    }

    private static ComposeFile.Build unclear(Quadlet quadlet, Setting image, String reason) {
        return new ComposeFile.Build(
                ".",
                reason,
                null,
                null,
                null,
                null,
                Map.of(),
                Set.of(),
                quadlet.folder(),
                quadlet.file(),
                image.line());
    }

    private ComposeFile.Environment environment(Quadlet quadlet) {
        Map<String, String> known = new HashMap<>();
        Set<String> unclear = new HashSet<>();
        String incomplete = quadlet.last("EnvironmentHost")
                .filter(setting -> ParsedUnit.isTrue(setting.value()))
                .map(setting -> "the host's environment is passed to it")
                .orElse(null);
        for (Setting setting : quadlet.all("EnvironmentFile")) {
            Map<String, String> read = environmentFile(quadlet, setting.value());
            if (read == null) {
                incomplete =
                        "its environment file " + TreePaths.shortened(setting.value()) + " is not in the scanned tree";
            } else {
                known.putAll(read);
            }
        }
        for (Setting setting : quadlet.all("Environment")) {
            for (String word : UnitWords.split(setting.value())) {
                int end = Dollar.nameEnd(word, 0);
                if (end == 0) {
                    continue;
                }
                String name = word.substring(0, end);
                Quadlet.Text value = word.startsWith("=", end)
                        ? quadlet.filled(word.substring(end + 1))
                        : new Quadlet.Text("", Set.of(name));
                known.remove(name);
                unclear.remove(name);
                if (value.known()) {
                    known.put(name, value.value());
                } else {
                    unclear.add(name);
                }
            }
        }
        return new ComposeFile.Environment(known, unclear, incomplete);
    }

    /** Relative to the quadlet; null where it cannot be read. */
    private @Nullable Map<String, String> environmentFile(Quadlet quadlet, String written) {
        String path = ParsedUnit.withoutDash(UnitWords.specifiers(written, quadlet.unit() + ".service"));
        DeployedPath located;
        if (path.startsWith("/") || path.startsWith("%")) {
            located = paths.locate(path);
        } else {
            String rootPath = HostProcessReader.below(quadlet.folder(), path);
            located = rootPath == null ? new DeployedPath.Outside() : paths.below(rootPath);
        }
        return located instanceof DeployedPath.Below(String rootPath, boolean exists, boolean folder)
                        && exists
                        && !folder
                        && tree.read(rootPath, LARGEST_ENVIRONMENT) instanceof Content.Text text
                ? EnvironmentFile.parse(text.text())
                : null;
    }

    private static List<ComposeFile.Mount> mounts(Quadlet quadlet) {
        List<ComposeFile.Mount> mounts = new ArrayList<>();
        for (Setting setting : quadlet.all("Volume")) {
            String[] parts = setting.value().split(":", 3);
            if (parts.length >= 2 && parts[1].startsWith("/")) {
                boolean path = parts[0].startsWith(".") || parts[0].startsWith("/");
                mounts.add(new ComposeFile.Mount(path ? parts[0] : null, parts[1], quadlet.folder()));
            }
        }
        return mounts;
    }
}
